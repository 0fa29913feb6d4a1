/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One run of one cell, in this process or in a fresh one, with its files in the result folder.
 */
#ifndef BENCH_CLI_JOB_H
#define BENCH_CLI_JOB_H

#include "bench/cli/options.h"
#include "bench/cli/progress.h"
#include "bench/engine/plan.h"
#include "results/result.h"

struct mh_job {
	const struct mh_plan *plan;
	const struct mh_plan_cell *cell;
	unsigned run;     /* from 1, as the folder counts */
	const char *path; /* of the run's folder */
	const char *repro;
	bool census;                       /* count where each fault is asked; only in this process */
	const struct mh_result_pair *pair; /* the pair that the run is of; NULL: none */
	const char *program;               /* of a fresh process; NULL: this one */
	const char *log;                   /* file that a fresh process's stderr goes to; NULL: ours */
	const char *blocks;                /* of a kernel, that a run with mode: kernel may touch; NULL: none */
	const char *kernel_root;           /* folder of a made-up kernel's files; NULL: this system's */
	struct mh_progress_line *progress;
	bool *ret_hung; /* set when threads were left behind: the plan stays theirs, and nothing more runs here */
};

/**
 * mh_job_run - execute in this process and write run.json
 *
 * Return: the exit code. What was refused is said on stderr.
 */
int mh_job_run(const struct mh_job *job, struct mh_result *result);

/**
 * mh_job_spawn - the same in a fresh process of this program
 * @arguments: argv of this program, NULL-terminated; which run it is to be is added
 */
int mh_job_spawn(const struct mh_job *job, char *const *arguments);

/* In that process: the pair that it is of, or false. Its treatment lives as long as the environment. */
bool mh_job_pair(struct mh_result_pair *ret_pair);

/* What the run in the folder @path has left in its run.json: 0; -errno where nothing can be read. */
int mh_job_load(const char *path, struct mh_result *result);

#endif
