/*
 * bands.c: which bands of a file are the ones that a model names. See bands.h.
 */
#include "raster/bands.h"

#include <cpl_string.h>
#include <ctype.h>
#include <gdal.h>
#include <string.h>

#include "base/memory.h"

/* Other words for a band, all in small letters. */
static const char *const same[][2] = {{"nir", "near infrared"},          {"near-infrared", "near infrared"},
				      {"nearinfrared", "near infrared"}, {"near_infrared", "near infrared"},
				      {"infrared", "near infrared"},     {"gray", "grey"}};

/* 'name' in small letters and the one word that stands for all like it; lu_free it. NULL when memory is out. */
static char *plain_name(const char *name)
{
	char *plain = lu_strdup(name);

	for (char *c = plain; c != NULL && *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	for (size_t i = 0; i < sizeof(same) / sizeof(*same) && plain != NULL; i++) {
		if (strcmp(plain, same[i][0]) == 0) {
			lu_free(plain);
			return lu_strdup(same[i][1]);
		}
	}
	return plain;
}

char *lu_band_tag(void *band)
{
	const GDALColorInterp colour = GDALGetRasterColorInterpretation(band);

	/* Grey is what TIFF calls the first of any bands. */
	if ((colour == GCI_Undefined || colour == GCI_GrayIndex) && GDALGetDescription(band)[0] != '\0')
		return plain_name(GDALGetDescription(band));
	return plain_name(GDALGetColorInterpretationName(colour));
}

char *lu_bands_tags(void *dataset)
{
	char *all = NULL;

	for (int i = 1; i <= GDALGetRasterCount(dataset); i++) {
		char *tag = lu_band_tag(GDALGetRasterBand(dataset, i));
		char *longer = tag == NULL ? NULL : all == NULL ? lu_strdup(tag) : lu_sprintf("%s, %s", all, tag);

		lu_free(tag);
		lu_free(all);
		if (longer == NULL)
			return NULL;
		all = longer;
	}
	return all;
}

char *lu_bands_list(const int *bands, size_t count)
{
	char *all = lu_strdup("[");

	for (size_t i = 0; i < count && all != NULL; i++) {
		char *longer = lu_sprintf("%s%s%d%s", all, i > 0 ? ", " : "", bands[i], i + 1 < count ? "" : "]");

		lu_free(all);
		all = longer;
	}
	return all;
}

/* The only band that is tagged 'name'; 0: none, or several. */
static int find_tag(char *const *tags, int count, const char *name)
{
	int found = 0;

	for (int i = 0; i < count; i++) {
		if (strcmp(tags[i], name) == 0) {
			if (found != 0)
				return 0;
			found = i + 1;
		}
	}
	return found;
}

/* Is 'tag' a colour that a model could ask for by name? */
static bool is_colour(const char *tag)
{
	static const char *const colours[] = {"red", "green", "blue", "near infrared"};

	for (size_t i = 0; i < sizeof(colours) / sizeof(*colours); i++) {
		if (strcmp(tag, colours[i]) == 0)
			return true;
	}
	return false;
}

/* Take the bands by tag where every name is found; else see whether the file's own order contradicts the names. */
static void choose_by_tag(char *const *tags, char *const *names, size_t count, struct lu_member *out)
{
	int by_tag[LU_BANDS_MAX];
	bool all = true, same_order = true;

	for (size_t i = 0; i < count; i++) {
		by_tag[i] = find_tag(tags, out->band_count, names[i]);
		all = all && by_tag[i] > 0;
		same_order = same_order && by_tag[i] == out->bands[i];
	}
	if (all) {
		memcpy(out->bands, by_tag, count * sizeof(*by_tag));
		out->order = same_order ? LU_ORDER_OWN : LU_ORDER_BY_TAG;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		if (is_colour(names[i]) && is_colour(tags[out->bands[i] - 1]) &&
		    strcmp(names[i], tags[out->bands[i] - 1]) != 0)
			out->order = LU_ORDER_DOUBTFUL;
		/* The name stands on another band. */
		if (by_tag[i] > 0 && by_tag[i] != out->bands[i])
			out->order = LU_ORDER_DOUBTFUL;
	}
}

static enum lu_status look_at_tags(GDALDatasetH dataset, const struct lu_selection *selection, struct lu_member *out,
				   struct lu_error *err)
{
	char *tags[LU_BANDS_MAX] = {NULL}, *names[LU_BANDS_MAX] = {NULL};
	const int count = out->band_count < LU_BANDS_MAX ? out->band_count : LU_BANDS_MAX;
	bool known = selection->names != NULL && count == out->band_count, whole = true;

	for (int i = 0; i < count && whole; i++) {
		tags[i] = lu_band_tag(GDALGetRasterBand(dataset, i + 1));
		whole = tags[i] != NULL;
	}
	for (size_t i = 0; i < selection->count && known && whole; i++) {
		known = selection->names[i] != NULL;
		names[i] = known ? plain_name(selection->names[i]) : NULL;
		whole = !known || names[i] != NULL;
	}
	if (known && whole)
		choose_by_tag(tags, names, selection->count, out);
	for (size_t i = 0; i < LU_BANDS_MAX; i++) {
		lu_free(tags[i]);
		lu_free(names[i]);
	}
	return whole ? LU_OK : lu_fail(err, LU_ERROR_MEMORY, "out of memory for the names of bands");
}

/* The remedy for a file with too few bands: those that are colours, the last of them as often as need be. */
static enum lu_status too_few(GDALDatasetH dataset, const struct lu_selection *selection, int missing,
			      const struct lu_member *out, struct lu_error *err)
{
	int possible[LU_BANDS_MAX], colours = 0;
	enum lu_status status;
	char *list;

	for (int i = 1; i <= out->band_count && colours < LU_BANDS_MAX; i++) {
		if (GDALGetRasterColorInterpretation(GDALGetRasterBand(dataset, i)) != GCI_AlphaBand)
			possible[colours++] = i;
	}
	if (colours == 0)
		possible[colours++] = 1;
	for (int i = colours; i < (int)selection->count; i++)
		possible[i] = possible[colours - 1];
	list = lu_bands_list(possible, selection->count);
	if (list == NULL)
		return lu_fail(err, LU_ERROR_MEMORY, "out of memory for a list of bands");
	if (out->band_count == 1 && selection->file_count > 1)
		status = lu_fail(
			err, LU_ERROR_ARGUMENT,
			"%s: band %d asked for, file has 1, as one of %zu (are these the bands of one picture? "
			"Stack them: gdalbuildvrt -separate stack.vrt RED GREEN BLUE; for grey pictures set bands: %s)",
			out->path, missing, selection->file_count, list);
	else
		status = lu_fail(err, LU_ERROR_ARGUMENT, "%s: band %d asked for, file has %d (set bands: %s)",
				 out->path, missing, out->band_count, list);
	lu_free(list);
	return status;
}

enum lu_status lu_bands_choose(void *dataset, const struct lu_selection *selection, struct lu_member *out,
			       struct lu_error *err)
{
	out->band_count = GDALGetRasterCount(dataset);
	if (out->band_count == 0)
		return lu_fail(err, LU_ERROR_FORMAT,
			       "%s: no raster bands of its own: expected one image (name one of its subdatasets)",
			       out->path);
	memcpy(out->bands, selection->bands, sizeof(out->bands));
	for (size_t i = 0; i < selection->count; i++) {
		if (out->bands[i] > out->band_count)
			return too_few(dataset, selection, out->bands[i], out, err);
	}
	out->order = LU_ORDER_OWN;
	return selection->listed ? LU_OK : look_at_tags(dataset, selection, out, err);
}
