/* stack.c: a netCDF file by GDAL's multidimensional interface. See stack.h. */
#include "raster/stack.h"

#include <cpl_string.h>
#include <gdal.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/text_stream.h"
#include "raster/osr.h"
#include "raster/start.h"
#include "raster/trap.h"

enum { BLOCK = 256, NOT_MAPPED_PERCENT = 255 };

bool lu_stack_possible(void)
{
	lu_raster_start(0);
	const GDALDriverH driver = GDALGetDriverByName("netCDF");

	return driver != NULL && GDALGetMetadataItem(driver, GDAL_DCAP_CREATE_MULTIDIMENSIONAL, NULL) != NULL;
}

enum { TIME, Y, X, DIMENSIONS };

struct stack {
	const struct lu_stack_spec *spec;
	const char *path;
	struct lu_trap trap;
	GDALDatasetH dataset;
	GDALGroupH root;
	GDALDimensionH dimensions[DIMENSIONS];
	GDALExtendedDataTypeH number, byte, text;
	void *crs; /* OGRSpatialReferenceH */
};

static enum lu_status fail(struct stack *stack, struct lu_error *err)
{
	return lu_fail(err, LU_ERROR_IO, "%s: cannot be written: %s", stack->path,
		       lu_trap_text(&stack->trap, "unknown reason"));
}

static bool add_text(struct stack *stack, GDALMDArrayH array, const char *name, const char *value)
{
	GDALAttributeH attribute = array != NULL
					   ? GDALMDArrayCreateAttribute(array, name, 0, NULL, stack->text, NULL)
					   : GDALGroupCreateAttribute(stack->root, name, 0, NULL, stack->text, NULL);
	const bool written = attribute != NULL && GDALAttributeWriteString(attribute, value);

	GDALAttributeRelease(attribute);
	return written;
}

/* A variable along one dimension. */
static enum lu_status add_axis(struct stack *stack, const char *name, int dimension, const double *values,
			       GDALMDArrayH *out, struct lu_error *err)
{
	const GUInt64 start = 0;
	const size_t count = (size_t)GDALDimensionGetSize(stack->dimensions[dimension]);

	*out = GDALGroupCreateMDArray(stack->root, name, 1, &stack->dimensions[dimension], stack->number, NULL);
	if (*out == NULL ||
	    !GDALMDArrayWrite(*out, &start, &count, NULL, NULL, stack->number, values, values, count * sizeof(*values)))
		return fail(stack, err);
	return LU_OK;
}

/* The centres of the cells along y or x; what they are is told with the CRS. */
static enum lu_status add_places(struct stack *stack, const char *name, int dimension, double first, double step,
				 int64_t count, struct lu_error *err)
{
	GDALMDArrayH axis = NULL;
	double *values = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, (size_t)count, sizeof(*values), "an axis", err));
	for (int64_t i = 0; i < count; i++)
		values[i] = first + step * ((double)i + 0.5);
	LU_TRY(add_axis(stack, name, dimension, values, &axis, err));
out:
	GDALMDArrayRelease(axis);
	lu_free(values);
	return status;
}

static enum lu_status add_times(struct stack *stack, struct lu_error *err)
{
	const struct lu_stack_spec *spec = stack->spec;
	const GUInt64 start = 0;
	GDALMDArrayH axis = NULL, labels = NULL;
	double *values = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&values, spec->dates, sizeof(*values), "an axis", err));
	for (size_t i = 0; i < spec->dates; i++)
		values[i] = spec->days != NULL ? spec->days[i] : (double)i;
	LU_TRY(add_axis(stack, "time", TIME, values, &axis, err));
	if (spec->days != NULL)
		LU_TRY(add_text(stack, axis, "standard_name", "time") &&
				       add_text(stack, axis, "units", "days since 1970-01-01") &&
				       add_text(stack, axis, "calendar", "standard")
			       ? LU_OK
			       : fail(stack, err));
	labels = GDALGroupCreateMDArray(stack->root, "date", 1, &stack->dimensions[TIME], stack->text, NULL);
	if (labels == NULL ||
	    !GDALMDArrayWrite(labels, &start, &spec->dates, NULL, NULL, stack->text, spec->labels, spec->labels,
			      spec->dates * sizeof(*spec->labels)) ||
	    !add_text(stack, labels, "long_name", "the date as the job calls it"))
		status = fail(stack, err);
out:
	GDALMDArrayRelease(labels);
	GDALMDArrayRelease(axis);
	lu_free(values);
	return status;
}

static enum lu_status begin(struct stack *stack, const char *temporary, struct lu_error *err)
{
	static const char *const format[] = {"FORMAT=NC4", NULL};
	const struct lu_stack_spec *spec = stack->spec;
	const double *t = spec->frame->transform;
	enum lu_status status;

	stack->number = GDALExtendedDataTypeCreate(GDT_Float64);
	stack->byte = GDALExtendedDataTypeCreate(GDT_Byte);
	stack->text = GDALExtendedDataTypeCreateString(0);
	LU_TRY(lu_osr_import(spec->frame->crs_wkt, &stack->crs, err));
	stack->dataset = GDALCreateMultiDimensional(GDALGetDriverByName("netCDF"), temporary, NULL,
						    (CSLConstList)(uintptr_t)format);
	stack->root = stack->dataset != NULL ? GDALDatasetGetRootGroup(stack->dataset) : NULL;
	if (stack->root == NULL)
		return fail(stack, err);
	const struct {
		const char *name, *type, *direction;
		int64_t size;
	} axes[DIMENSIONS] = {[TIME] = {"time", "TEMPORAL", NULL, (int64_t)spec->dates},
			      [Y] = {"y", "HORIZONTAL_Y", "NORTH", spec->frame->height},
			      [X] = {"x", "HORIZONTAL_X", "EAST", spec->frame->width}};
	for (int i = 0; i < DIMENSIONS; i++) {
		stack->dimensions[i] = GDALGroupCreateDimension(stack->root, axes[i].name, axes[i].type,
								axes[i].direction, (GUInt64)axes[i].size, NULL);
		if (stack->dimensions[i] == NULL)
			return fail(stack, err);
	}
	LU_TRY(add_times(stack, err));
	LU_TRY(add_places(stack, "y", Y, t[3], t[5], spec->frame->height, err));
	LU_TRY(add_places(stack, "x", X, t[0], t[1], spec->frame->width, err));
	if (!add_text(stack, NULL, "title", spec->title) || !add_text(stack, NULL, "source", spec->source))
		status = fail(stack, err);
out:
	return status;
}

/* A variable of (time, y, x), in blocks of a date. */
static enum lu_status add_variable(struct stack *stack, const char *name, const char *words, int fill,
				   GDALMDArrayH *out, struct lu_error *err)
{
	const struct lu_frame *frame = stack->spec->frame;
	char block[64];
	const char *const options[] = {"COMPRESS=DEFLATE", "ZLEVEL=5", block, NULL};

	snprintf(block, sizeof(block), "BLOCKSIZE=1,%d,%d", (int)(frame->height < BLOCK ? frame->height : BLOCK),
		 (int)(frame->width < BLOCK ? frame->width : BLOCK));
	*out = GDALGroupCreateMDArray(stack->root, name, DIMENSIONS, stack->dimensions, stack->byte,
				      (CSLConstList)(uintptr_t)options);
	if (*out == NULL || !GDALMDArraySetSpatialRef(*out, stack->crs) ||
	    !GDALMDArraySetNoDataValueAsDouble(*out, fill) || !add_text(stack, *out, "long_name", words))
		return fail(stack, err);
	return LU_OK;
}

/* Names of classes as words of a list. */
static enum lu_status add_flags(struct stack *stack, GDALMDArrayH array, struct lu_error *err)
{
	const struct lu_stack_spec *spec = stack->spec;
	const GUInt64 count = spec->class_count;
	struct lu_text_stream stream;
	GDALAttributeH attribute = NULL;
	uint8_t values[256];
	char *meanings = NULL;
	enum lu_status status;

	LU_TRY(lu_text_begin(&stream, "classes", err));
	for (size_t i = 0; i < spec->class_count; i++) {
		values[i] = (uint8_t)spec->classes[i].value;
		fputs(i > 0 ? " " : "", stream.to);
		for (const char *c = spec->classes[i].name; *c != '\0'; c++)
			fputc((unsigned char)*c <= ' ' ? '_' : *c, stream.to);
	}
	LU_TRY(lu_text_finish(&stream, &meanings, err));
	attribute = GDALMDArrayCreateAttribute(array, "flag_values", 1, &count, stack->byte, NULL);
	if (attribute == NULL || !GDALAttributeWriteRaw(attribute, values, spec->class_count) ||
	    !add_text(stack, array, "flag_meanings", meanings))
		status = fail(stack, err);
out:
	GDALAttributeRelease(attribute);
	lu_free(meanings);
	return status;
}

static enum lu_status write_rows(struct stack *stack, GDALMDArrayH landuse, GDALMDArrayH confidence, lu_stack_rows read,
				 void *user, struct lu_error *err)
{
	const struct lu_frame *frame = stack->spec->frame;
	const size_t room = (size_t)frame->width * BLOCK;
	uint8_t *classes = NULL, *percent = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&classes, room, 1, "rows", err));
	LU_TRY(lu_alloc(&percent, room, 1, "rows", err));
	for (size_t d = 0; d < stack->spec->dates; d++)
		for (int64_t row = 0; row < frame->height; row += BLOCK) {
			const int64_t rows = frame->height - row < BLOCK ? frame->height - row : BLOCK;
			const GUInt64 start[] = {d, (GUInt64)row, 0};
			const size_t count[] = {1, (size_t)rows, (size_t)frame->width};
			LU_TRY(read(user, d, row, rows, classes, percent, err));
			if (!GDALMDArrayWrite(landuse, start, count, NULL, NULL, stack->byte, classes, classes, room) ||
			    !GDALMDArrayWrite(confidence, start, count, NULL, NULL, stack->byte, percent, percent,
					      room))
				LU_TRY(fail(stack, err));
		}
out:
	lu_free(classes);
	lu_free(percent);
	return status;
}

static enum lu_status write_all(struct stack *stack, const char *temporary, lu_stack_rows read, void *user,
				struct lu_error *err)
{
	GDALMDArrayH landuse = NULL, confidence = NULL;
	enum lu_status status;

	LU_TRY(begin(stack, temporary, err));
	LU_TRY(add_variable(stack, "landuse", "land use class", 0, &landuse, err));
	LU_TRY(add_flags(stack, landuse, err));
	LU_TRY(add_variable(stack, "confidence", "the model's probability of the class", NOT_MAPPED_PERCENT,
			    &confidence, err));
	LU_TRY(add_text(stack, confidence, "units", "percent") ? LU_OK : fail(stack, err));
	LU_TRY(write_rows(stack, landuse, confidence, read, user, err));
out:
	GDALMDArrayRelease(landuse);
	GDALMDArrayRelease(confidence);
	return status;
}

static void release(struct stack *stack)
{
	for (int i = 0; i < DIMENSIONS; i++)
		if (stack->dimensions[i] != NULL)
			GDALDimensionRelease(stack->dimensions[i]);
	if (stack->root != NULL)
		GDALGroupRelease(stack->root);
	/* The last of it goes out with the closing. */
	if (stack->dataset != NULL)
		GDALClose(stack->dataset);
	GDALExtendedDataTypeRelease(stack->number);
	GDALExtendedDataTypeRelease(stack->byte);
	GDALExtendedDataTypeRelease(stack->text);
	lu_osr_free(stack->crs);
}

enum lu_status lu_stack_write(const char *path, const struct lu_stack_spec *spec, lu_stack_rows read, void *user,
			      struct lu_error *err)
{
	struct stack stack = {.spec = spec, .path = path};
	const double *t = spec->frame->transform;
	char *temporary = NULL;
	enum lu_status status;

	if (!lu_stack_possible())
		return lu_fail(err, LU_ERROR_UNSUPPORTED, "%s: this GDAL writes no netCDF", path);
	if (t[2] != 0 || t[4] != 0 || spec->class_count > 256)
		return lu_fail(err, LU_ERROR_UNSUPPORTED,
			       "%s: a rotated grid has no axes for netCDF (grid: {crs: ...})", path);
	lu_trap_set(&stack.trap);
	temporary = lu_file_temporary(path);
	LU_TRY(temporary != NULL ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	status = write_all(&stack, temporary, read, user, err);
	release(&stack);
	if (status == LU_OK && stack.trap.failed)
		status = fail(&stack, err);
	if (status == LU_OK)
		status = lu_file_commit(temporary, path, err);
	else
		unlink(temporary);
out:
	lu_free(temporary);
	lu_trap_drop(&stack.trap);
	return status;
}
