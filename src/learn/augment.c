/* augment.c: see augment.h. */
#include "learn/augment.h"

#include <string.h>

enum { FLIPS = 1, ROTATIONS = 2, COLOUR = 4 };

static const char *const known[] = {"flips", "rotations", "colour"};

static enum lu_status unknown(const char *word, size_t length, struct lu_error *err)
{
	char copy[64];

	length = length < sizeof(copy) ? length : sizeof(copy) - 1;
	memcpy(copy, word, length);
	copy[length] = '\0';
	/* An American's word for it is no mistake worth a riddle. */
	const char *near = strcmp(copy, "color") == 0 ? known[2] : lu_nearest_word(copy, known, 3);
	return near != NULL ? lu_fail(err, LU_ERROR_ARGUMENT, ".augment has '%s' (did you mean '%s'?)", copy, near)
			    : lu_fail(err, LU_ERROR_ARGUMENT,
				      ".augment has '%s', it should be flips, rotations, colour, or some of them with "
				      "commas between",
				      copy);
}

static enum lu_status read_words(const char *words, unsigned *wanted, struct lu_error *err)
{
	for (const char *word = words; word != NULL;) {
		const size_t length = strcspn(word, ",");
		size_t i = 0;

		while (i < 3 && (strlen(known[i]) != length || strncmp(known[i], word, length) != 0))
			i++;
		if (i == 3)
			return unknown(word, length, err);
		*wanted |= 1u << i;
		word = word[length] == ',' ? word + length + 1 : NULL;
	}
	return LU_OK;
}

enum lu_status lu_augment_list(const char *words, lu_pose poses[LU_MOST_POSES], size_t *count, struct lu_error *err)
{
	static const struct {
		lu_pose poses[8];
		size_t count;
	} laid[] = {{{0}, 1}, {{0, 4, 6}, 3}, {{0, 1, 2, 3}, 4}, {{0, 1, 2, 3, 4, 5, 6, 7}, 8}};
	unsigned wanted = 0;
	const enum lu_status status = read_words(words, &wanted, err);

	if (status != LU_OK)
		return status;
	*count = laid[wanted & (FLIPS | ROTATIONS)].count;
	memcpy(poses, laid[wanted & (FLIPS | ROTATIONS)].poses, *count);
	for (size_t i = 0; i < *count && (wanted & COLOUR); i++)
		poses[*count + i] = poses[i] | LU_POSE_RECOLOURED;
	if (wanted & COLOUR)
		*count *= 2;
	return LU_OK;
}
