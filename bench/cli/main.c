/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench COMMAND: finds the command and hands over.
 */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/rcu.h"
#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
};

static const struct command commands[] = {
	{"run", mh_cmd_run, "run a scenario, print the report, write the result folder"},
	{"check", mh_cmd_check, "find every error of a scenario; cells, time and memory needed"},
	{"init", mh_cmd_init, "write a commented starter scenario"},
	{"ab", mh_cmd_ab, "two sides run in turn with the same seeds: what is the difference?"},
	{"gate", mh_cmd_gate, "the same, or two result folders, with a verdict and an exit code for CI"},
	{"compare", mh_cmd_compare, "two result folders: what is the difference?"},
	{"calibrate", mh_cmd_calibrate, "how noisy a scenario is here, and what its gate can find"},
	{"doctor", mh_cmd_doctor, "what this machine can measure and what not"},
	{"list", mh_cmd_list, "faults, workloads, chains, events, metrics, invariants"},
	{"describe", mh_cmd_describe, "one of them, or `scenario`: parameters, units, defaults"},
	{"topology", mh_cmd_topology, "nodes and blocks of a machine"},
	{"show", mh_cmd_show, "the report of a result folder"},
	{"report", mh_cmd_report, "one self-contained HTML page of a result, a sweep, or several results"},
	{"module", mh_cmd_module, "what a module registers; --check: its contract, tried exhaustively"},
	{"explain", mh_cmd_explain, "the worst operations of a result folder, taken apart"},
	{"export", mh_cmd_export, "a result in a format that other tools read"},
	{"merge", mh_cmd_merge, "add shards of one scenario up to one result folder"},
	{"sweep-faults", mh_cmd_sweep_faults, "one run per fault site: what does each single failure break?"},
	{"conform", mh_cmd_conform, "replay recorded traces of a real kernel, and compare"},
	{"version", mh_cmd_version, "version and build"},
};

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static void print_usage(FILE *stream)
{
	fprintf(stream, "Usage: memhp-bench COMMAND [ARGUMENT...]\n\n"
			"Stress and fault injection for memory hotplug notifiers, after the protocol of Linux 6.1, "
			"6.12 or 7.3.\n\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		fprintf(stream, "  %-12s  %s\n", commands[i].name, commands[i].help);
	fprintf(stream, "\nmemhp-bench COMMAND --help tells the options of a command.\n"
			"Begin with: memhp-bench init > first.yaml && memhp-bench run first.yaml\n");
}

static int unknown_command(const char *name)
{
	const char *names[COMMAND_COUNT];
	const char *nearest;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i].name;
	nearest = mh_text_nearest(name, names, COMMAND_COUNT);
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
	setlocale(LC_CTYPE, ""); /* for the character set only: numbers stay as they are everywhere */
	signal(SIGPIPE, SIG_IGN);
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
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return flush_stdout(commands[i].run(argc - 1, argv + 1));
	return unknown_command(argv[1]);
}
