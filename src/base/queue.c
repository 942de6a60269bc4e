/* queue.c: a ring of pointers behind one mutex and two conditions. */
#include "base/queue.h"

#include <pthread.h>

#include "base/memory.h"

struct lu_queue {
	pthread_mutex_t lock; /* guards everything below */
	pthread_cond_t not_full, not_empty;
	size_t capacity, first, count;
	bool closed, aborted;
	void *items[];
};

enum lu_status lu_queue_new(size_t capacity, struct lu_queue **out, struct lu_error *err)
{
	struct lu_queue *queue;

	*out = NULL;
	const enum lu_status status =
		lu_alloc(&queue, 1, sizeof(*queue) + capacity * sizeof(queue->items[0]), "a queue", err);
	if (status != LU_OK)
		return status;
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->not_full, NULL);
	pthread_cond_init(&queue->not_empty, NULL);
	queue->capacity = capacity;
	*out = queue;
	return LU_OK;
}

void lu_queue_free(struct lu_queue *queue)
{
	if (queue == NULL)
		return;
	pthread_cond_destroy(&queue->not_empty);
	pthread_cond_destroy(&queue->not_full);
	pthread_mutex_destroy(&queue->lock);
	lu_free(queue);
}

bool lu_queue_push(struct lu_queue *queue, void *item)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == queue->capacity && !queue->closed && !queue->aborted)
		pthread_cond_wait(&queue->not_full, &queue->lock);
	const bool accepted = !queue->closed && !queue->aborted;
	if (accepted) {
		queue->items[(queue->first + queue->count) % queue->capacity] = item;
		queue->count++;
		pthread_cond_signal(&queue->not_empty);
	}
	pthread_mutex_unlock(&queue->lock);
	return accepted;
}

bool lu_queue_pop(struct lu_queue *queue, void **item)
{
	pthread_mutex_lock(&queue->lock);
	while (queue->count == 0 && !queue->closed && !queue->aborted)
		pthread_cond_wait(&queue->not_empty, &queue->lock);
	const bool got = queue->count > 0 && !queue->aborted;
	if (got) {
		*item = queue->items[queue->first];
		queue->first = (queue->first + 1) % queue->capacity;
		queue->count--;
		pthread_cond_signal(&queue->not_full);
	}
	pthread_mutex_unlock(&queue->lock);
	return got;
}

static void finish(struct lu_queue *queue, bool *flag)
{
	pthread_mutex_lock(&queue->lock);
	*flag = true;
	pthread_cond_broadcast(&queue->not_full);
	pthread_cond_broadcast(&queue->not_empty);
	pthread_mutex_unlock(&queue->lock);
}

void lu_queue_close(struct lu_queue *queue)
{
	finish(queue, &queue->closed);
}

void lu_queue_abort(struct lu_queue *queue)
{
	finish(queue, &queue->aborted);
}
