/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The commands of memhp-bench. Each takes argc and argv with argv[0] = the command's name and returns the exit code
 * (exit_codes.h). Results go to stdout, everything else to stderr.
 */
#ifndef BENCH_CLI_COMMANDS_H
#define BENCH_CLI_COMMANDS_H

struct mh_command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *help;
};

/* All of them, in the order in which the help lists them; one without a name at the end. */
extern const struct mh_command mh_commands[];

int mh_cmd_run(int argc, char **argv);
int mh_cmd_ab(int argc, char **argv);
int mh_cmd_compare(int argc, char **argv);
int mh_cmd_gate(int argc, char **argv);
int mh_cmd_calibrate(int argc, char **argv);
int mh_cmd_check(int argc, char **argv);
int mh_cmd_init(int argc, char **argv);
int mh_cmd_doctor(int argc, char **argv);
int mh_cmd_list(int argc, char **argv);
int mh_cmd_describe(int argc, char **argv);
int mh_cmd_topology(int argc, char **argv);
int mh_cmd_show(int argc, char **argv);
int mh_cmd_module(int argc, char **argv);
int mh_cmd_report(int argc, char **argv);
int mh_cmd_explain(int argc, char **argv);
int mh_cmd_export(int argc, char **argv);
int mh_cmd_merge(int argc, char **argv);
int mh_cmd_sweep_faults(int argc, char **argv);
int mh_cmd_conform(int argc, char **argv);
int mh_cmd_costs(int argc, char **argv);
int mh_cmd_micro(int argc, char **argv);
int mh_cmd_verify(int argc, char **argv);
int mh_cmd_completion(int argc, char **argv);
int mh_cmd_version(int argc, char **argv);

#endif
