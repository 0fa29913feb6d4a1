/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench COMMAND: finds the command and hands over.
 */
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/rcu.h"
#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"

#define COMMANDS_MAX 64 /* of which an unknown one is held against */
/* Larger memory is always mapped. Left alone, malloc would keep a ring that a phase has freed, and calloc for the next
 * phase would write zeros over all of it: 20 MB of touched memory instead of the part that is used. */
#define MAPPED_BYTES (1 << 20)

static void print_usage(FILE *stream)
{
	fprintf(stream, "Usage: memhp-bench COMMAND [ARGUMENT...]\n\n"
			"Stress and fault injection for memory hotplug notifiers, after the protocol of Linux 6.1, "
			"6.12 or 7.3.\n\n");
	for (size_t i = 0; mh_commands[i].name; i++)
		fprintf(stream, "  %-12s  %s\n", mh_commands[i].name, mh_commands[i].help);
	fprintf(stream, "\nmemhp-bench COMMAND --help tells the options of a command.\n"
			"Begin with: memhp-bench init > first.yaml && memhp-bench run first.yaml\n");
}

static int unknown_command(const char *name)
{
	const char *names[COMMANDS_MAX];
	const char *nearest;
	size_t count = 0;

	while (mh_commands[count].name && count < COMMANDS_MAX) {
		names[count] = mh_commands[count].name;
		count++;
	}
	nearest = mh_text_nearest(name, names, count);
	if (nearest)
		fprintf(stderr, "memhp-bench: unknown command '%s' (did you mean '%s'?)\n", name, nearest);
	else
		fprintf(stderr, "memhp-bench: unknown command '%s'; memhp-bench --help lists them\n", name);
	return MH_EXIT_USAGE;
}

/* A result that nobody took is not a success. */
static int flush_stdout(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	fprintf(stderr, "memhp-bench: cannot write to stdout\n");
	return mh_exit_combine(code, MH_EXIT_ABORTED);
}

int main(int argc, char **argv)
{
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	setlocale(LC_CTYPE, ""); /* for the character set only: numbers stay as they are everywhere */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a file at the limit of `ulimit -f` is a full disk, told by the write that fails */
	if (argc < 2) {
		print_usage(stderr);
		return MH_EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
		print_usage(stdout);
		return flush_stdout(MH_EXIT_DONE);
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0)
		argv[1] = (char *)"version";
	mh_rcu_thread_register();
	for (size_t i = 0; mh_commands[i].name; i++)
		if (strcmp(argv[1], mh_commands[i].name) == 0)
			return flush_stdout(mh_commands[i].run(argc - 1, argv + 1));
	return unknown_command(argv[1]);
}
