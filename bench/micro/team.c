/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A task is handed over under the lock; the start line is an atomic, so that all are off at once. */
#include "bench/micro/team.h"

#include <errno.h>
#include <stdlib.h>

#include "base/rcu.h"

/* False: the team ends. */
static bool wait_task(struct mh_team *team, uint64_t done)
{
	bool end;

	mh_mutex_lock(&team->lock);
	while (team->task == done && !team->end)
		mh_condition_wait(&team->changed, &team->lock);
	end = team->end;
	mh_mutex_unlock(&team->lock);
	return !end;
}

static void helper_main(void *data)
{
	struct mh_team_helper *helper = data;
	struct mh_team *team = helper->team;

	for (uint64_t done = 0; wait_task(team, done); done++) {
		team->run(team->data, helper->number);
		mh_mutex_lock(&team->lock);
		if (--team->busy == 0)
			mh_condition_broadcast(&team->changed);
		mh_mutex_unlock(&team->lock);
	}
}

int mh_team_start(struct mh_team *team, unsigned size, struct mh_error *reterr)
{
	int ret = 0;

	*team = (struct mh_team){.size = 1};
	mh_mutex_init(&team->lock);
	mh_condition_init(&team->changed);
	team->helpers = calloc(size, sizeof(*team->helpers));
	if (!team->helpers)
		ret = mh_error_set(reterr, -ENOMEM, "no memory for %u threads", size);
	for (; ret == 0 && team->size < size; team->size += ret == 0) {
		struct mh_team_helper *helper = &team->helpers[team->size - 1];

		*helper = (struct mh_team_helper){.team = team, .number = team->size};
		ret = mh_thread_start(&helper->thread, "micro", -1, helper_main, helper, reterr);
	}
	if (ret < 0)
		mh_team_end(team);
	return ret;
}

void mh_team_run(struct mh_team *team, void (*run)(void *data, unsigned thread), void *data)
{
	atomic_store_explicit(&team->met, 0, memory_order_relaxed); /* the lock below hands it over */
	mh_mutex_lock(&team->lock);
	team->run = run;
	team->data = data;
	team->busy = team->size - 1;
	team->task++;
	mh_condition_broadcast(&team->changed);
	mh_mutex_unlock(&team->lock);
	run(data, 0);
	mh_mutex_lock(&team->lock);
	while (team->busy)
		mh_condition_wait(&team->changed, &team->lock);
	mh_mutex_unlock(&team->lock);
}

void mh_team_meet(struct mh_team *team)
{
	bool offline = mh_rcu_wait_begin();
	unsigned turns = 0;

	/* Release: what a thread did before, such as to skip, is seen by those that find it here (acquire); without it
	 * one of them might run its loop and another not. */
	atomic_fetch_add_explicit(&team->met, 1, memory_order_acq_rel);
	while (atomic_load_explicit(&team->met, memory_order_acquire) < team->size)
		mh_spin_turn(&turns);
	mh_rcu_wait_end(offline);
}

void mh_team_end(struct mh_team *team)
{
	if (!team->size)
		return;
	mh_mutex_lock(&team->lock);
	team->end = true;
	mh_condition_broadcast(&team->changed);
	mh_mutex_unlock(&team->lock);
	for (unsigned i = 0; i + 1 < team->size; i++)
		mh_thread_join(&team->helpers[i].thread);
	free(team->helpers);
	mh_condition_release(&team->changed);
	mh_mutex_release(&team->lock);
	*team = (struct mh_team){0};
}
