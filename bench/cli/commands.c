/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of commands: main.c finds one in it, and the completion goes through all. */
#include "bench/cli/commands.h"

const struct mh_command mh_commands[] = {
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
	{"costs", mh_cmd_costs, "durations recorded on a kernel: record them, validate them"},
	{"micro", mh_cmd_micro, "micro-benchmarks: single mechanisms, and yours, as Google Benchmark runs them"},
	{"verify", mh_cmd_verify, "the checkers again, over the history that a result folder keeps"},
	{"completion", mh_cmd_completion, "a script that completes commands and options in bash"},
	{"version", mh_cmd_version, "version and build"},
	{0},
};
