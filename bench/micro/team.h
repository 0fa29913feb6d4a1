/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The threads of one instance: the caller is number 0, the others wait between samples, so that a sample starts none.
 *
 * Legal order: mh_team_start; mh_team_run any number of times, in each of which every thread calls mh_team_meet once;
 * mh_team_end.
 */
#ifndef BENCH_MICRO_TEAM_H
#define BENCH_MICRO_TEAM_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/sync.h"
#include "base/thread.h"

struct mh_team;

struct mh_team_helper {
	struct mh_thread thread;
	struct mh_team *team;
	unsigned number;
};

struct mh_team {
	unsigned size;                  /* with the caller */
	struct mh_team_helper *helpers; /* size - 1 */
	struct mh_mutex lock;
	struct mh_condition changed;
	uint64_t task; /* how many there have been; lock */
	unsigned busy; /* helpers that are not done with it; lock */
	bool end;      /* lock */
	void (*run)(void *data, unsigned thread);
	void *data;
	atomic_uint met; /* threads that have come to the start line of this task */
};

/* @size: from 1. Return: 0; -ENOMEM, -EAGAIN: nothing was started. */
int mh_team_start(struct mh_team *team, unsigned size, struct mh_error *reterr);
/* @run(@data, 0 … size - 1), each in its thread; returns when all have returned. */
void mh_team_run(struct mh_team *team, void (*run)(void *data, unsigned thread), void *data);
/* Waits until all threads of the task are here. */
void mh_team_meet(struct mh_team *team);
/* Safe on a zeroed struct. */
void mh_team_end(struct mh_team *team);

#endif
