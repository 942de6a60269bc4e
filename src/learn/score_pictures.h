/*
 * score_pictures.h: many picture files through a network, on every core.
 *
 * Each OpenMP thread takes a few pictures at a time, decodes and fits them, runs its own session and
 * hands the numbers on. Which thread scores which picture changes nothing: a chip's numbers are the
 * same in any batch (nn.h).
 */
#ifndef LU_LEARN_SCORE_PICTURES_H
#define LU_LEARN_SCORE_PICTURES_H

#include "base/hash.h"
#include "models/classifier.h"

/* How a picture of any size becomes the model's square. */
enum lu_fit {
	LU_FIT_RESIZE, /* the largest centred square, resized (bilinear, antialiased) */
	LU_FIT_CROP, /* the centred square of the model's size; a smaller picture is enlarged as above */
};
const char *lu_fit_name(enum lu_fit fit);

/*
 * One of the eight ways to lay a square: bit 2 mirrors left-right, bits 0 and 1 then turn it by as
 * many quarters, clockwise. 0 is as it is. LU_POSE_RECOLOURED jitters its colours, too.
 */
typedef uint8_t lu_pose;
enum { LU_POSE_RECOLOURED = 8 };

struct lu_picture_item {
	const char *path;
	lu_pose pose;
	uint64_t draw; /* of brightness and colour */
};

/*
 * Where the numbers go: called once for each picture that was read, from any thread, several at a
 * time. A status that is not LU_OK stops everything.
 */
typedef enum lu_status (*lu_picture_sink)(void *user, size_t item, const float *outputs, struct lu_error *err);
/* Likewise, of the picture as the network sees it: a chip of the model's size. */
typedef enum lu_status (*lu_picture_look)(void *user, size_t item, const uint8_t *chip, struct lu_error *err);

struct lu_picture_task {
	const struct lu_classifier *classifier;
	const struct lu_picture_item *items;
	size_t count;
	enum lu_fit fit;
	const double *range; /* of pictures with more than 8 bits a band, see raster/photo.h; NULL: none */
	int threads; /* at least 1 */
	lu_picture_sink sink; /* NULL: no network is run, */
	lu_picture_look look; /* and only this is called; NULL: nobody wants to see chips */
	void *user;
	bool *unreadable; /* 'count' entries, set for pictures that could not be read */
	const struct lu_hooks *hooks;
	const char *stage;
};

struct lu_picture_result {
	size_t unreadable;
	double seconds;
};

/*
 * Score them all. A picture that cannot be read is a warning (the first 20 are named), not a failure.
 * LU_ERROR_CANCELLED when the caller's hook says so.
 */
enum lu_status lu_score_pictures(const struct lu_picture_task *task, struct lu_picture_result *result,
				 struct lu_error *err);

/*
 * SHA-256 of each file's bytes into hex[i] (empty where it cannot be read), on 'threads' threads.
 */
enum lu_status lu_hash_pictures(const struct lu_picture_item *items, size_t count, int threads,
				char (*hex)[LU_SHA256_HEX], const struct lu_hooks *hooks, struct lu_error *err);

#endif
