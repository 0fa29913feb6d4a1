/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The names of what is checked: the invariants of semantics.md section 8 and the listener's contract.
 */
#ifndef CORE_INVARIANT_H
#define CORE_INVARIANT_H

/* When a row is checked. What is checked inline or at the end of a phase is so at verify: full, too. */
enum mh_check_time {
	MH_CHECK_INLINE, /* in every operation, O(1), from verify: fast on */
	MH_CHECK_PHASE,  /* at the end of a phase, from verify: fast on; at full after each operation where that can be
			  */
	MH_CHECK_FULL,   /* at verify: full only */
	MH_CHECK_TIMES,
};

/* "inline", "phase end", "full" */
extern const char *const mh_check_time_names[MH_CHECK_TIMES];

/* One row of the list that `memhp-bench list invariants` shows. */
struct mh_invariant {
	const char *name;
	enum mh_check_time time;
	const char *help;
};

extern const struct mh_invariant mh_invariants[];
extern const unsigned mh_invariant_count;

/* The place of @name in the table, below 64: a set of invariants is a word. mh_invariant_count: it is not there. */
unsigned mh_invariant_index(const char *name);

#endif
