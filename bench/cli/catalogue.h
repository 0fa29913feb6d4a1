/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that has a name: faults, workloads, chains, RCU flavours, events, metrics, invariants and the sections of
 * a scenario, as one list for `list` and `describe`.
 */
#ifndef BENCH_CLI_CATALOGUE_H
#define BENCH_CLI_CATALOGUE_H

#include <stddef.h>

#include "base/schema.h"

#define MH_CATALOGUE_MAX      256
#define MH_CATALOGUE_NAME_MAX 64

struct mh_catalogue_entry {
	const char *group;                /* "faults", "sections" */
	char name[MH_CATALOGUE_NAME_MAX]; /* as scenarios spell it; of a section its path: "chain.notifiers" */
	const char *help;
	const char *checked;                /* of an invariant: when; else NULL */
	const struct mh_schema *parameters; /* NULL: none */
	const struct mh_schema *common;     /* keys that stand beside them: of a fault, of a workload; NULL: none */
};

struct mh_catalogue {
	struct mh_catalogue_entry entries[MH_CATALOGUE_MAX];
	size_t count;
};

void mh_catalogue_fill(struct mh_catalogue *catalogue);

/* The entry of that name, of a section also its last word ("notifiers"), or NULL. */
const struct mh_catalogue_entry *mh_catalogue_find(const struct mh_catalogue *catalogue, const char *name);

#endif
