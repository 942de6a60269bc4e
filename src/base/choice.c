/* choice.c: the words of the enums that options are made of, said once: they are read by it, told by it, listed by it. */
#include "landuse/types.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/error.h"

enum { MOST_WORDS = 6, MOST_ALIASES = 3 };

struct word {
	const char *text;
	int value;
};

#define IS "is ", ", it should be "
#define SHOULD "", " should be "

static const struct {
	const char *name; /* of what is chosen, and */
	const char *is, *should; /* what stands before and behind the wrong word, in messages */
	struct word words[MOST_WORDS]; /* as people are told them */
	struct word aliases[MOST_ALIASES]; /* read, too */
} choices[LU_CHOICES] = {
	[LU_CHOICE_ENGINE] = {"engine", IS, {{"onednn", LU_ENGINE_ONEDNN}, {"blas", LU_ENGINE_BLAS}}, {{0}}},
	[LU_CHOICE_PRECISION] = {"precision",
				 SHOULD,
				 {{"auto", LU_PRECISION_AUTO},
				  {"fp32", LU_PRECISION_FP32},
				  {"fp16", LU_PRECISION_FP16},
				  {"bf16", LU_PRECISION_BF16},
				  {"int8", LU_PRECISION_INT8}},
				 {{0}}},
	[LU_CHOICE_CHIP_FORMAT] = {"format",
				   SHOULD,
				   {{"tif", LU_CHIP_GEOTIFF}, {"png", LU_CHIP_PNG}, {"jpg", LU_CHIP_JPEG}},
				   {{"tiff", LU_CHIP_GEOTIFF}, {"geotiff", LU_CHIP_GEOTIFF}, {"jpeg", LU_CHIP_JPEG}}},
	[LU_CHOICE_STRATA] = {"strata",
			      IS,
			      {{"class", LU_STRATA_CLASS},
			       {"change", LU_STRATA_CHANGE},
			       {"probability", LU_STRATA_PROBABILITY},
			       {"flags", LU_STRATA_FLAGS}},
			      {{0}}},
	[LU_CHOICE_ALLOCATION] = {"allocation",
				  IS,
				  {{"proportional", LU_ALLOCATION_PROPORTIONAL},
				   {"equal", LU_ALLOCATION_EQUAL},
				   {"neyman", LU_ALLOCATION_NEYMAN}},
				  {{0}}},
	[LU_CHOICE_ESTIMATOR] = {"estimator",
				 IS,
				 {{"auto", LU_ESTIMATOR_AUTO},
				  {"stratified", LU_ESTIMATOR_STRATIFIED},
				  {"ratio", LU_ESTIMATOR_RATIO}},
				 {{0}}},
	[LU_CHOICE_INTERVALS] = {".intervals",
				 IS,
				 {{"wilson", LU_INTERVALS_WILSON}, {"wald", LU_INTERVALS_WALD}},
				 {{0}}},
	[LU_CHOICE_SPLIT] = {".split",
			     IS,
			     {{"train", LU_SPLIT_TRAIN},
			      {"validate", LU_SPLIT_VALIDATE},
			      {"test", LU_SPLIT_TEST},
			      {"all", LU_SPLIT_NONE}},
			     {{"val", LU_SPLIT_VALIDATE},
			      {"valid", LU_SPLIT_VALIDATE},
			      {"validation", LU_SPLIT_VALIDATE}}},
	[LU_CHOICE_HEAD] = {".head",
			    IS,
			    {{"logistic", LU_HEAD_LOGISTIC},
			     {"forest", LU_HEAD_FOREST},
			     {"forest-2017", LU_HEAD_FOREST_2017}},
			    {{0}}},
};

const char *lu_choice_list(enum lu_choice choice, size_t i)
{
	return i < MOST_WORDS ? choices[choice].words[i].text : NULL;
}

const char *lu_choice_word(enum lu_choice choice, int value)
{
	const struct word *words = choices[choice].words;

	for (size_t i = 0; i < MOST_WORDS && words[i].text != NULL; i++)
		if (words[i].value == value)
			return words[i].text;
	return NULL;
}

/* The value of the one of 'count' words that 'text' is; false: none. Upper and lower case are the same. */
static bool find(const struct word *words, size_t count, const char *text, int *value)
{
	for (size_t i = 0; i < count && words[i].text != NULL; i++) {
		if (strcasecmp(words[i].text, text) == 0) {
			*value = words[i].value;
			return true;
		}
	}
	return false;
}

enum lu_status lu_choice_parse(enum lu_choice choice, const char *text, int *out, struct lu_error *err)
{
	const struct word *words = choices[choice].words;
	char list[160] = "";

	if (find(words, MOST_WORDS, text, out) || find(choices[choice].aliases, MOST_ALIASES, text, out))
		return LU_OK;
	for (size_t i = 0, used = 0; i < MOST_WORDS && words[i].text != NULL && used < sizeof(list); i++) {
		const bool last = i + 1 == MOST_WORDS || words[i + 1].text == NULL;
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
					 i == 0 ? ""
					 : last ? " or "
						: ", ",
					 words[i].text);
	}
	return lu_fail(err, LU_ERROR_ARGUMENT, "%s %s'%.200s'%s%s", choices[choice].name, choices[choice].is, text,
		       choices[choice].should, list);
}
