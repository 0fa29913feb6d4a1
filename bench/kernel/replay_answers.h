/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a case's own callbacks answer, as far as the kernel's injector can answer it in their place: by an errno in
 * GOING_ONLINE and GOING_OFFLINE. Whoever refuses ends the walk, so that it is the same wherever in the chain it sits.
 */
#ifndef BENCH_KERNEL_REPLAY_ANSWERS_H
#define BENCH_KERNEL_REPLAY_ANSWERS_H

#include "base/text.h"
#include "bench/engine/conform_case.h"

struct mh_kernel_replay_answers {
	bool refuses; /* some callback does, in some of the case's steps: the injector is needed */
	struct {
		int callback; /* the one that refuses this event; -1: none ever does */
		struct mh_conform_answer told;
		uint64_t calls; /* since it was told */
	} of[MH_EVENT_COUNT];
};

/* The errno that the injector answers @value by, from 1; 0: it lets everything go on; -1: the injector has no such
 * answer to @event. */
int mh_kernel_replay_errno(enum mh_event event, int value);

/* False, with the reason: a callback answers what the injector cannot, or two refuse the same event. */
bool mh_kernel_replay_answers_init(struct mh_kernel_replay_answers *answers, const struct mh_conform_case *recorded,
				   struct mh_text *reason);

/* A callback is told what to answer from now on. */
void mh_kernel_replay_answers_tell(struct mh_kernel_replay_answers *answers, const struct mh_conform_control *control);
/* The errno that the next walk of @event is refused by; 0: it is not. */
int mh_kernel_replay_answers_next(const struct mh_kernel_replay_answers *answers, enum mh_event event);
/* A walk of @event was seen: who answers it was called once more. */
void mh_kernel_replay_answers_called(struct mh_kernel_replay_answers *answers, enum mh_event event);

#endif
