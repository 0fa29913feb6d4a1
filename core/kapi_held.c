/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A short list a thread, the newest last. The thread alone writes it, under its record's lock for who looks from
 * outside; the thread itself reads it without.
 */
#include "core/kapi_held.h"

#include <stdio.h>
#include <string.h>

#include "core/kapi_thread.h"

static const struct kind {
	const char *name;
	const char *text; /* with name and place */
	bool atomic;      /* sleeping is forbidden meanwhile */
} kinds[] = {
	[MH_KAPI_SPIN] = {"spinlock", "the spinlock '%s' held, taken at %s", true},
	[MH_KAPI_RAW_SPIN] = {"raw spinlock", "the raw spinlock '%s' held, taken at %s", true},
	[MH_KAPI_MUTEX] = {"mutex", "the mutex '%s' held, taken at %s", false},
	[MH_KAPI_RWLOCK] = {"rwlock", "the rwlock '%s' held, taken at %s", true},
	[MH_KAPI_RWSEM] = {"rw_semaphore", "the rw_semaphore '%s' held, taken at %s", false},
	[MH_KAPI_SRCU] = {"read section of SRCU", "the read section of SRCU '%s' open, begun at %s", false},
	[MH_KAPI_RCU] = {"read section of RCU", "a read section of RCU open: %s at %s", true},
	[MH_KAPI_PREEMPT_OFF] = {"preemption off", "preemption disabled: %s at %s", true},
	[MH_KAPI_BH_OFF] = {"bottom halves off", "bottom halves disabled: %s at %s", true},
	[MH_KAPI_IRQ_OFF] = {"interrupts off", "interrupts disabled: %s at %s", true},
	[MH_KAPI_SOFTIRQ] = {"callback", "the thread in the callback of %s, set at %s", true},
};

const char *mh_kapi_held_kind_name(enum mh_kapi_held_kind kind)
{
	return kinds[kind].name;
}

void mh_kapi_held_text(const struct mh_kapi_held *held, char *ret_text, size_t size)
{
	/* The formats are the constants above. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(ret_text, size, kinds[held->kind].text, held->name, held->where);
#pragma GCC diagnostic pop
}

bool mh_kapi_held_is_gone(const struct mh_kapi_held *held)
{
	return __atomic_load_n(&held->gone, __ATOMIC_RELAXED);
}

void mh_kapi_held_disown(struct mh_kapi_held *held)
{
	/* Relaxed: that the lock is free is told by its word; this is for later reports only. */
	__atomic_store_n(&held->gone, true, __ATOMIC_RELAXED);
}

static void remove_at(struct mh_kapi_thread *self, struct mh_kapi_held *held)
{
	self->held_count--;
	memmove(held, held + 1, (size_t)((char *)&self->held[self->held_count] - (char *)held));
}

static void remove_gone(struct mh_kapi_thread *self)
{
	for (unsigned i = self->held_count; i > 0; i--)
		if (mh_kapi_held_is_gone(&self->held[i - 1]))
			remove_at(self, &self->held[i - 1]);
}

void mh_kapi_held_add(struct mh_kapi_thread *self, const struct mh_kapi_held *held)
{
	mh_mutex_lock(&self->lock);
	remove_gone(self);
	self->taken += held->kind <= MH_KAPI_RWSEM;
	self->taken_atomic += kinds[held->kind].atomic;
	if (self->held_count < MH_KAPI_HELD_MAX)
		self->held[self->held_count++] = *held;
	else
		self->lost++;
	mh_mutex_unlock(&self->lock);
}

struct mh_kapi_held *mh_kapi_held_find(struct mh_kapi_thread *self, const void *object, enum mh_kapi_held_kind kind)
{
	for (unsigned i = self->held_count; i > 0; i--)
		if (self->held[i - 1].object == object && self->held[i - 1].kind == kind &&
		    !mh_kapi_held_is_gone(&self->held[i - 1]))
			return &self->held[i - 1];
	return NULL;
}

void mh_kapi_held_remove(struct mh_kapi_thread *self, struct mh_kapi_held *held)
{
	mh_mutex_lock(&self->lock);
	remove_at(self, held);
	mh_mutex_unlock(&self->lock);
}

bool mh_kapi_held_forget_lost(struct mh_kapi_thread *self)
{
	if (!self->lost)
		return false;
	self->lost--;
	return true;
}

static void held_count(struct mh_kapi_thread *self, struct mh_kapi_held *held, int change)
{
	mh_mutex_lock(&self->lock);
	held->depth += (unsigned)change;
	mh_mutex_unlock(&self->lock);
}

void mh_kapi_held_enter(struct mh_kapi_thread *self, const struct mh_kapi_held *held)
{
	struct mh_kapi_held *found = mh_kapi_held_find(self, held->object, held->kind);

	if (found)
		held_count(self, found, 1);
	else
		mh_kapi_held_add(self, held);
}

bool mh_kapi_held_leave(struct mh_kapi_thread *self, const void *object, enum mh_kapi_held_kind kind)
{
	struct mh_kapi_held *found = mh_kapi_held_find(self, object, kind);

	if (!found)
		return mh_kapi_held_forget_lost(self);
	if (found->depth == 1)
		mh_kapi_held_remove(self, found);
	else
		held_count(self, found, -1);
	return true;
}

const struct mh_kapi_held *mh_kapi_held_atomic(const struct mh_kapi_thread *self)
{
	for (unsigned i = 0; i < self->held_count; i++)
		if (kinds[self->held[i].kind].atomic && !mh_kapi_held_is_gone(&self->held[i]))
			return &self->held[i];
	return NULL;
}
