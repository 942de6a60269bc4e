/*
 * drawn_sample.h: a sample as landuse sample writes it, with a row for each label and one stratum of one class.
 */
#ifndef LU_TESTS_DRAWN_SAMPLE_H
#define LU_TESTS_DRAWN_SAMPLE_H

#include "accuracy/sample_file.h"
#include "raster/vector.h"
#include "support/check.h"

struct drawn {
	const char *const *labels; /* NULL: this one has none */
	size_t count;
	const char *date, *later, *scheme;
	int64_t class;
	double area_ha;
	bool flags;
};

static void add_drawn(struct lu_vector_writer *writer, struct lu_vector_value first, struct lu_vector_value second)
{
	struct lu_error err = {0};

	check_ok(lu_vector_add(writer, NULL, (struct lu_vector_value[]){first, second}, &err), err);
}

static void add_fact(struct lu_vector_writer *writer, const char *fact, const char *value)
{
	if (value != NULL)
		add_drawn(writer, lu_vector_text(fact), lu_vector_text(value));
}

static void write_drawn(const char *path, const struct drawn *drawn)
{
	static const struct lu_vector_field row[] = {{"reference", LU_VECTOR_TEXT}, {"stratum", LU_VECTOR_INTEGER}},
					    stratum[] = {{"stratum", LU_VECTOR_INTEGER}, {"area_ha", LU_VECTOR_REAL}},
					    class[] = {{"class", LU_VECTOR_INTEGER}, {"stratum", LU_VECTOR_INTEGER}},
					    fact[] = {{"fact", LU_VECTOR_TEXT}, {"value", LU_VECTOR_TEXT}};
	struct lu_vector_writer *writer;
	struct lu_error err = {0};

	check_ok(lu_vector_create(path, &writer, &err), err);
	check_ok(lu_vector_layer(writer, LU_SAMPLE_LAYER, NULL, row, 2, &err), err);
	for (size_t i = 0; i < drawn->count; i++)
		add_drawn(writer, lu_vector_text(drawn->labels[i]), lu_vector_integer(1));
	check_ok(lu_vector_layer(writer, LU_SAMPLE_DESIGN, NULL, stratum, 2, &err), err);
	add_drawn(writer, lu_vector_integer(1), lu_vector_real(drawn->area_ha));
	check_ok(lu_vector_layer(writer, LU_SAMPLE_CLASSES, NULL, class, 2, &err), err);
	add_drawn(writer, lu_vector_integer(drawn->class), lu_vector_integer(1));
	check_ok(lu_vector_layer(writer, LU_SAMPLE_FACTS, NULL, fact, 2, &err), err);
	add_fact(writer, "strata", drawn->later != NULL ? "change" : "class");
	add_fact(writer, LU_SAMPLE_DATE, drawn->date);
	add_fact(writer, LU_SAMPLE_DATE_LATER, drawn->later);
	add_fact(writer, LU_SAMPLE_SCHEME, drawn->scheme);
	add_fact(writer, LU_SAMPLE_OF, drawn->flags ? LU_SAMPLE_OF_FLAGS : NULL);
	check_ok(lu_vector_finish(writer, &err), err);
	lu_vector_drop(writer);
}

#endif
