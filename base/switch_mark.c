/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The description that a mark points to, and the trial.
 */
#include "base/switch_mark.h"

#include "base/sync.h"

#if MH_SWITCH_MARKS

#define TRIAL_SLEEP_NS 50000u
#define TRIALS_MAX     8u

/* Stands for code that nobody runs. The kernel looks at the word before the address to go to, though it never goes
 * there: a wrong one there would end the process. */
static const uint32_t ground[] = {RSEQ_SIG, 0, 0, 0};

const struct rseq_cs mh_switch_mark = {
	.start_ip = (uintptr_t)&ground[2],
	.post_commit_offset = sizeof(ground[2]),
	.abort_ip = (uintptr_t)&ground[1],
};

static bool trial_succeeds(void)
{
	bool stood;

	mh_switch_mark_set();
	stood = mh_switch_mark_stands();
	mh_sleep_ns(TRIAL_SLEEP_NS);
	return stood && !mh_switch_mark_stands();
}

bool mh_switch_mark_works(void)
{
	/* Without a registration nobody clears the word; a size of 0 says that there is none. */
	if (!__rseq_size)
		return false;
	/* On a busy host the scheduler comes in between, or the sleep is over before it begins. */
	for (unsigned i = 0; i < TRIALS_MAX; i++)
		if (trial_succeeds())
			return true;
	return false;
}

#else

bool mh_switch_mark_works(void)
{
	return false;
}

#endif
