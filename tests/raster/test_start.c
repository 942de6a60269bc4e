/* test_start.c: threads whose first deed is to write a picture do not trip over GDAL's drivers waking up. */
#include "make.h"

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "raster/chip_file.h"

enum { PROCESSES = 300, THREADS = 8, SIDE = 8 };

static pthread_barrier_t together;

static void *write_one(void *path)
{
	static uint8_t planes[3 * SIDE * SIDE], valid[SIDE * SIDE];
	static const struct lu_frame frame = {.transform = {0, 1, 0, 0, 0, -1}, .width = SIDE, .height = SIDE};
	const struct lu_chip_picture chip = {planes, valid, 3, SIDE, &frame};
	struct lu_error err = {0};

	pthread_barrier_wait(&together);
	return lu_chip_write(path, LU_CHIP_JPEG, &chip, &err) == LU_OK ? NULL : path;
}

/* What a process does that has never written anything; its exit code. */
static int first_pictures(void)
{
	pthread_t thread[THREADS];
	int failed = 0;
	void *result;

	pthread_barrier_init(&together, NULL, THREADS);
	for (int i = 0; i < THREADS; i++) {
		char name[16];
		snprintf(name, sizeof(name), "%d.jpg", i);
		pthread_create(&thread[i], NULL, write_one, strdup(make_path(name)));
	}
	for (int i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &result);
		failed |= result != NULL;
	}
	return failed;
}

static void first_pictures_may_be_written_at_once(void **state)
{
	(void)state;
	for (int i = 0; i < PROCESSES; i++) {
		int status = -1;
		const pid_t child = fork();
		if (child == 0)
			_exit(first_pictures());
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(first_pictures_may_be_written_at_once)};

	return cmocka_run_group_tests(tests, make_folder, make_folder_gone);
}
