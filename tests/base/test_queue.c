/* test_queue.c: order, back-pressure, draining and the emergency stop. */
#include "base/queue.h"

#include <pthread.h>

#include "support/check.h"

static void first_in_first_out_then_drained(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_queue *queue;
	int items[3];
	void *got;
	check_ok(lu_queue_new(3, &queue, &err), err);
	for (int i = 0; i < 3; i++)
		assert_true(lu_queue_push(queue, &items[i]));
	lu_queue_close(queue);
	assert_false(lu_queue_push(queue, &items[0]));
	for (int i = 0; i < 3; i++) {
		assert_true(lu_queue_pop(queue, &got));
		assert_ptr_equal(got, &items[i]);
	}
	assert_false(lu_queue_pop(queue, &got));
	lu_queue_free(queue);
}

static void *push_two(void *argument)
{
	static int item;
	struct lu_queue *queue = argument;
	lu_queue_push(queue, &item);
	return lu_queue_push(queue, &item) ? &item : NULL;
}

static void abort_wakes_a_waiting_thread(void **state)
{
	(void)state;
	struct lu_error err = {0};
	struct lu_queue *queue;
	pthread_t thread;
	void *pushed, *got;
	check_ok(lu_queue_new(1, &queue, &err), err);
	assert_int_equal(pthread_create(&thread, NULL, push_two, queue), 0);
	lu_queue_abort(queue);
	pthread_join(thread, &pushed);
	assert_null(pushed);
	assert_false(lu_queue_pop(queue, &got));
	lu_queue_free(queue);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_in_first_out_then_drained),
		cmocka_unit_test(abort_wakes_a_waiting_thread),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
