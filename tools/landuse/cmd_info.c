/* cmd_info.c: landuse info FILE... */
#include "commands.h"
#include "shared_options.h"
#include "tool.h"

struct request {
	const char *const *files;
	size_t file_count;
	enum lu_precision precision;
	const char *output_name;
	bool json, check_cog;
};
#define AT(place) OPTION_OWN(struct request, place)

static const struct option rows[] = {
	{"FILE", NULL, OPTION_LIST,
	 .meaning =
		 "an image (size, CRS, resolution, ground sample distance, bands, nodata, layout), a map made here "
		 "(classes with counts, model, scheme, date), a network (FILE.onnx: inputs, outputs, parameters, "
		 "memory, "
		 "and which kernel runs each layer), a model package (its folder or model.json), a job or a class "
		 "scheme, vectors such as a GeoPackage or a boundary (layers, features, fields), or the output folder "
		 "of a run (areas, changes, what to open first)",
	 AT(files), .count = offsetof(struct request, file_count), .positional = true, .least = 1,
	 .needed = "name a file", .thing = THING_FILE},
	{"json", NULL, OPTION_TRUE, NULL, "machine-readable, one object a file", AT(json)},
	{"check-cog", NULL, OPTION_TRUE, NULL, "only check that each GeoTIFF is laid out as a Cloud Optimized GeoTIFF",
	 AT(check_cog)},
	PRECISION(struct request, precision, "plan networks for auto (fp32 for a bare file), fp32, fp16, bf16 or int8"),
	{"output-name", NULL, OPTION_TEXT, "NAME", "of networks: plan for this output", AT(output_name),
	 .otherwise = "the file's first"},
};

static int run(struct arguments *arguments)
{
	const struct request *request = arguments->options;
	int code = EXIT_DONE;

	terminal_begin_short();
	for (size_t i = 0; i < request->file_count; i++) {
		const char *file = request->files[i];
		struct lu_error err = {0};
		char *text = NULL;
		const enum lu_status status =
			request->check_cog
				? lu_check_cog(file, &err)
				: lu_info(file, request->precision, request->output_name, request->json, &text, &err);
		if (status != LU_OK)
			code = terminal_fail(&err);
		else if (request->check_cog)
			say_format(stdout, "%s: a Cloud Optimized GeoTIFF\n", file);
		else
			say(stdout, text);
		lu_text_free(text);
	}
	return code;
}

const struct command command_info = {
	"info",
	"tell what a file is: image, map, vectors, job, outputs, model",
	.about = "Tell what a file is.",
	ROWS_OF(rows),
	sizeof(struct request),
	.examples = "landuse info --precision int8 models/aerial-21-int8/model.onnx",
	.failed = "a file cannot be read or is not a COG",
	.run = run,
};
