/*
 * queue.h: a bounded queue of pointers between threads.
 *
 * Push waits while the queue is full, pop while it is empty. After lu_queue_close pushes are
 * refused and pops drain what is left, then return false. After lu_queue_abort both return
 * false at once: the way the first error stops everybody. Any number of threads on either side.
 */
#ifndef LU_BASE_QUEUE_H
#define LU_BASE_QUEUE_H

#include "base/error.h"

struct lu_queue;
enum lu_status lu_queue_new(size_t capacity, struct lu_queue **out, struct lu_error *err);
void lu_queue_free(struct lu_queue *queue);
bool lu_queue_push(struct lu_queue *queue, void *item);
bool lu_queue_pop(struct lu_queue *queue, void **item);
void lu_queue_close(struct lu_queue *queue);
void lu_queue_abort(struct lu_queue *queue);

#endif
