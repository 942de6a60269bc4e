/* zone_keys.c: the table of keys under 'zones'. */
#include "job/zone_keys.h"

#include "base/memory.h"

enum lu_status lu_zone_keys_read(struct lu_yaml_at at, struct lu_zone_keys *keys, struct lu_error *err)
{
	static const struct lu_yaml_key known[] = {{"path", true}, {"name", true}, {"layer", false}, {"where", false}};
	enum { COUNT = sizeof(known) / sizeof(known[0]) };
	char **const texts[COUNT] = {&keys->path, &keys->name, &keys->layer, &keys->where};
	struct lu_yaml_at value[COUNT];

	*keys = (struct lu_zone_keys){0};
	if (at.node == 0)
		return LU_OK;
	enum lu_status status = lu_yaml_map(at, "'zones'", known, COUNT, value, err);
	for (size_t i = 0; i < COUNT && status == LU_OK; i++)
		status = lu_yaml_text(value[i], known[i].name, texts[i], err);
	return status;
}

void lu_zone_keys_release(struct lu_zone_keys *keys)
{
	lu_free(keys->path);
	lu_free(keys->name);
	lu_free(keys->layer);
	lu_free(keys->where);
	*keys = (struct lu_zone_keys){0};
}
