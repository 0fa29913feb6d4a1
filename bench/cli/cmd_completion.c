/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench completion bash: a script for bash to source.
 *
 * Commands come from their table, options from each command's own parser (MH_OPTIONS_LIST): there is no list here that
 * could grow old. What an option takes is told by the name of its argument: "a|b" are words, DIR a folder, FILE a file.
 */
#include <stdio.h>
#include <string.h>

#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"

struct request {
	const char *shell;
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (request->shell)
			argp_error(state, "one shell, please");
		if (strcmp(argument, "bash") != 0)
			argp_error(state, "there is a completion for bash, none for '%s'", argument);
		request->shell = argument;
		return 0;
	case ARGP_KEY_END:
		if (!request->shell)
			argp_error(state, "for which shell? memhp-bench completion bash");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const char help[] = "A script that completes commands and options."
			   "\vSource it: source <(memhp-bench completion bash)";

static const char *const head[] = {
	"# bash completion of memhp-bench, made by `memhp-bench completion bash`",
	"",
	"# Of command $1, a line an option: \"--LONG -SHORT ARGUMENT\", \"-\" for what it has not.",
	"_memhp_bench_options()",
	"{",
	"\tcase $1 in",
};

static const char *const tail[] = {
	"\tesac",
	"}",
	"",
	"# What option $2 of command $1 takes.",
	"_memhp_bench_argument()",
	"{",
	"\tlocal long short argument",
	"",
	"\twhile read -r long short argument; do",
	"\t\tif [ \"$2\" = \"$long\" ] || [ \"$2\" = \"$short\" ]; then",
	"\t\t\tprintf '%s' \"$argument\"",
	"\t\t\treturn",
	"\t\tfi",
	"\tdone < <(_memhp_bench_options \"$1\")",
	"}",
	"",
	"# All options of command $1.",
	"_memhp_bench_flags()",
	"{",
	"\tlocal long short argument",
	"",
	"\twhile read -r long short argument; do",
	"\t\t[[ $long != --* ]] || printf '%s ' \"$long\"",
	"\t\t[[ $short != -? ]] || printf '%s ' \"$short\"",
	"\tdone < <(_memhp_bench_options \"$1\")",
	"}",
	"",
	"# The words that begin with $2 and are of kind $1: \"a|b\", DIR, FILE, SCENARIO.",
	"_memhp_bench_words()",
	"{",
	"\tcase $1 in",
	"\t*DIR*) compgen -d -- \"$2\" ;;",
	"\t*FILE* | *SCENARIO* | *.jsonl*) compgen -f -- \"$2\" ;;",
	"\t*[A-Z]* | -) ;;",
	"\t*) compgen -W \"${1//|/ }\" -- \"$2\" ;;",
	"\tesac",
	"}",
	"",
	"_memhp_bench()",
	"{",
	"\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]} "
	"kind",
	"",
	"\tCOMPREPLY=()",
	"\tif [ \"$COMP_CWORD\" -eq 1 ]; then",
	"\t\tmapfile -t COMPREPLY < <(compgen -W \"$_memhp_bench_commands\" -- \"$current\")",
	"\t\treturn",
	"\tfi",
	"\t# \"--option=value\" comes in three words.",
	"\tif [ \"$current\" = = ]; then",
	"\t\tcurrent=",
	"\telif [ \"$previous\" = = ]; then",
	"\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}",
	"\tfi",
	"\tkind=$(_memhp_bench_argument \"$command\" \"$previous\")",
	"\tif [ -z \"$kind\" ] || [ \"$kind\" = - ]; then",
	"\t\tif [[ $current == -* ]]; then",
	"\t\t\tmapfile -t COMPREPLY < <(compgen -W \"$(_memhp_bench_flags \"$command\")\" -- \"$current\")",
	"\t\t\treturn",
	"\t\tfi",
	"\t\tkind=$(_memhp_bench_argument \"$command\" ARGUMENTS)",
	"\tfi",
	"\tcase $kind in",
	"\t*DIR* | *FILE* | *SCENARIO*) compopt -o filenames 2>/dev/null ;;",
	"\tesac",
	"\tmapfile -t COMPREPLY < <(_memhp_bench_words \"$kind\" \"$current\")",
	"}",
	"",
	"complete -F _memhp_bench memhp-bench",
};

static void print_lines(const char *const *lines, size_t count)
{
	for (size_t i = 0; i < count; i++)
		puts(lines[i]);
}

#define PRINT_LINES(lines) print_lines(lines, sizeof(lines) / sizeof((lines)[0]))

/* The command prints its options itself, in between. */
static void print_command(const struct mh_command *command)
{
	char *argv[] = {(char *)command->name, (char *)MH_OPTIONS_LIST, NULL};

	printf("\t%s)\n\t\tcat <<-'OPTIONS'\n", command->name);
	(void)command->run(2, argv);
	printf("\t\tOPTIONS\n\t\t;;\n");
}

int mh_cmd_completion(int argc, char **argv)
{
	static const struct argp argp = {NULL, parse, "bash", help, NULL, NULL, NULL};
	struct request request = {.shell = NULL};

	if (mh_options_parse(&argp, "completion", argc, argv, &request))
		return MH_EXIT_USAGE;
	PRINT_LINES(head);
	for (size_t i = 0; mh_commands[i].name; i++)
		print_command(&mh_commands[i]);
	PRINT_LINES(tail);
	printf("_memhp_bench_commands='");
	for (size_t i = 0; mh_commands[i].name; i++)
		printf("%s%s", i ? " " : "", mh_commands[i].name);
	puts("'");
	return MH_EXIT_DONE;
}
