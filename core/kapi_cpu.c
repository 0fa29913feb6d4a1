/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread of a module is a CPU: it gets the number that fewest threads have when it first asks, and keeps it. So
 * nobody else changes its per-CPU data, preempted or not, until there are more threads than numbers; then who turns
 * preemption off has its CPU alone.
 */
#include "base/assert.h"
#include "base/sync.h"
#include "core/kapi_percpu.h"
#include "core/kapi_thread.h"

static struct {
	struct mh_mutex lock; /* guards users and made */
	bool made;
	unsigned users[MEMHP_CPUS];
	struct mh_mutex alone[MEMHP_CPUS]; /* held while preemption is off on that CPU */
} cpus = {.lock = MH_MUTEX_INIT};

static void make(void)
{
	if (cpus.made)
		return;
	for (unsigned i = 0; i < MEMHP_CPUS; i++)
		mh_mutex_init(&cpus.alone[i]);
	cpus.made = true;
}

/* Lock order: what the last thread of a number did to its data comes before what the next one does, by cpus.lock. */
static int take_number(void)
{
	int best = 0;

	mh_mutex_lock(&cpus.lock);
	make();
	for (int i = 1; i < MEMHP_CPUS; i++)
		if (cpus.users[i] < cpus.users[best])
			best = i;
	cpus.users[best]++;
	mh_mutex_unlock(&cpus.lock);
	return best;
}

static unsigned cpu_of(struct mh_kapi_thread *self)
{
	if (__builtin_expect(self->cpu < 0, 0))
		self->cpu = take_number();
	return (unsigned)self->cpu;
}

unsigned memhp_cpu(void)
{
	return cpu_of(mh_kapi_self());
}

void mh_kapi_cpu_hold(struct mh_kapi_thread *self)
{
	if (self->cpu_is_held)
		return;
	mh_mutex_lock(&cpus.alone[cpu_of(self)]);
	self->cpu_is_held = true;
}

void mh_kapi_cpu_let_go(struct mh_kapi_thread *self)
{
	if (!self->cpu_is_held)
		return;
	self->cpu_is_held = false;
	mh_mutex_unlock(&cpus.alone[self->cpu]);
}

void mh_kapi_cpu_give(struct mh_kapi_thread *self)
{
	mh_kapi_cpu_let_go(self);
	if (self->cpu < 0)
		return;
	mh_mutex_lock(&cpus.lock);
	cpus.users[self->cpu]--;
	mh_mutex_unlock(&cpus.lock);
}
