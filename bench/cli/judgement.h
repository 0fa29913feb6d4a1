/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A judge's report, as it is printed and kept. */
#ifndef BENCH_CLI_JUDGEMENT_H
#define BENCH_CLI_JUDGEMENT_H

#include "bench/cli/options.h"
#include "results/gate.h"

struct mh_judgement {
	const char *command; /* "gate" */
	const struct mh_options *options;
	const char *folder; /* gets gate.json and report.txt; NULL: none */
	const char *head;   /* what stands above: the sides, what was left out */
	const struct mh_gate_rule *rule;
};

/* Prints it by --format, -q and --color, and writes it. Return: an exit code, of printing and writing alone. */
int mh_judgement_tell(const struct mh_judgement *judgement, const struct mh_gate_report *report);

#endif
