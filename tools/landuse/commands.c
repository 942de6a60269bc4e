/* commands.c: every command, in the order of the overview. */
#include "commands.h"

const struct command *const all_commands[] = {
	&command_init,     &command_run,     &command_classify, &command_change, &command_sample, &command_train,
	&command_evaluate, &command_assess,  &command_compare,  &command_report, &command_info,   &command_tile,
	&command_label,    &command_history, &command_models,   &command_verify, &command_shard,  &command_merge,
	&command_quantize, &command_version, &command_help};
const size_t all_command_count = sizeof(all_commands) / sizeof(all_commands[0]);
