/*
 * county.h: a small drawn county in a scratch folder, and what a command's test asks of its outputs.
 *
 * All paths are relative to the folder 'county_folder', of which the last 64 made by in_county stay valid.
 */
#ifndef LU_TESTS_COUNTY_H
#define LU_TESTS_COUNTY_H

#include <jansson.h>
#include <unistd.h>

#include <gdal.h>

#include "base/file.h"
#include "support/check.h"
#include "support/near.h"

static char county_folder[64];

static inline const char *in_county(const char *name)
{
	static char paths[64][200];
	static int next;

	next = (next + 1) % 64;
	snprintf(paths[next], sizeof(paths[next]), "%s/%s", county_folder, name);
	return paths[next];
}

/* Let the generator draw below the folder: 'options' are those of sample-county, the folder's name last. */
static inline void county_draw(const char *options)
{
	char command[600];

	snprintf(command, sizeof(command), "cd %s && %s -q %s", county_folder, SAMPLE_COUNTY, options);
	assert_int_equal(system(command), 0);
}

static inline int county_set_up(void **state)
{
	(void)state;
	make_scratch(county_folder);
	return 0;
}

static inline int county_tear_down(void **state)
{
	char command[96];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", county_folder);
	return system(command);
}

static inline void county_write(const char *name, const char *text)
{
	struct lu_error err = {0};

	check_ok(lu_file_write(in_county(name), text, strlen(text), &err), err);
}

static inline bool county_has(const char *name)
{
	return access(in_county(name), F_OK) == 0;
}

/* A file as text; free it. */
static inline char *county_read(const char *name)
{
	FILE *file = fopen(in_county(name), "rb");

	assert_non_null(file);
	assert_int_equal(fseek(file, 0, SEEK_END), 0);
	const size_t size = (size_t)ftell(file);
	char *bytes = calloc(size + 1, 1);
	assert_non_null(bytes);
	rewind(file);
	assert_int_equal(fread(bytes, 1, size, file), size);
	fclose(file);
	return bytes;
}

/* json_decref it. */
static inline json_t *county_json(const char *name)
{
	json_error_t fault;
	json_t *root = json_load_file(in_county(name), 0, &fault);

	if (root == NULL)
		fail_msg("%s: %s", name, fault.text);
	return root;
}

/* 'path' as in "dates.0.classes": members by name, elements by number. */
static inline json_t *json_at(const json_t *root, const char *path)
{
	const json_t *at = root;
	char part[64];

	while (*path != '\0') {
		const size_t length = strcspn(path, ".");
		snprintf(part, sizeof(part), "%.*s", (int)length, path);
		at = json_is_array(at) ? json_array_get(at, strtoul(part, NULL, 10)) : json_object_get(at, part);
		if (at == NULL)
			fail_msg("no '%s'", part);
		path += length + (path[length] == '.');
	}
	return (json_t *)(uintptr_t)at;
}

static inline double number_at(const json_t *root, const char *path)
{
	const json_t *at = json_at(root, path);

	assert_true(json_is_number(at));
	return json_number_value(at);
}

/* How often each value of a byte raster occurs, as GDAL reads it. */
static inline void county_count(const char *name, uint64_t counts[256])
{
	const GDALDatasetH set = GDALOpen(in_county(name), GA_ReadOnly);
	int width, height;

	memset(counts, 0, 256 * sizeof(counts[0]));
	assert_non_null(set);
	width = GDALGetRasterXSize(set);
	height = GDALGetRasterYSize(set);
	uint8_t *cells = malloc((size_t)width * (size_t)height);
	assert_non_null(cells);
	assert_int_equal(GDALRasterIO(GDALGetRasterBand(set, 1), GF_Read, 0, 0, width, height, cells, width, height,
				      GDT_Byte, 0, 0),
			 CE_None);
	for (size_t i = 0; i < (size_t)width * (size_t)height; i++)
		counts[cells[i]]++;
	free(cells);
	GDALClose(set);
}

#endif
