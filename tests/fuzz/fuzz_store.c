/*
 * fuzz_store.c: files of scores that a disk, a crash or somebody has changed are scored again where they were changed, and
 * never trusted.
 *
 * The input changes a sound store of two finished rows and one that is not: its first two bytes cut the two files, then each
 * group of four changes a byte: of which file, where (two bytes), and to what.
 */
#include "in_memory.h"

#include "maps/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum { ROWS = 3, COLS = 20, CLASSES = 2, RECORDS = COLS * CLASSES, MOST = 8192 };

struct file {
	const char *name;
	uint8_t bytes[MOST];
	size_t size;
};
static struct file sound[] = {{.name = "a.scores"}, {.name = "a.done"}};
static char fingerprint[LU_SHA256_HEX];

static float score_of(int64_t block, size_t i)
{
	return (float)(block + 1) / 16 + (float)i / 1024;
}

static struct lu_store *open_store(struct lu_error *err)
{
	struct lu_store *store = NULL;

	if (lu_store_open(memory_folder(), "a", fingerprint, ROWS, COLS, CLASSES, &store, NULL, err) != LU_OK)
		check_refusal(err);
	return store;
}

static void put_block(struct lu_store *store, int64_t block)
{
	float scores[LU_BLOCK_CELLS * CLASSES];
	struct lu_error err = {0};

	for (size_t i = 0; i < LU_BLOCK_CELLS * CLASSES; i++)
		scores[i] = score_of(block, i);
	if (lu_store_put(store, block, scores, &err) != LU_OK)
		abort();
}

static void make_sound(void)
{
	struct lu_error err = {0};

	memset(fingerprint, 'a', sizeof(fingerprint) - 1);
	struct lu_store *store = open_store(&err);
	for (int64_t block = 0; block < 4; block++)
		put_block(store, block);
	lu_store_close(store);
	for (size_t f = 0; f < 2; f++) {
		char path[256];
		snprintf(path, sizeof(path), "%s/%s", memory_folder(), sound[f].name);
		FILE *file = fopen(path, "rb");
		if (file == NULL)
			abort();
		sound[f].size = fread(sound[f].bytes, 1, MOST, file);
		fclose(file);
	}
}

static void write_changed(const uint8_t *bytes, size_t size)
{
	for (size_t f = 0; f < 2; f++) {
		struct file file = sound[f];
		if (size > f && bytes[f] != 0)
			file.size = file.size * bytes[f] / 255;
		for (size_t i = 2; i + 4 <= size; i += 4)
			if ((bytes[i] & 1) == (uint8_t)f && file.size > 0)
				file.bytes[(size_t)(bytes[i + 1] << 8 | bytes[i + 2]) % file.size] = bytes[i + 3];
		in_folder(file.name, file.bytes, file.size);
	}
}

/* Every block that counts as finished has what was put there. */
static void check_rows(struct lu_store *store)
{
	float row[RECORDS];
	struct lu_error err = {0};

	for (int64_t r = 0; r < ROWS; r++) {
		if (lu_store_rows(store, r, 1, row, &err) != LU_OK) {
			check_refusal(&err);
			continue;
		}
		for (size_t i = 0; i < RECORDS; i++) {
			const size_t cell = i / CLASSES;
			const int64_t block = r * 2 + (int64_t)(cell / LU_BLOCK_CELLS);
			const float put = score_of(block, i - cell / LU_BLOCK_CELLS * LU_BLOCK_CELLS * CLASSES);
			if (lu_store_finished(store, block) && memcmp(&row[i], &put, sizeof(put)) != 0)
				abort();
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct lu_error err = {0};

	if (fingerprint[0] == '\0')
		make_sound();
	write_changed(bytes, size);
	struct lu_store *store = open_store(&err);
	if (store == NULL)
		return 0;
	check_rows(store);
	if (lu_store_mapped_cells(store) < 0 || lu_store_mapped_cells(store) > ROWS * COLS ||
	    lu_store_unreadable_cells(store) < 0)
		abort();
	if (lu_store_retry_unreadable(store, &err) != LU_OK)
		check_refusal(&err);
	for (int64_t block = 0; block < lu_store_blocks(store); block++)
		if (!lu_store_finished(store, block))
			put_block(store, block);
	check_rows(store);
	if (lu_store_left(store) != 0 || lu_store_mapped_cells(store) != ROWS * COLS)
		abort();
	lu_store_close(store);
	return 0;
}
