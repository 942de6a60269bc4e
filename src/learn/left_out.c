/* left_out.c: repeated pictures by their bytes, then near-duplicates by their hashes. See left_out.h. */
#include "learn/left_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "base/pool.h"
#include "chipset/phash.h"
#include "chipset/repeats.h"
#include "raster/photo.h"

/* Near-duplicates told one by one before only the list has them. */
enum { MOST_NAMED = 20 };

static void leave_out(struct lu_left_out *out, size_t chip, enum lu_left_out_why why, size_t like, int bits)
{
	out->why[chip] = why;
	out->like[chip] = like;
	out->bits[chip] = bits;
}

static void warn_of_labels(const struct lu_left_out_task *task, size_t kept, size_t chip, const char *what)
{
	const struct lu_labelled_set *set = task->set;
	const struct lu_labelled_chip *first = &set->chips[kept], *second = &set->chips[chip];

	if (first->class != second->class)
		lu_log(task->hooks, LU_LEVEL_WARNING, "%s (%s) and %s (%s) are %s: the first label is taken",
		       first->path, set->classes[first->class], second->path, set->classes[second->class], what);
}

static void find_unreadable(const struct lu_left_out_task *task, struct lu_left_out *out)
{
	for (size_t i = 0; i < task->set->chip_count; i++)
		if (task->features->sha256[i][0] == '\0' ||
		    (task->set->chips[i].split != LU_SPLIT_TEST && task->features->rows[i * task->pose_count] == NULL))
			leave_out(out, i, LU_UNREADABLE, i, 0);
}

struct seen {
	const char *sha256;
	size_t chip;
};

static int by_hash(const void *a, const void *b)
{
	const struct seen *left = a, *right = b;
	const int order = strcmp(left->sha256, right->sha256);

	return order != 0 ? order : (left->chip > right->chip) - (left->chip < right->chip);
}

/* Every picture that was there before, byte for byte, in favour of the first. */
static enum lu_status find_repeated(const struct lu_left_out_task *task, struct lu_left_out *out, struct lu_error *err)
{
	const size_t n = task->set->chip_count;
	struct seen *seen = NULL;
	const enum lu_status status = lu_alloc(&seen, n, sizeof(*seen), "chips", err);

	if (status != LU_OK)
		return status;
	for (size_t i = 0; i < n; i++)
		seen[i] = (struct seen){.sha256 = task->features->sha256[i], .chip = i};
	qsort(seen, n, sizeof(*seen), by_hash);
	for (size_t i = 1, first = 0; i < n; i++) {
		if (seen[i].sha256[0] == '\0' || strcmp(seen[i].sha256, seen[first].sha256) != 0) {
			first = i;
			continue;
		}
		leave_out(out, seen[i].chip, LU_REPEATED, seen[first].chip, 0);
		warn_of_labels(task, seen[first].chip, seen[i].chip, "the same picture");
	}
	lu_free(seen);
	return LU_OK;
}

/* Chips that are taken so far, those first that are kept before others, and their hashes. */
struct queue {
	size_t *chips;
	uint64_t *hashes;
	uint8_t *skip; /* cannot be decoded */
	size_t count;
};

static void queue_release(struct queue *queue)
{
	lu_free(queue->chips);
	lu_free(queue->hashes);
	lu_free(queue->skip);
}

static enum lu_status queue_up(const struct lu_left_out_task *task, const struct lu_left_out *out, struct queue *queue,
			       struct lu_error *err)
{
	static const enum lu_split turns[] = {LU_SPLIT_TEST, LU_SPLIT_VALIDATE, LU_SPLIT_TRAIN, LU_SPLIT_NONE};
	const struct lu_labelled_set *set = task->set;
	enum lu_status status;

	LU_TRY(lu_alloc(&queue->chips, set->chip_count, sizeof(*queue->chips), "hashes", err));
	LU_TRY(lu_alloc(&queue->hashes, set->chip_count, sizeof(*queue->hashes), "hashes", err));
	LU_TRY(lu_alloc(&queue->skip, set->chip_count, 1, "hashes", err));
	for (size_t turn = 0; turn < sizeof(turns) / sizeof(turns[0]); turn++)
		for (size_t i = 0; i < set->chip_count; i++)
			if (set->chips[i].split == turns[turn] && out->why[i] == LU_TAKEN)
				queue->chips[queue->count++] = i;
out:
	return status;
}

/* What is hashed, into what. */
struct hashing {
	const struct lu_left_out_task *task;
	struct queue *queue;
};

/* Each thread decodes into its own picture. A test picture that cannot be decoded is evaluation's business. */
static enum lu_status hash_chip(void *context, void *picture, int64_t i, struct lu_error *err)
{
	const struct hashing *hashing = context;
	const struct lu_left_out_task *task = hashing->task;
	struct queue *queue = hashing->queue;
	const struct lu_photo *photo = picture;

	queue->skip[i] =
		lu_photo_read(task->set->chips[queue->chips[i]].path, task->bands, task->range, picture, err) != LU_OK;
	if (!queue->skip[i])
		queue->hashes[i] = lu_phash(photo->pixels, (size_t)photo->bands, photo->width, photo->height);
	return LU_OK;
}

static void release_photo(void *picture)
{
	lu_photo_release(picture);
}

static enum lu_status hash_queue(const struct lu_left_out_task *task, struct queue *queue, struct lu_error *err)
{
	struct hashing hashing = {task, queue};

	return lu_pool_run(&(struct lu_pool_task){.threads = task->threads,
						  .parts = (int64_t)queue->count,
						  .context = &hashing,
						  .worker_bytes = sizeof(struct lu_photo),
						  .release = release_photo,
						  .part = hash_chip,
						  .stage = "comparing",
						  .unit = 1,
						  .total = queue->count,
						  .hooks = task->hooks},
			   err);
}

static enum lu_status find_near_duplicates(const struct lu_left_out_task *task, struct lu_left_out *out,
					   struct lu_error *err)
{
	const struct lu_labelled_chip *chips = task->set->chips;
	struct queue queue = {0};
	size_t *of = NULL, found = 0;
	enum lu_status status;

	LU_TRY(queue_up(task, out, &queue, err));
	LU_TRY(lu_alloc(&of, queue.count, sizeof(*of), "hashes", err));
	LU_TRY(hash_queue(task, &queue, err));
	LU_TRY(lu_repeats_find(queue.hashes, queue.skip, queue.count, task->dedupe_bits, of, err));
	for (size_t i = 0; i < queue.count; i++) {
		if (of[i] == LU_NOT_REPEATED)
			continue;
		const size_t chip = queue.chips[i], kept = queue.chips[of[i]];
		const int bits = lu_phash_distance(queue.hashes[i], queue.hashes[of[i]]);
		leave_out(out, chip, LU_NEAR_DUPLICATE, kept, bits);
		out->between += chips[chip].split != chips[kept].split;
		warn_of_labels(task, kept, chip, "near-duplicates");
		if (chips[chip].split != LU_SPLIT_TEST && ++found <= MOST_NAMED)
			lu_log(task->hooks, LU_LEVEL_INFO, "%s is a near-duplicate of %s (%d bits): left out",
			       chips[chip].path, chips[kept].path, bits);
	}
out:
	lu_free(of);
	queue_release(&queue);
	return status;
}

enum lu_status lu_left_out_find(const struct lu_left_out_task *task, struct lu_left_out *out, struct lu_error *err)
{
	const size_t n = task->set->chip_count;
	enum lu_status status;

	*out = (struct lu_left_out){0};
	LU_TRY(lu_alloc(&out->why, n, sizeof(*out->why), "chips", err));
	LU_TRY(lu_alloc(&out->like, n, sizeof(*out->like), "chips", err));
	LU_TRY(lu_alloc(&out->bits, n, sizeof(*out->bits), "chips", err));
	find_unreadable(task, out);
	LU_TRY(find_repeated(task, out, err));
	if (task->dedupe)
		LU_TRY(find_near_duplicates(task, out, err));
	for (size_t i = 0; i < n; i++)
		out->counts[out->why[i]] += task->set->chips[i].split != LU_SPLIT_TEST;
out:
	return status;
}

void lu_left_out_release(struct lu_left_out *left_out)
{
	lu_free(left_out->why);
	lu_free(left_out->like);
	lu_free(left_out->bits);
	*left_out = (struct lu_left_out){0};
}

enum lu_status lu_left_out_write(const struct lu_left_out *left_out, const struct lu_labelled_set *set,
				 const char *path, struct lu_error *err)
{
	static const char *const header[] = {"picture", "reason", "kept", "bits"};
	static const char *const reasons[LU_LEFT_OUT_WHYS] = {"", "unreadable", "repeated", "near-duplicate"};
	struct lu_csv csv = {0};

	lu_csv_row(&csv, header, sizeof(header) / sizeof(header[0]));
	for (size_t i = 0; i < set->chip_count; i++) {
		const bool has_like = left_out->like[i] != i;
		if (left_out->why[i] == LU_TAKEN || set->chips[i].split == LU_SPLIT_TEST)
			continue;
		lu_csv_text(&csv, set->chips[i].path);
		lu_csv_text(&csv, reasons[left_out->why[i]]);
		lu_csv_text(&csv, has_like ? set->chips[left_out->like[i]].path : NULL);
		if (has_like)
			lu_csv_integer(&csv, left_out->bits[i]);
		else
			lu_csv_text(&csv, NULL);
		lu_csv_end_row(&csv);
	}
	const enum lu_status status = lu_csv_write(&csv, path, err);
	lu_csv_release(&csv);
	return status;
}
