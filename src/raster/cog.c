/*
 * cog.c: is a file a Cloud Optimized GeoTIFF? See cog.h.
 *
 *   | header | ghost area | main IFD | overview IFDs, large to small | small data ... large data | main data |
 *
 * The ghost area is GDAL's note about the layout; it may stand between the header and the first
 * directory and says how long it is itself.
 */
#include "raster/cog.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "base/file.h"
#include "base/memory.h"
#include "raster/tiff.h"
#include "raster/vsi.h"

/* A file may be stripped up to this size. */
#define SMALL 512

/* A directory as far as the rules care. */
struct directory {
	uint64_t offset;
	uint32_t width, height;
	bool tiled, overview, mask;
	uint64_t data; /* offset of its first block; 0 when it has none */
};

struct judgement {
	struct directory *directories;
	size_t count;
	char text[800]; /* broken rules so far */
};

static void broken(struct judgement *judgement, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void broken(struct judgement *judgement, const char *format, ...)
{
	const size_t used = strlen(judgement->text);
	const char *separator = used > 0 ? "; " : "";
	va_list arguments;
	char line[200];

	va_start(arguments, format);
	vsnprintf(line, sizeof(line), format, arguments);
	va_end(arguments);
	snprintf(judgement->text + used, sizeof(judgement->text) - used, "%s%s", separator, line);
}

/* The first offset at which a directory may stand: after the header and GDAL's ghost area. 0: not a TIFF. */
static uint64_t expected_first_directory(const char *path)
{
	static const char ghost[] = "GDAL_STRUCTURAL_METADATA_SIZE=";
	unsigned char start[96] = {0};
	uint64_t offset;
	bool big;
	FILE *file = fopen(path, "rb");

	if (file == NULL)
		return 0;
	if (fread(start, 1, sizeof(start) - 1, file) < 16)
		start[0] = 0;
	fclose(file);
	if (memcmp(start, "II", 2) != 0 && memcmp(start, "MM", 2) != 0)
		return 0;
	big = (start[0] == 'I' ? start[2] : start[3]) == 43;
	offset = big ? 16 : 8;
	if (memcmp(start + offset, ghost, strlen(ghost)) == 0) {
		/* "GDAL_STRUCTURAL_METADATA_SIZE=000140 bytes\n" and then as many bytes. */
		const char *number = (const char *)start + offset + strlen(ghost);

		offset += strlen(ghost) + strlen("000140 bytes\n") + strtoul(number, NULL, 10);
		/* Directories begin on even offsets. */
		offset += offset % 2;
	}
	return offset;
}

static uint64_t first_block(TIFF *tiff)
{
	const uint32_t count = TIFFIsTiled(tiff) ? TIFFNumberOfTiles(tiff) : TIFFNumberOfStrips(tiff);
	uint64_t least = 0;

	for (uint32_t i = 0; i < count; i++) {
		const uint64_t offset = TIFFGetStrileOffset(tiff, i);

		if (offset > 0 && (least == 0 || offset < least))
			least = offset;
	}
	return least;
}

static enum lu_status read_directories(TIFF *tiff, struct judgement *judgement, struct lu_error *err)
{
	do {
		struct directory *directory;
		enum lu_status status;
		uint32_t kind = 0;

		status = lu_grow(&judgement->directories, judgement->count + 1, sizeof(*directory), "image directories",
				 err);
		if (status != LU_OK)
			return status;
		directory = &judgement->directories[judgement->count++];
		*directory = (struct directory){.offset = TIFFCurrentDirOffset(tiff), .tiled = TIFFIsTiled(tiff)};
		TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &directory->width);
		TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &directory->height);
		TIFFGetFieldDefaulted(tiff, TIFFTAG_SUBFILETYPE, &kind);
		directory->overview = (kind & FILETYPE_REDUCEDIMAGE) != 0;
		directory->mask = (kind & FILETYPE_MASK) != 0;
		directory->data = first_block(tiff);
	} while (TIFFReadDirectory(tiff));
	return LU_OK;
}

/* Rules about the order of directories and data; masks follow the image they mask. */
static void judge_order(struct judgement *judgement)
{
	const struct directory *main_one = &judgement->directories[0];
	const struct directory *larger = main_one;

	for (size_t i = 1; i < judgement->count; i++) {
		const struct directory *this = &judgement->directories[i];

		if (this->offset < judgement->directories[i - 1].offset)
			broken(judgement, "directory %zu stands before directory %zu", i, i - 1);
		if (this->mask || !this->overview)
			continue;
		if (this->width > larger->width || this->height > larger->height ||
		    (this->width == larger->width && this->height == larger->height))
			broken(judgement, "overview %" PRIu32 " x %" PRIu32 " does not follow a larger image",
			       this->width, this->height);
		if (!this->tiled && (this->width > SMALL || this->height > SMALL))
			broken(judgement, "overview %" PRIu32 " x %" PRIu32 " is not tiled", this->width, this->height);
		if (this->data > 0 && larger->data > 0 && this->data > larger->data)
			broken(judgement,
			       "the data of overview %" PRIu32 " x %" PRIu32 " lie behind those of the larger %s",
			       this->width, this->height, larger == main_one ? "full image" : "overview");
		larger = this;
	}
}

enum lu_status lu_cog_check(const char *path, char **report, bool *ok, struct lu_error *err)
{
	struct judgement judgement = {0};
	enum lu_status status = LU_OK;
	uint64_t expected;
	char *external = NULL;
	TIFF *tiff = NULL;

	*ok = false;
	if (report != NULL)
		*report = NULL;
	if (!lu_file_exists(path))
		return lu_fail(err, lu_vsi_missing(path), "%s: no such file", path);
	expected = expected_first_directory(path);
	tiff = expected > 0 ? lu_tiff_open(path) : NULL;
	if (tiff == NULL) {
		broken(&judgement, "not a TIFF file");
		goto out;
	}
	LU_TRY(read_directories(tiff, &judgement, err));
	external = lu_sprintf("%s.ovr", path);
	if (external == NULL) {
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for checking %s", path);
		goto out;
	}
	if (lu_file_exists(external))
		broken(&judgement, "its overviews are in %s", lu_path_name(external));
	if (!judgement.directories[0].tiled &&
	    (judgement.directories[0].width > SMALL || judgement.directories[0].height > SMALL))
		broken(&judgement, "not tiled");
	if (judgement.directories[0].offset != expected)
		broken(&judgement, "the main directory is at %" PRIu64 ", not at the front (%" PRIu64 ")",
		       judgement.directories[0].offset, expected);
	if (judgement.directories[0].overview)
		broken(&judgement, "the first directory is an overview");
	judge_order(&judgement);
out:
	if (tiff != NULL)
		TIFFClose(tiff);
	lu_free(external);
	lu_free(judgement.directories);
	*ok = status == LU_OK && judgement.text[0] == '\0';
	if (status == LU_OK && !*ok && report != NULL) {
		*report = lu_strdup(judgement.text);
		if (*report == NULL)
			status = lu_fail(err, LU_ERROR_MEMORY, "out of memory for checking %s", path);
	}
	return status;
}
