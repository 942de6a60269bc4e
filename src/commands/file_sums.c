/* file_sums.c: a file is a part of the pool's work. */
#include "commands/file_sums.h"

#include <string.h>

#include "base/memory.h"
#include "base/pool.h"
#include "runs/manifest_read.h"

struct sums {
	const char *const *paths;
	struct lu_file_sum *sums; /* each written by whoever took its part */
};

static enum lu_status sum_one(void *context, void *worker, int64_t number, struct lu_error *err)
{
	const struct sums *sums = context;
	struct lu_file_sum *sum = &sums->sums[number];

	(void)worker;
	(void)err;
	if (sum->hex[0] == '\0' && lu_sha256_file(sums->paths[number], sum->hex, NULL) != LU_OK)
		sum->hex[0] = '\0';
	return LU_OK;
}

enum lu_status lu_file_sums(const char *const *paths, size_t count, int threads, const struct lu_hooks *hooks,
			    struct lu_file_sum *sums, struct lu_error *err)
{
	struct sums context = {paths, sums};

	return lu_pool_run(&(struct lu_pool_task){.threads = threads,
						  .parts = (int64_t)count,
						  .context = &context,
						  .part = sum_one,
						  .stage = "sums of files",
						  .unit = 1,
						  .total = count,
						  .hooks = hooks},
			   err);
}

enum lu_status lu_input_sums(const struct lu_inputs *inputs, struct lu_manifest *former, int threads,
			     const struct lu_hooks *hooks, struct lu_file_sum **out, struct lu_error *err)
{
	struct lu_file_sum *sums = NULL;
	const char **paths = NULL;
	enum lu_status status;

	LU_TRY(lu_alloc(&sums, inputs->count, sizeof(*sums), "sums of files", err));
	LU_TRY(lu_alloc(&paths, inputs->count, sizeof(*paths), "sums of files", err));
	for (size_t i = 0; i < inputs->count; i++) {
		const struct lu_input *file = &inputs->files[i];
		const struct lu_manifest_file known = lu_manifest_input(former, file->path);
		char state[LU_INPUT_STATE];
		lu_input_state(file, state);
		paths[i] = file->path;
		if (known.sha256 != NULL && known.state != NULL && known.bytes == file->bytes &&
		    strcmp(known.state, state) == 0 && strlen(known.sha256) == LU_SHA256_HEX - 1)
			memcpy(sums[i].hex, known.sha256, LU_SHA256_HEX);
	}
	LU_TRY(lu_file_sums(paths, inputs->count, threads, hooks, sums, err));
	for (size_t i = 0; i < inputs->count; i++)
		if (!lu_input_unchanged(&inputs->files[i]))
			sums[i].hex[0] = '\0';
	*out = sums;
	sums = NULL; /* now the caller's */
out:
	lu_free(sums);
	lu_free(paths);
	return status;
}
