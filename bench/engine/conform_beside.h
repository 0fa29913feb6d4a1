/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens beside an operation, in virtual time: a clock that stands still but while a callback is delayed. A delay
 * of 400 ms does all that is due in its 400 ms, then the callback goes on, at once. What is due outside of every delay,
 * such as the signal that ends an offline which loops, is done when nothing has been heard for a short real time.
 *
 * mh_conform_besides_begin, the operation with its calls of _pause, mh_conform_besides_end.
 */
#ifndef BENCH_ENGINE_CONFORM_BESIDE_H
#define BENCH_ENGINE_CONFORM_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "base/sync.h"
#include "base/thread.h"
#include "bench/engine/conform_case.h"

struct mh_conform_replay;
struct mh_conform_task;

struct mh_conform_besides {
	struct mh_conform_replay *replay;
	const struct mh_conform_operation *recorded;
	struct mh_conform_task *tasks; /* one for each entry of recorded->beside */
	struct mh_thread thread;       /* begins what is due */
	struct mh_mutex lock;          /* guards all below */
	struct mh_condition changed;
	uint64_t now_ms; /* virtual, since the operation began */
	size_t begun;    /* entries */
	unsigned paused; /* callbacks that are delayed now */
	bool ended;      /* the operation has returned */
	bool killed;     /* its thread got SIGKILL */
};

int mh_conform_besides_begin(struct mh_conform_besides *besides, struct mh_conform_replay *replay,
			     const struct mh_conform_operation *recorded, struct mh_error *reterr);
/* A callback is delayed: time goes on. */
void mh_conform_besides_pause(struct mh_conform_besides *besides, uint64_t delay_ms);
/* The operation has returned: what is left of others is waited for. */
void mh_conform_besides_end(struct mh_conform_besides *besides);

/* The errno of each entry that was recorded as fired: as it was, and as recorded. New lists. */
json_t *mh_conform_besides_results(const struct mh_conform_besides *besides);
void mh_conform_besides_release(struct mh_conform_besides *besides);

#endif
