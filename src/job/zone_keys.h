/*
 * zone_keys.h: the job's keys about zones.
 */
#ifndef LU_JOB_ZONE_KEYS_H
#define LU_JOB_ZONE_KEYS_H

#include "base/yaml.h"

struct lu_zone_keys {
	char *path; /* NULL: no zones */
	char *name; /* the field with the zones' names */
	char *layer, *where;
};

/* Set what the mapping at 'at' (may be absent) says. Release also after a failure. */
enum lu_status lu_zone_keys_read(struct lu_yaml_at at, struct lu_zone_keys *keys, struct lu_error *err);
void lu_zone_keys_release(struct lu_zone_keys *keys);

#endif
