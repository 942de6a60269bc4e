/* cmd_info.c: landuse info FILE... */
#include <stdio.h>

#include "tool.h"

static const char help[] =
	"usage: landuse info [options] FILE...\n"
	"\n"
	"Tell what a file is: an image (size, CRS, resolution, ground sample distance, bands, nodata,\n"
	"layout), a map made here (classes with counts, model, scheme, date), a network (FILE.onnx: inputs,\n"
	"outputs, parameters, memory, and which kernel runs each layer) or a model package (its folder or\n"
	"model.json).\n"
	"\n"
	"options:\n"
	"  --json             machine-readable, one object a file\n"
	"  --check-cog        only check that each GeoTIFF is laid out as a Cloud Optimized GeoTIFF\n"
	"  --precision NAME   plan networks for auto, fp32, fp16, bf16 or int8 (default auto: fp32 for a bare file)\n"
	"  -h, --help         this page\n"
	"\n"
	"example: landuse info --precision int8 models/aerial-21-int8/model.onnx\n"
	"\n" EXIT_CODES_HELP("done", "a file cannot be read or is not a COG");

static int run(int argc, char **argv)
{
	enum { JSON = 1, CHECK_COG, PRECISION };
	static const struct option_spec specs[] = {
		{"--json", 0, false, JSON}, {"--check-cog", 0, false, CHECK_COG}, {"--precision", 0, true, PRECISION}};
	const char *precision = NULL;
	struct lu_error err = {0};
	bool json = false, check_cog = false;
	int files = 0, exit_code = EXIT_DONE;
	struct options options = options_begin(&command_info, specs, sizeof(specs) / sizeof(specs[0]), argc, argv);

	for (int id = options_next(&options); id != OPTION_END; id = options_next(&options)) {
		if (id == JSON)
			json = true;
		else if (id == CHECK_COG)
			check_cog = true;
		else if (id == PRECISION)
			precision = options.value;
		else if (id == OPTION_POSITIONAL)
			argv[files++] = argv[options.at - 1]; /* files move to the front; argv[0] is done with */
		else
			return EXIT_USAGE;
	}
	if (files == 0)
		return usage_error(&command_info, "name a file");
	terminal_begin_short();
	for (int i = 0; i < files; i++) {
		char *text = NULL;
		const enum lu_status status =
			check_cog ? lu_check_cog(argv[i], &err) : lu_info(argv[i], precision, json, &text, &err);
		if (status != LU_OK)
			exit_code = terminal_fail(&err);
		else if (check_cog)
			say_format(stdout, "%s: a Cloud Optimized GeoTIFF\n", argv[i]);
		else
			say(stdout, text);
		lu_text_free(text);
	}
	return exit_code;
}

const struct command command_info = {"info", "tell what an image, map, network or model package is", help, run};
