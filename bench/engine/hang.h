/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the watchdog's files share: the stills of a phase's threads, in an album.
 *
 * A *still* is a worker as it stood at one moment; its copy stands beside it. hang.c makes them, hang_tell.c tells
 * them, hang_wait.c finds out who waits for whom.
 */
#ifndef BENCH_ENGINE_HANG_H
#define BENCH_ENGINE_HANG_H

#include "base/hold.h"
#include "bench/engine/run_private.h"

enum mh_still_state { MH_STILL_ENDED, MH_STILL_HELD, MH_STILL_SILENT };

/* What stands beside a worker's copy. */
struct mh_still {
	struct mh_hold hold;
	struct mh_stamp last;          /* of the operation under way */
	bool stamped, locked, walking; /* it has any stamp; it has the hotplug lock; it is in a walk */
	enum mh_still_state state;
	uint64_t busy_since, held_ticks;
};

/* All that making the stills of a phase needs. Not freed: threads go on with it. */
struct mh_album {
	struct mh_phase *phase;
	struct mh_still *stills;
	struct mh_worker_run *copies;
	unsigned silent, held;
};

void mh_album_tell(struct mh_album *album);
/* ", waits for the hotplug lock, which worker 0 of 'toggle' has", or nothing. */
void mh_album_tell_wait(struct mh_stream *out, const struct mh_album *album, unsigned index);

#endif
