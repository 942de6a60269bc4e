/*
 * fuzz_picture.c: any byte sequence gives a picture (PNG, JPEG, TIFF and what else a chip may be) or a one-line error, within
 * bounded memory. Once as colour, and once as grey of more than 8 bits.
 */
#include "in_memory.h"

#include "raster/photo.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Every pixel is there to be read. */
static void check_photo(const struct lu_photo *photo, int bands)
{
	const size_t count = (size_t)photo->width * (size_t)photo->height * (size_t)photo->bands;
	unsigned sum = 0;

	if (photo->width < 1 || photo->height < 1 || photo->bands != bands || photo->room < count)
		abort();
	for (size_t i = 0; i < count; i++)
		sum += photo->pixels[i];
	if (sum > count * 255)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const double range[] = {0, 3000};
	const char *path = in_memory(bytes, size);
	struct lu_photo photo = {0};
	struct lu_error err = {0};

	for (int bands = 3; bands >= 1; bands -= 2) {
		if (lu_photo_read(path, bands, bands == 1 ? range : NULL, &photo, &err) == LU_OK)
			check_photo(&photo, bands);
		else
			check_refusal(&err);
	}
	lu_photo_release(&photo);
	return 0;
}
