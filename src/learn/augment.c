/* augment.c: names of ways to look at a chip, and the poses that they are. */
#include "learn/augment.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"

/* By the bits of enum lu_augment. */
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

enum lu_status lu_augment_parse(const char *text, unsigned *out, struct lu_error *err)
{
	unsigned wanted = 0;

	for (const char *word = text; word != NULL;) {
		const size_t length = strcspn(word, ",");
		size_t i = 0;

		while (i < 3 && (strlen(known[i]) != length || strncmp(known[i], word, length) != 0))
			i++;
		if (i == 3)
			return unknown(word, length, err);
		wanted |= 1u << i;
		word = word[length] == ',' ? word + length + 1 : NULL;
	}
	*out = wanted;
	return LU_OK;
}

void lu_augment_words(unsigned wanted, char text[32])
{
	size_t used = 0;

	snprintf(text, 32, "none");
	for (size_t i = 0; i < 3; i++)
		if (wanted & 1u << i)
			used += (size_t)snprintf(text + used, 32 - used, "%s%s", used > 0 ? "," : "", known[i]);
}

size_t lu_augment_list(unsigned wanted, lu_pose poses[LU_MOST_POSES])
{
	static const struct {
		lu_pose poses[8];
		size_t count;
	} laid[] = {{{0}, 1}, {{0, 4, 6}, 3}, {{0, 1, 2, 3}, 4}, {{0, 1, 2, 3, 4, 5, 6, 7}, 8}};
	const unsigned way = wanted & (LU_AUGMENT_FLIPS | LU_AUGMENT_ROTATIONS);
	const size_t count = laid[way].count;

	memcpy(poses, laid[way].poses, count);
	if ((wanted & LU_AUGMENT_COLOUR) == 0)
		return count;
	for (size_t i = 0; i < count; i++)
		poses[count + i] = poses[i] | LU_POSE_RECOLOURED;
	return 2 * count;
}
