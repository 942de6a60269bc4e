/* commands.h: the subcommands; each is in cmd_NAME.c. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "options.h"

extern const struct command command_assess, command_change, command_classify, command_compare, command_evaluate,
	command_help, command_history, command_info, command_init, command_label, command_merge, command_models,
	command_quantize, command_report, command_run, command_sample, command_shard, command_tile, command_train,
	command_verify, command_version;

#endif
