/*
 * label.c: landuse label: a labelled chip set from imagery and a land-cover raster, or labels that somebody drew.
 *
 *	find and label --> leave out repetitions --> cap --> group and split --> separate --> write
 *
 * Two walks over the imagery: the first labels and hashes, the second writes what is kept, so that
 * no chip reaches the disk that is not in the set. Memory: one batch of chips, GDAL's cache, and
 * some 300 bytes a chip.
 */
#include "landuse/commands.h"

#include <jansson.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "accuracy/sample_cells.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hooks.h"
#include "base/memory.h"
#include "chipset/candidates.h"
#include "chipset/chip_batch.h"
#include "chipset/chip_facts.h"
#include "chipset/chip_index.h"
#include "chipset/groups.h"
#include "chipset/set_folder.h"
#include "commands/chip_request.h"
#include "grid/grid_over.h"
#include "models/locate.h"
#include "raster/reads.h"
#include "report/label_text.h"

struct labelling {
	const struct lu_label_options *options;
	enum lu_codes codes; /* never AUTO */
	struct lu_code_table *table; /* LU_CODES_TABLE */
	struct lu_scheme *scheme;
	struct lu_sample_cells cells; /* of the reference, where it is a labelled sample */
	struct lu_chip_source *source;
	struct lu_reference *reference;
	struct lu_set_folder *folder;
	struct lu_candidates candidates;
	uint64_t *found; /* one a class */
	double *weights; /* one a class: of its chips in training */
	char **class_folders; /* one a class */
	struct lu_groups groups;
	struct lu_label_counts counts;
};

/* Are the labels polygons or points? */
static bool is_drawn(const struct lu_label_options *options)
{
	static const char *const kinds[] = {".gpkg", ".shp", ".geojson", ".json", ".csv", ".fgb", ".gdb", ".kml"};
	const size_t length = strlen(options->reference);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (length > strlen(kinds[i]) &&
		    strcasecmp(options->reference + length - strlen(kinds[i]), kinds[i]) == 0)
			return true;
	return options->field != NULL;
}

static enum lu_status read_codes(struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	char *path = NULL;
	enum lu_status status = LU_OK;

	labelling->codes = options->codes;
	if (options->codes == LU_CODES_AUTO)
		labelling->codes = is_drawn(options) ? LU_CODES_SCHEME : LU_CODES_NLCD;
	if (labelling->codes != LU_CODES_TABLE)
		return LU_OK;
	if (options->code_table == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "the table of codes is not named (code_table)");
	LU_TRY(lu_locate_codes(options->code_table, ".", &path, err));
	LU_TRY(lu_code_table_read(path, &labelling->table, err));
out:
	lu_free(path);
	return status;
}

/* The words of set.json for what was chosen. */
static const char *codes_word(const struct labelling *labelling)
{
	return labelling->codes == LU_CODES_TABLE    ? labelling->options->code_table
	       : labelling->codes == LU_CODES_SCHEME ? "scheme"
						     : "nlcd";
}

static const char *split_word(const struct lu_label_options *options)
{
	return options->split_by == LU_SPLIT_BY_BLOCK  ? "block"
	       : options->split_by == LU_SPLIT_BY_FILE ? "file"
						       : options->split_field;
}

static json_t *rule_word(const struct lu_label_rule *rule)
{
	return rule->kind == LU_RULE_PURITY      ? json_sprintf("purity:%g", rule->purity)
	       : rule->kind == LU_RULE_PLURALITY ? json_string("plurality")
						 : json_string("nine-point");
}

static enum lu_status check_options(const struct lu_label_options *options, struct lu_error *err)
{
	if (options->rule.kind == LU_RULE_PURITY && !(options->rule.purity > 0.5 && options->rule.purity <= 1))
		return lu_fail(err, LU_ERROR_ARGUMENT, "purity is %g, it should be above 0.5 and up to 1",
			       options->rule.purity);
	if (options->split_by == LU_SPLIT_BY_FIELD && options->split_field == NULL)
		return lu_fail(err, LU_ERROR_ARGUMENT, "the field that splits is not named (split_field)");
	if (options->block_cells < 1)
		return lu_fail(err, LU_ERROR_ARGUMENT, ".block_cells is %d, it should be 1 or more",
			       options->block_cells);
	return LU_OK;
}

static enum lu_status open_scheme(struct labelling *labelling, struct lu_error *err)
{
	char *path = NULL;
	enum lu_status status;

	LU_TRY(lu_locate_scheme(labelling->options->scheme, ".", &path, err));
	LU_TRY(lu_scheme_read(path, &labelling->scheme, err));
	const size_t count = labelling->scheme->class_count;
	LU_TRY(lu_alloc(&labelling->found, count, sizeof(*labelling->found), "classes", err));
	LU_TRY(lu_alloc(&labelling->weights, count, sizeof(*labelling->weights), "classes", err));
	LU_TRY(lu_alloc(&labelling->class_folders, count, sizeof(char *), "classes", err));
	for (size_t k = 0; k < count; k++) {
		labelling->class_folders[k] = lu_set_class_folder(labelling->scheme->classes[k].name);
		LU_TRY(labelling->class_folders[k] != NULL ? LU_OK
							   : lu_fail(err, LU_ERROR_MEMORY, "out of memory: classes"));
	}
out:
	lu_free(path);
	return status;
}

/* Somebody has looked at a sample's cells, so its chips are these, unless others are asked for. */
static enum lu_status lay_on_sample(struct labelling *labelling, struct lu_chip_request *request, struct lu_error *err)
{
	const struct lu_chip_options *chips = &labelling->options->chips;
	struct lu_sample_cells *cells = &labelling->cells;
	struct lu_grid_request *grid = &request->grid;
	enum lu_status status = LU_OK;

	if (!is_drawn(labelling->options) || chips->cell_m > 0 || chips->model != NULL || chips->crs != NULL ||
	    chips->chip_px > 0 || chips->stride_px > 0 || chips->resolution > 0)
		return LU_OK;
	LU_TRY(lu_sample_cells_read(labelling->options->reference, cells, err));
	if (cells->crs_wkt == NULL)
		goto out;
	grid->crs = cells->crs_wkt;
	grid->cell_m = cells->side_m;
	memcpy(grid->side, cells->side, sizeof(cells->side));
	memcpy(grid->origin, cells->origin, sizeof(cells->origin));
	grid->has_origin = true;
out:
	return status;
}

static enum lu_status open_inputs(struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	const struct lu_reference_source reference = {.labels = {.path = options->reference,
								 .layer = options->reference_layer,
								 .field = options->field,
								 .hooks = options->hooks},
						      .shapes = is_drawn(options),
						      .scheme = labelling->scheme,
						      .codes = labelling->codes,
						      .table = labelling->table};
	struct lu_chip_request request;
	enum lu_status status;

	LU_TRY(lu_chip_request_make(&options->chips, options->hooks, &request, err));
	LU_TRY(lay_on_sample(labelling, &request, err));
	LU_TRY(lu_chip_source_open(&request, &labelling->source, err));
	if (!options->no_chips)
		LU_TRY(lu_chip_format_check(options->format, labelling->source->bands, err));
	LU_TRY(lu_reference_open(&reference, labelling->source->grid.cells.crs_wkt, &labelling->reference, err));
	if (!lu_reference_overlaps(labelling->reference, lu_frame_box(&labelling->source->grid.cells)))
		status = lu_fail(err, LU_ERROR_MISMATCH,
				 "%s: does not overlap the imagery (is it of another county, or its CRS mislabelled?)",
				 options->reference);
out:
	return status;
}

static enum lu_status guard_inputs(const struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	struct lu_inputs inputs = {0};
	enum lu_status status;

	LU_TRY(lu_chip_source_inputs(labelling->source, &inputs, err));
	LU_TRY(lu_inputs_add(&inputs, labelling->scheme->path, err));
	if (labelling->table != NULL)
		LU_TRY(lu_inputs_add(&inputs, labelling->table->path, err));
	LU_TRY(lu_reads_add(&inputs, options->reference, err));
	LU_TRY(lu_set_folder_guard(options->output, &inputs, err));
out:
	lu_inputs_release(&inputs);
	return status;
}

/* A reference may be a whole country: its name, size and time stand for its bytes. */
static json_t *reference_facts(const char *path)
{
	struct stat facts = {0};

	stat(path, &facts);
	return json_pack("{s:s, s:I, s:I, s:I}", "path", path, "bytes", (json_int_t)facts.st_size, "modified",
			 (json_int_t)facts.st_mtime, "nanoseconds", (json_int_t)facts.st_mtim.tv_nsec);
}

static json_t *names_json(const char *const *names, size_t count)
{
	json_t *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, json_string(names[i]));
	return list;
}

static json_t *make_facts(const struct labelling *labelling)
{
	const struct lu_label_options *options = labelling->options;
	const struct lu_scheme *scheme = labelling->scheme;
	json_t *classes = json_array();
	json_t *facts = lu_chip_facts("label", labelling->source,
				      options->no_chips ? "none" : lu_chip_extension(options->format));

	for (size_t k = 0; k < scheme->class_count; k++)
		json_array_append_new(classes, json_pack("{s:i, s:s}", "value", scheme->classes[k].value, "name",
							 scheme->classes[k].name));
	json_object_set_new(facts, "reference", reference_facts(options->reference));
	json_object_set_new(facts, "codes", json_string(codes_word(labelling)));
	if (options->field != NULL)
		json_object_set_new(facts, "field", json_string(options->field));
	json_object_set_new(facts, "rule", rule_word(&options->rule));
	json_object_set_new(facts, "scheme", json_string(scheme->name));
	json_object_set_new(facts, "scheme_sha256", json_string(scheme->sha256));
	json_object_set_new(facts, "classes", classes);
	json_object_set_new(facts, "per_class", json_integer((json_int_t)options->per_class));
	json_object_set_new(facts, "dedupe_bits", options->dedupe ? json_integer(options->dedupe_bits) : json_null());
	json_object_set_new(facts, "balance", json_string(options->balance ? "weight" : "none"));
	json_object_set_new(facts, "seed", json_integer((json_int_t)options->seed));
	json_object_set_new(facts, "split_by", json_string(split_word(options)));
	json_object_set_new(facts, "block_cells", json_integer(options->block_cells));
	json_object_set_new(facts, "validate", json_real(options->validate));
	json_object_set_new(facts, "test", json_real(options->test));
	json_object_set_new(facts, "validate_blocks",
			    names_json(options->validate_blocks, options->validate_block_count));
	json_object_set_new(facts, "test_blocks", names_json(options->test_blocks, options->test_block_count));
	return facts;
}

static enum lu_status split(struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	const struct lu_groups_request request = {.by = options->split_by,
						  .field = options->split_field,
						  .block_cells = options->block_cells,
						  .boundary = options->chips.boundary,
						  .layer = options->chips.layer,
						  .where = options->chips.where};
	const struct lu_split_request shares = {.validate = options->validate,
						.test = options->test,
						.validate_groups = options->validate_blocks,
						.validate_group_count = options->validate_block_count,
						.test_groups = options->test_blocks,
						.test_group_count = options->test_block_count,
						.seed = options->seed};
	struct lu_candidates *candidates = &labelling->candidates;
	struct lu_groups *groups = &labelling->groups;
	enum lu_split *sides = NULL;
	enum lu_status status;

	LU_TRY(lu_groups_make(&request, labelling->source, candidates, groups, err));
	LU_TRY(lu_alloc(&sides, groups->count, sizeof(*sides), "splits", err));
	LU_TRY(lu_split_assign((const char *const *)groups->names, groups->sizes, groups->count, &shares, sides, err));
	for (size_t i = 0; i < candidates->count; i++)
		candidates->items[i].split = sides[candidates->items[i].group];
out:
	lu_free(sides);
	return status;
}

/* Weights that let every class of the training chips count the same; 1 for a class that has none, or unasked. */
static void weigh(struct labelling *labelling)
{
	const struct lu_candidates *candidates = &labelling->candidates;
	const size_t classes = labelling->scheme->class_count;
	double *weights = labelling->weights, chips = 0, present = 0;

	for (size_t i = 0; i < candidates->count && labelling->options->balance; i++)
		if (candidates->items[i].split == LU_SPLIT_TRAIN)
			weights[candidates->items[i].class]++;
	for (size_t k = 0; k < classes; k++) {
		chips += weights[k];
		present += weights[k] > 0;
	}
	for (size_t k = 0; k < classes; k++)
		weights[k] = weights[k] > 0 ? chips / (present * weights[k]) : 1;
}

/* From chips with a label to the chips of the set. */
static enum lu_status choose(struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	struct lu_candidates *candidates = &labelling->candidates;
	const struct lu_grid *grid = &labelling->source->grid;
	size_t classes = 0;
	enum lu_status status = LU_OK;

	for (size_t i = 0; i < candidates->count; i++)
		labelling->found[candidates->items[i].class]++;
	if (options->dedupe)
		LU_TRY(lu_candidates_dedupe(candidates, options->dedupe_bits, &labelling->counts.repeated, err));
	if (options->per_class > 0)
		LU_TRY(lu_candidates_cap(candidates, options->per_class, options->seed, &labelling->counts.capped,
					 err));
	LU_TRY(split(labelling, err));
	LU_TRY(lu_candidates_separate(candidates, grid->chip_px, lu_grid_stride(grid), &labelling->counts.between,
				      err));
	weigh(labelling);
	for (size_t k = 0; k < labelling->scheme->class_count; k++)
		classes += labelling->found[k] > 0;
	if (classes == 1)
		lu_log(options->hooks, LU_LEVEL_WARNING,
		       "all chips have one class: there is nothing to learn from them");
out:
	return status;
}

static void warn_of_codes(const struct labelling *labelling)
{
	char *codes = lu_label_unknown_codes(labelling->reference);

	if (codes != NULL && codes[0] != '\0')
		lu_log(labelling->options->hooks, LU_LEVEL_WARNING, "%s: codes that %s %s does not know: %s",
		       labelling->options->reference, labelling->table != NULL ? "table" : "scheme",
		       labelling->table != NULL ? labelling->table->name : labelling->scheme->name, codes);
	lu_free(codes);
}

static enum lu_status make_class_folders(const struct labelling *labelling, struct lu_error *err)
{
	enum lu_status status = LU_OK;

	for (size_t k = 0; k < labelling->scheme->class_count && status == LU_OK; k++) {
		if (labelling->found[k] == 0)
			continue;
		char *path = lu_path_join(labelling->options->output, labelling->class_folders[k]);
		status = path != NULL ? lu_folder_make(path, err)
				      : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path");
		lu_free(path);
	}
	return status;
}

/* One chip into the index, and unless 'batch' is NULL onto the disk. */
static enum lu_status write_one(struct labelling *labelling, struct lu_chip_batch *batch, struct lu_chip_index *index,
				const struct lu_candidate *item, struct lu_error *err)
{
	const char *file = lu_chip_source_file(labelling->source, item->row, item->col);
	const struct lu_frame frame = lu_chip_source_frame(labelling->source, item->row, item->col);
	const struct lu_chip_date date = lu_chip_date(file);
	char *name = lu_set_chip_name(item->row, item->col, lu_chip_extension(labelling->options->format));
	char *path = name != NULL ? lu_path_join(labelling->class_folders[item->class], name) : NULL;
	const struct lu_chip_row row = {.path = batch != NULL ? path : NULL,
					.source = file,
					.date = date.text,
					.row = item->row,
					.col = item->col,
					.frame = &frame,
					.valid_share = item->valid_share,
					.class = labelling->scheme->classes[item->class].name,
					.split = lu_choice_word(LU_CHOICE_SPLIT, item->split),
					.block = labelling->groups.names[item->group],
					.purity = item->share,
					.phash = item->phash,
					.weight = labelling->weights[item->class]};
	enum lu_status status;

	LU_TRY(path != NULL ? lu_chip_index_add(index, &row, err)
			    : lu_fail(err, LU_ERROR_MEMORY, "out of memory: a path"));
	if (batch != NULL) {
		uint8_t *planes, *valid;
		double valid_share;
		lu_chip_batch_buffers(batch, &planes, &valid);
		LU_TRY(lu_chip_source_read(labelling->source, item->row, item->col, planes, valid, &valid_share, err));
		LU_TRY(lu_chip_batch_add(batch, item->row, item->col, path, err));
	}
out:
	lu_free(path);
	lu_free(name);
	return status;
}

static enum lu_status write_set(struct labelling *labelling, bool resumed, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	const struct lu_candidates *candidates = &labelling->candidates;
	struct lu_chip_index *index = NULL;
	struct lu_chip_batch *batch = NULL;
	enum lu_status status;

	LU_TRY(lu_chip_index_begin(options->output, labelling->source->grid.cells.crs_wkt, true, &index, err));
	if (!options->no_chips)
		LU_TRY(make_class_folders(labelling, err));
	if (!options->no_chips)
		LU_TRY(lu_chip_batch_new(labelling->source, options->output, options->format, options->threads, resumed,
					 &batch, err));
	for (size_t i = 0; i < candidates->count && status == LU_OK; i++) {
		status = write_one(labelling, batch, index, &candidates->items[i], err);
		if (status == LU_OK && lu_cancelled(options->hooks))
			status = lu_fail(err, LU_ERROR_CANCELLED, "stopped (the same command goes on from here)");
		lu_progress(options->hooks, "write", i + 1, candidates->count);
	}
	if (status != LU_OK)
		goto out;
	if (batch != NULL)
		LU_TRY(lu_chip_batch_flush(batch, err));
	LU_TRY(lu_imagery_unchanged(labelling->source->imagery, err));
	LU_TRY(lu_chip_index_finish(index, err));
out:
	labelling->counts.written = batch != NULL ? lu_chip_batch_written(batch) : 0;
	lu_chip_batch_free(batch);
	lu_chip_index_free(index);
	return status;
}

/* Everything that can be wrong with the request is found before the folder is touched. */
static enum lu_status make_set(struct labelling *labelling, struct lu_error *err)
{
	const struct lu_label_options *options = labelling->options;
	char *facts = NULL;
	bool resumed = false;
	enum lu_status status;

	LU_TRY(check_options(options, err));
	LU_TRY(read_codes(labelling, err));
	LU_TRY(open_scheme(labelling, err));
	LU_TRY(open_inputs(labelling, err));
	LU_TRY(guard_inputs(labelling, err));
	LU_TRY(lu_chip_facts_text(make_facts(labelling), &facts, err));
	LU_TRY(lu_set_folder_check(options->output, facts, options->overwrite, err));
	status = lu_candidates_find(labelling->source, labelling->reference, &options->rule, options->hooks,
				    &labelling->candidates, err);
	warn_of_codes(labelling); /* where nothing was found they tell why */
	LU_TRY(status);
	LU_TRY(choose(labelling, err));
	LU_TRY(lu_set_folder_open(options->output, facts, options->overwrite, &labelling->folder, &resumed, err));
	LU_TRY(write_set(labelling, resumed, err));
out:
	lu_free(facts);
	return status;
}

enum lu_status lu_label(const struct lu_label_options *options, struct lu_run_summary *summary, struct lu_error *err)
{
	struct labelling labelling = {.options = options};
	const double start = lu_seconds_now();
	char *table = NULL;
	enum lu_status status;

	memset(summary, 0, sizeof(*summary));
	LU_TRY(make_set(&labelling, err));
	summary->chips = labelling.counts.written;
	summary->seconds = lu_seconds_now() - start;
	labelling.counts.weights = options->balance ? labelling.weights : NULL;
	table = lu_label_text(labelling.scheme, labelling.reference, &labelling.candidates, labelling.found,
			      &labelling.groups, &labelling.counts);
	summary->text = table != NULL ? lu_sprintf("%s in %s (%llu files written now); index: %s and %s\n", table,
						   options->output, (unsigned long long)labelling.counts.written,
						   LU_SET_INDEX, LU_SET_PLACES)
				      : NULL;
	if (summary->text == NULL)
		status = lu_fail(err, LU_ERROR_MEMORY, "out of memory: the summary");
out:
	for (size_t k = 0; labelling.class_folders != NULL && k < labelling.scheme->class_count; k++)
		lu_free(labelling.class_folders[k]);
	lu_free(labelling.class_folders);
	lu_free(labelling.found);
	lu_free(labelling.weights);
	lu_free(table);
	lu_groups_release(&labelling.groups);
	lu_candidates_release(&labelling.candidates);
	lu_set_folder_close(labelling.folder);
	lu_reference_close(labelling.reference);
	lu_code_table_free(labelling.table);
	lu_chip_source_close(labelling.source);
	lu_sample_cells_release(&labelling.cells);
	lu_scheme_free(labelling.scheme);
	return status;
}
