/* page_completion.c: the rows as scripts for the completion of bash and zsh. */
#include <stdio.h>
#include <string.h>

#include "page.h"
#include "tool.h"

/* "resize|crop" as "resize crop". */
static void put_choices(const char *choices)
{
	while (*choices != '\0') {
		const size_t length = strcspn(choices, "|");

		say_format(stdout, "%.*s%s", (int)length, choices, choices[length] == '|' ? " " : "");
		choices += length + (choices[length] == '|');
	}
}

static bool has_value(const struct option *row)
{
	return option_is_named(row) && row->kind != OPTION_TRUE && row->kind != OPTION_FALSE &&
	       row->kind < OPTION_QUIET;
}

/* How bash completes a value: a function of the script with its arguments. */
static void put_bash_value(const struct option *row)
{
	if (option_choices(row) != NULL) {
		say(stdout, "_landuse_words \"");
		put_choices(option_choices(row));
		say(stdout, "\"");
		return;
	}
	say(stdout, row->thing == THING_WORD      ? ":"
		    : row->thing == THING_FOLDER  ? "_landuse_folders"
		    : row->thing == THING_MODEL   ? "_landuse_models"
		    : row->thing == THING_COMMAND ? "_landuse_words \"$commands\""
						  : "_landuse_files");
}

static void put_bash_command(const struct command *command)
{
	const struct option *row, *operand = NULL, *later = NULL;
	const char *between = "";

	say_format(stdout, "\t%s)\n\t\toptions=\"", command->name);
	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		if (option_is_named(row)) {
			say_format(stdout, "%s--%s", between, row->name);
			between = " ";
		} else if (row->positional) {
			later = operand != NULL ? row : NULL;
			operand = operand != NULL ? operand : row;
		}
	}
	say(stdout, "\"\n\t\tcase $prev in\n");
	for (size_t i = 0; (row = command_row(command, i)) != NULL; i++) {
		if (!has_value(row))
			continue;
		say_format(stdout, "\t\t--%s%s%s) ", row->name, row->brief != NULL ? " | -" : "",
			   row->brief != NULL ? row->brief : "");
		put_bash_value(row);
		say(stdout, "; return ;;\n");
	}
	say(stdout, "\t\tesac\n");
	if (operand != NULL) {
		say(stdout, "\t\t[[ $cur == -* ]] || { ");
		if (later != NULL) {
			say(stdout, "if ((COMP_CWORD > 2)); then ");
			put_bash_value(later);
			say(stdout, "; else ");
		}
		put_bash_value(operand);
		say(stdout, later != NULL ? "; fi; return; }\n" : "; return; }\n");
	}
	say(stdout, "\t\t;;\n");
}

static void put_bash(void)
{
	const char *between = "";

	say(stdout,
	    "# bash completion of landuse, made by `landuse help --completion bash`\n"
	    "_landuse_words() { mapfile -t COMPREPLY < <(compgen -W \"$1\" -- \"$cur\"); }\n"
	    "_landuse_files() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); }\n"
	    "_landuse_folders() { compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); "
	    "}\n"
	    "_landuse_models()\n{\n"
	    "\tlocal names\n"
	    "\tnames=$(\"${COMP_WORDS[0]}\" models --json 2>/dev/null | sed -n 's/^ *\"name\": "
	    "\"\\([^\"]*\\)\".*/\\1/p')\n"
	    "\tcompopt -o filenames 2>/dev/null\n"
	    "\tmapfile -t COMPREPLY < <(compgen -W \"$names\" -- \"$cur\"; compgen -f -- \"$cur\")\n}\n"
	    "_landuse()\n{\n"
	    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev= options= commands=\"");
	for (size_t i = 0; i < all_command_count; i++) {
		say_format(stdout, "%s%s", between, all_commands[i]->name);
		between = " ";
	}
	say(stdout,
	    "\"\n\tCOMPREPLY=()\n"
	    "\t((COMP_CWORD > 0)) && prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	    "\t# --name=value is three words here\n"
	    "\tif [[ $cur == = ]]; then\n\t\tcur=\n"
	    "\telif [[ $prev == = ]]; then\n\t\tprev=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
	    "\tif ((COMP_CWORD == 1)); then\n\t\t_landuse_words \"$commands --help --version\"\n\t\treturn\n\tfi\n"
	    "\tcase ${COMP_WORDS[1]} in\n");
	for (size_t i = 0; i < all_command_count; i++)
		put_bash_command(all_commands[i]);
	say(stdout, "\tesac\n\t_landuse_words \"$options\"\n}\ncomplete -F _landuse landuse\n");
}

/* Text within [...] of an argument of _arguments, which stands in single quotes. */
static void put_zsh_text(const char *text)
{
	for (const char *end = text + strcspn(text, "\n"); text < end;) {
		size_t plain = strcspn(text, "[]:'\\\n");

		say_format(stdout, "%.*s", (int)plain, text);
		text += plain;
		if (text < end)
			say_format(stdout, *text == '\'' ? "'\\%c'" : "\\%c", *text);
		text += text < end;
	}
}

static void put_zsh_value(const struct option *row)
{
	if (option_choices(row) != NULL) {
		say(stdout, "(");
		put_choices(option_choices(row));
		say(stdout, ")");
		return;
	}
	say(stdout, row->thing == THING_WORD      ? " "
		    : row->thing == THING_FOLDER  ? "_files -/"
		    : row->thing == THING_COMMAND ? "_landuse_commands"
						  : "_files");
}

static void put_zsh_row(const struct option *row)
{
	const char *value = option_value_word(row);

	if (row->positional) {
		say_format(stdout, " \\\n\t\t\t'%s:", row->kind == OPTION_LIST ? "*" : "");
		put_zsh_text(row->name);
	} else {
		say_format(stdout, " \\\n\t\t\t%s", row->kind == OPTION_LIST ? "'*'" : "");
		if (row->brief != NULL)
			say_format(stdout, "{-%s,--%s}'[", row->brief, row->name);
		else
			say_format(stdout, "'--%s[", row->name);
		put_zsh_text(row->meaning);
		say(stdout, "]");
	}
	if (has_value(row)) {
		say(stdout, ":");
		put_zsh_text(value != NULL ? value : row->name);
	}
	if (has_value(row) || row->positional) {
		say(stdout, ":");
		put_zsh_value(row);
	}
	say(stdout, "'");
}

static void put_zsh(void)
{
	const struct option *row;

	say(stdout, "#compdef landuse\n"
		    "# zsh completion of landuse, made by `landuse help --completion zsh`\n"
		    "_landuse_commands() {\n\tlocal -a commands\n\tcommands=(\n");
	for (size_t i = 0; i < all_command_count; i++) {
		say_format(stdout, "\t\t'%s:", all_commands[i]->name);
		put_zsh_text(all_commands[i]->summary);
		say(stdout, "'\n");
	}
	say(stdout, "\t)\n\t_describe command commands\n}\n"
		    "_landuse() {\n\tlocal curcontext=$curcontext state line\n"
		    "\t_arguments -C '1: :_landuse_commands' '*:: :->arguments'\n"
		    "\t[[ $state == arguments ]] || return\n"
		    "\tcase $line[1] in\n");
	for (size_t i = 0; i < all_command_count; i++) {
		say_format(stdout, "\t%s)\n\t\t_arguments", all_commands[i]->name);
		for (size_t k = 0; (row = command_row(all_commands[i], k)) != NULL; k++)
			if (row->kind != OPTION_HEADING)
				put_zsh_row(row);
		say(stdout, "\n\t\t;;\n");
	}
	say(stdout, "\tesac\n}\n_landuse \"$@\"\n");
}

bool page_completion(const char *shell)
{
	if (strcmp(shell, "bash") == 0)
		put_bash();
	else if (strcmp(shell, "zsh") == 0)
		put_zsh();
	else
		return false;
	return true;
}
