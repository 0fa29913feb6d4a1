/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A pass: is there a signal; is there a page that makes it hopeless; move what can be moved. With nothing movable left
 * the free huge pages are dissolved. The passes end when every unit is back, or out and settled.
 */
#include "core/evacuate.h"

#include <errno.h>

#include "core/buddy.h"
#include "core/full_check.h"
#include "core/hook_ask.h"
#include "core/migrate.h"
#include "core/zone.h"

/* @now_ticks: a recent reading of the clock, or 0 to take one. */
static bool signal_pending(struct mh_machine *machine, struct mh_operation *operation, uint64_t now_ticks)
{
	/* Before the real ones: a fault's decision must not depend on when those come. */
	if (mh_hook_ask(machine, operation, MH_HOOK_SIGNAL, operation->pass + 1)) {
		operation->interfered = true;
		return true;
	}
	if (operation->signal && atomic_load_explicit(operation->signal, memory_order_relaxed))
		return true;
	if (!operation->deadline_ticks)
		return false;
	if (!now_ticks)
		now_ticks = mh_clock_ticks(machine->config.clock);
	return now_ticks > operation->deadline_ticks;
}

static int fail(struct mh_operation *operation, enum mh_outcome outcome, int error)
{
	operation->outcome = outcome;
	return error;
}

/* Step 13, which every offline comes to, also one that finds no huge page. */
static int ask_to_dissolve(struct mh_machine *machine, struct mh_operation *operation)
{
	int error = mh_hook_ask(machine, operation, MH_HOOK_DISSOLVE, operation->pass);

	operation->dissolved = true;
	return error ? fail(operation, MH_OUTCOME_DISSOLVE, error) : 0;
}

/* Pages that are none of the ordinary kinds: an offline-flagged one that is held ends it; huge ones of the pool are
 * dissolved once nothing else is left to move. */
static int treat_special(struct mh_machine *machine, struct mh_operation *operation)
{
	struct mh_leftover leftover;
	int error;

	mh_migrate_survey(machine, operation->block, &leftover);
	if (leftover.held)
		return fail(operation, MH_OUTCOME_UNMOVABLE, -EBUSY);
	if (leftover.movable)
		return 0;
	if (leftover.stuck)
		return fail(operation, MH_OUTCOME_DISSOLVE, -EBUSY);
	error = ask_to_dissolve(machine, operation);
	if (!error)
		mh_dissolve_block(machine, operation->block);
	return error;
}

static bool has_special(const struct mh_machine *machine, uint32_t block)
{
	return atomic_load_explicit(&machine->pages[block]->special, memory_order_relaxed) > 0;
}

static int pass(struct mh_machine *machine, struct mh_operation *operation, bool pending, uint32_t *ret_moved)
{
	if (pending)
		return fail(operation, MH_OUTCOME_SIGNAL, -EINTR);
	*ret_moved = mh_migrate_block(machine, operation);
	return has_special(machine, operation->block) ? treat_special(machine, operation) : 0;
}

int mh_evacuate(struct mh_machine *machine, struct mh_operation *operation)
{
	uint32_t moved = 0;
	unsigned turns = 0;

	operation->pass = 0;
	operation->interfered = operation->dissolved = false;
	/* Before the first look at the pages, as in the kernel: a signal that came during GOING_OFFLINE ends the
	 * offline of an empty block, too. The last call's end is recent enough to tell. */
	if (signal_pending(machine, operation, mh_trace_last_ticks(operation->trace)))
		return fail(operation, MH_OUTCOME_SIGNAL, -EINTR);
	if (mh_zone_block_is_free(machine, operation->block))
		return ask_to_dissolve(machine, operation);
	mh_trace_add(operation->trace, MH_STAMP_MIGRATE_BEGIN, MH_GOING_OFFLINE, 0, 0);
	while (!mh_zone_block_is_free(machine, operation->block)) {
		uint32_t moved_now = 0;
		bool pending;
		int error;

		operation->pass++;
		/* Once: what the checks have seen is what the pass goes by. */
		pending = signal_pending(machine, operation, 0);
		if (__builtin_expect(machine->full != NULL, 0))
			mh_full_check_pass(machine, operation, pending);
		error = pass(machine, operation, pending, &moved_now);
		if (__builtin_expect(machine->full != NULL, 0))
			mh_full_check_passed(machine, operation, moved_now);
		if (error)
			return error;
		moved += moved_now;
		if (!moved_now)
			mh_spin_turn(&turns);
	}
	mh_trace_add(operation->trace, MH_STAMP_MIGRATED, MH_GOING_OFFLINE, 0, (int32_t)moved);
	return operation->dissolved ? 0 : ask_to_dissolve(machine, operation);
}
