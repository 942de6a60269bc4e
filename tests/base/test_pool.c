/*
 * test_pool.c: parts shared out among threads: each once, the same failure whoever is first, and two teams that feed
 * each other.
 */
#include "base/pool.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

#include "base/queue.h"
#include "base/team.h"
#include "support/check.h"

enum { PARTS = 1000, THREADS = 8 };

struct job {
	atomic_int times[PARTS];
	atomic_int begun, released;
	int64_t sum; /* by 'finish' alone: one thread at a time */
	int64_t last; /* with one thread: the part before */
	int64_t fail_at, fail_too; /* -1: none */
	bool fail_to_begin;
};

struct own {
	int64_t sum;
	struct job *job;
};

static enum lu_status begin(void *context, void *worker, struct lu_error *err)
{
	struct job *job = context;
	struct own *own = worker;

	assert_int_equal(own->sum, 0);
	own->job = job;
	atomic_fetch_add(&job->begun, 1);
	return job->fail_to_begin ? lu_fail(err, LU_ERROR_MEMORY, "cannot begin") : LU_OK;
}

static void release(void *worker)
{
	const struct own *own = worker;

	atomic_fetch_add(&own->job->released, 1);
}

static enum lu_status part(void *context, void *worker, int64_t number, struct lu_error *err)
{
	struct job *job = context;
	struct own *own = worker;

	atomic_fetch_add(&job->times[number], 1);
	own->sum += number;
	/* The lower of two failures is the later one. */
	if (number == job->fail_at)
		nanosleep(&(struct timespec){.tv_nsec = 20000000}, NULL);
	if (number == job->fail_at || number == job->fail_too)
		return lu_fail(err, LU_ERROR_FORMAT, "part %d", (int)number);
	return LU_OK;
}

static enum lu_status finish(void *context, void *worker, struct lu_error *err)
{
	struct job *job = context;

	(void)err;
	job->sum += ((struct own *)worker)->sum;
	return LU_OK;
}

static enum lu_status run(struct job *job, int threads, const struct lu_hooks *hooks, struct lu_error *err)
{
	const struct lu_pool_task task = {.threads = threads,
					  .parts = PARTS,
					  .context = job,
					  .worker_bytes = sizeof(struct own),
					  .begin = begin,
					  .release = release,
					  .part = part,
					  .finish = finish,
					  .stage = "testing",
					  .unit = 3,
					  .total = 3 * PARTS - 1,
					  .hooks = hooks};

	return lu_pool_run(&task, err);
}

static void hear(void *user, const char *stage, uint64_t done, uint64_t total)
{
	uint64_t *most = user;

	assert_string_equal(stage, "testing");
	assert_int_equal(total, 3 * PARTS - 1);
	*most = done > *most ? done : *most;
}

static void test_every_part_once(void **state)
{
	struct lu_error err = {0};

	(void)state;
	for (int threads = 1; threads <= THREADS; threads += 7) {
		struct job job = {.fail_at = -1, .fail_too = -1};
		uint64_t told = 0;
		const struct lu_hooks hooks = {.progress = hear, .user = &told};

		check_ok(run(&job, threads, &hooks, &err), err);
		for (int i = 0; i < PARTS; i++)
			assert_int_equal(job.times[i], 1);
		assert_int_equal(job.sum, (int64_t)PARTS * (PARTS - 1) / 2);
		assert_int_equal(job.begun, threads);
		assert_int_equal(job.released, threads);
		assert_int_equal(told, 3 * PARTS - 1);
	}
}

static void test_the_lowest_failure(void **state)
{
	(void)state;
	for (int threads = 1; threads <= THREADS; threads++) {
		struct job job = {.fail_at = 500, .fail_too = 501};
		struct lu_error err = {0};

		check_fails(run(&job, threads, NULL, &err), LU_ERROR_FORMAT, err, "part 500");
		assert_int_equal(job.begun, job.released);
		/* With three threads and more, the third may do all the other parts before a failure is known. */
		if (threads <= 2) {
			assert_int_equal(job.sum, 0);
			assert_int_equal(job.times[PARTS - 1], 0);
		}
	}
}

static void test_nobody_begins(void **state)
{
	struct job job = {.fail_at = -1, .fail_too = -1, .fail_to_begin = true};
	struct lu_error err = {0};

	(void)state;
	check_fails(run(&job, THREADS, NULL, &err), LU_ERROR_MEMORY, err, "cannot begin");
	assert_int_equal(job.begun, job.released);
	assert_int_equal(job.times[0], 0);
}

static bool at_once(void *user)
{
	(void)user;
	return true;
}

static void test_cancelled(void **state)
{
	struct job job = {.fail_at = -1, .fail_too = -1};
	const struct lu_hooks hooks = {.cancelled = at_once};
	struct lu_error err = {0};

	(void)state;
	check_fails(run(&job, THREADS, &hooks, &err), LU_ERROR_CANCELLED, err, "stopped");
	assert_int_equal(job.times[0], 0);
}

static void test_nothing_to_do(void **state)
{
	const struct lu_pool_task task = {.threads = THREADS};
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_pool_run(&task, &err), err);
}

/* Helpers put numbers into the queue, the team takes them out; the last helper closes it. */
struct feed {
	struct lu_queue *queue;
	int numbers[PARTS];
	atomic_int next, left, sum;
};

static void put(void *context)
{
	struct feed *feed = context;

	for (int i; (i = atomic_fetch_add(&feed->next, 1)) < PARTS;) {
		feed->numbers[i] = i;
		assert_true(lu_queue_push(feed->queue, &feed->numbers[i]));
	}
	if (atomic_fetch_sub(&feed->left, 1) == 1)
		lu_queue_close(feed->queue);
}

static void take(void *context)
{
	struct feed *feed = context;
	void *item;

	while (lu_queue_pop(feed->queue, &item))
		atomic_fetch_add(&feed->sum, *(const int *)item);
}

static void test_two_teams(void **state)
{
	struct feed feed = {.left = 3};
	struct lu_error err = {0};

	(void)state;
	check_ok(lu_queue_new(4, &feed.queue, &err), err);
	check_ok(lu_team_check(THREADS, &err), err);
	check_ok(lu_team_run_beside(4, take, 3, put, &feed, &err), err);
	assert_int_equal(feed.sum, PARTS * (PARTS - 1) / 2);
	lu_queue_free(feed.queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_part_once), cmocka_unit_test(test_the_lowest_failure),
		cmocka_unit_test(test_nobody_begins),   cmocka_unit_test(test_cancelled),
		cmocka_unit_test(test_nothing_to_do),   cmocka_unit_test(test_two_teams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
