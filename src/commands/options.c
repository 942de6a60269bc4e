/*
 * options.c: what holds where a caller says nothing: every default of landuse/commands.h and landuse/model.h that is a value.
 *
 * What stays 0, NULL or AUTO is found when it is needed, as the header says beside the member.
 */
#include "landuse/commands.h"
#include "landuse/model.h"

#include "accuracy/sample_file.h"
#include "chips/valid.h"

/* The seed of every draw. */
enum { SEED = 1 };

/* A cell is inside a boundary when half of it is. */
static const double half = 0.5;

void lu_run_options_init(struct lu_run_options *options)
{
	*options = (struct lu_run_options){.shard = -1};
}

void lu_init_options_init(struct lu_init_options *options)
{
	*options = (struct lu_init_options){0};
}

void lu_shard_options_init(struct lu_shard_options *options)
{
	*options = (struct lu_shard_options){0};
	lu_run_options_init(&options->run);
}

void lu_classify_options_init(struct lu_classify_options *options)
{
	*options = (struct lu_classify_options){.date = "map", .model = "aerial-21", .min_valid = LU_MIN_VALID};
}

void lu_report_options_init(struct lu_report_options *options)
{
	*options = (struct lu_report_options){0};
}

void lu_verify_options_init(struct lu_verify_options *options)
{
	*options = (struct lu_verify_options){0};
}

void lu_change_options_init(struct lu_change_options *options)
{
	*options = (struct lu_change_options){0};
}

void lu_sample_options_init(struct lu_sample_options *options)
{
	*options = (struct lu_sample_options){.least_share = half, .seed = SEED};
}

static struct lu_chip_options chips(void)
{
	return (struct lu_chip_options){.min_valid = LU_MIN_VALID};
}

void lu_tile_options_init(struct lu_tile_options *options)
{
	*options = (struct lu_tile_options){.chips = chips(), .format = LU_CHIP_GEOTIFF};
}

void lu_label_options_init(struct lu_label_options *options)
{
	*options = (struct lu_label_options){.chips = chips(),
					     .scheme = "landcover-7",
					     .rule = {LU_RULE_NINE_POINT, 0},
					     .format = LU_CHIP_PNG,
					     .seed = SEED,
					     .split_by = LU_SPLIT_BY_BLOCK,
					     .block_cells = 8,
					     .validate = 0.15,
					     .test = 0.15};
}

void lu_train_options_init(struct lu_train_options *options)
{
	*options = (struct lu_train_options){
		.weighing = LU_WEIGHING_BALANCED, .folds = 5, .block_numbers = LU_BLOCK_NUMBERS, .seed = SEED};
}

void lu_quantize_options_init(struct lu_quantize_options *options)
{
	/* The limit: ResNet-20 of CIFAR-10 keeps less than 99 of 100 labels at 0.023, and more at 0.017. */
	*options = (struct lu_quantize_options){.calibration = 200, .limit = 0.018};
}

void lu_evaluate_options_init(struct lu_evaluate_options *options)
{
	*options = (struct lu_evaluate_options){.split = LU_SPLIT_HELD_OUT};
}

void lu_assess_options_init(struct lu_assess_options *options)
{
	*options = (struct lu_assess_options){.reference_field = LU_SAMPLE_REFERENCE,
					      .zone_name = "name",
					      .confidence = 95,
					      .intervals = LU_INTERVALS_WILSON};
}

void lu_compare_options_init(struct lu_compare_options *options)
{
	*options = (struct lu_compare_options){.least_share = half};
}

void lu_model_options_init(struct lu_model_options *options)
{
	*options = (struct lu_model_options){0};
}
