/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a file to what is to be run: the sweep expanded into cells, each a scenario of its own, and the seed of each
 * run.
 *
 * Legal order: mh_plan_load, read it, mh_plan_free. A plan is immutable and may be read by any thread.
 */
#ifndef BENCH_ENGINE_PLAN_H
#define BENCH_ENGINE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "bench/engine/scenario.h"

#define MH_PLAN_CELLS_MAX 1000 /* after `exclude` */

/* One change from the command line: `-D KEY=VALUE`, `--seed S`, `--runs N`. */
struct mh_plan_override {
	const char *label; /* what errors show as the place: "-D machine.block_size=2GiB" */
	const char *key;   /* "faults.enomem.trigger.probability": list items by name */
	const char *value; /* a scalar, or YAML when it begins with [ or { */
};

struct mh_plan_request {
	const char *path;                         /* of the scenario file */
	const struct mh_plan_override *overrides; /* in order; later ones win */
	size_t override_count;
	const char *const *modules; /* --module "FILE.so NAME=VALUE …": added behind the scenario's own; paths from the
				       current folder */
	size_t module_count;
	const char *const *replacements; /* --replace-module FILE.so: instead of the module of the same file name, of
					    the scenario or of @modules; added where there is none */
	size_t replacement_count;
	const char *duration; /* --duration: instead of the `for` of each measure phase; NULL: none */
	uint64_t ops;         /* --ops: bounds each phase that `for` or more `ops` bound; 0: as the file says */
	bool sweeps;          /* faults that a sweep makes fire are held back, and named in plan->swept */
	double time_scale;    /* --time-scale; 0 means 1 */
};

struct mh_plan_parameter {
	char *name, *value;
};

struct mh_plan_cell {
	char *id; /* "main", or "nodes=2,chain=rcu-list": safe as the name of a folder */
	struct mh_plan_parameter *parameters;
	size_t parameter_count;
	struct mh_scenario *scenario;
};

struct mh_plan {
	char *name; /* the scenario's */
	char *path;
	char *source; /* the bytes of the scenario file, as read */
	size_t source_size;
	uint64_t seed;
	uint64_t runs; /* of each cell */
	struct mh_plan_cell *cells;
	size_t cell_count;
	char **swept; /* names of the faults with `trigger.nth: sweep`, or of all; only with request.sweeps */
	size_t swept_count;
};

/* A trigger that never fires, for a fault that is held back. */
#define MH_PLAN_NEVER "{nth: 18446744073709551615}"

/**
 * mh_plan_load - read, check and expand a scenario
 * @ret_plan: to be freed by mh_plan_free
 * @messages: every error, as "FILE:LINE:COLUMN: error: ..." with the source line and a caret, ready to be printed; may
 * be filled with warnings on success
 *
 * Every error of the file is found in one pass. Return: 0; -EINVAL the scenario is wrong, -ENOENT, -EACCES, -EISDIR,
 * -EFBIG … it cannot be read (all of them are exit 2); -ENOMEM.
 */
int mh_plan_load(const struct mh_plan_request *request, struct mh_plan **ret_plan, struct mh_text *messages);
void mh_plan_free(struct mh_plan *plan);

/**
 * mh_plan_seed - the seed of one run
 * @seed: the plan's
 * @cell_id: as in struct mh_plan_cell
 * @run: from 0
 *
 * mh_rng_key(seed, "cell/" followed by the cell's id, run): it depends on the cell alone, so that a cell keeps its seed
 * when others come and go.
 */
uint64_t mh_plan_seed(uint64_t seed, const char *cell_id, uint64_t run);

#endif
