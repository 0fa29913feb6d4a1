/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table, a row for each invariant of semantics.md section 8, in its order, then the listener's contract.
 */
#include "core/invariant.h"

#include <string.h>

#include "base/assert.h"

const char *const mh_check_time_names[MH_CHECK_TIMES] = {"inline", "phase end", "full"};

#define INLINE MH_CHECK_INLINE
#define PHASE  MH_CHECK_PHASE
#define FULL   MH_CHECK_FULL

const struct mh_invariant mh_invariants[] = {
	{"I01", INLINE,
	 "within a walk listeners are called by descending priority, equal ones in order of registration"},
	{"I02", INLINE, "a listener is called at most once per event of an operation"},
	{"I03", INLINE, "after an answer with the stop bit no further listener of the walk is called"},
	{"I04", INLINE, "a walk's result is the answer of the last listener called, DONE if there was none"},
	{"I05", INLINE, "a GOING event is followed by exactly one of its final event and its CANCEL, nothing between"},
	{"I06", INLINE, "a final or CANCEL event comes only after its GOING event in the same operation"},
	{"I07", FULL, "who heard GOING hears one final event, unless it left or an answer above it cut the walk"},
	{"I08", FULL, "CANCEL reaches listeners that a veto above them kept from hearing GOING"},
	{"I09", INLINE, "all events of an operation carry the same argument"},
	{"I10", INLINE, "status_change_nid of an online is set exactly when the node mask changes"},
	{"I11", INLINE, "status_change_nid of an offline is set exactly when the block is the node's last"},
	{"I12", INLINE, "node masks are as before after a failed operation"},
	{"I13", PHASE, "N_NORMAL_MEMORY is a subset of N_MEMORY, and that of N_ONLINE"},
	{"I14", PHASE, "a node is in N_MEMORY exactly when it has present pages"},
	{"I15", PHASE, "present pages of a zone are the pages of its online blocks"},
	{"I16", PHASE, "managed <= present <= spanned, and the span covers the online blocks"},
	{"I17", INLINE,
	 "managed pages change by exactly one block per successful operation, by nothing per failed one"},
	{"I18", INLINE, "no page of a block that is offline or isolated is allocated"},
	{"I19", FULL, "no page of a block can be allocated before ONLINE; from there on it can"},
	{"I20", FULL, "at CANCEL_OFFLINE the pages of the block can be allocated again"},
	{"I21", PHASE, "an offline block has no page allocated, on a thread's list or on a free list"},
	{"I22", FULL, "a migrated page keeps its owner: handle and owner word point at each other"},
	{"I23", PHASE, "free, listed and allocated pages add up to the managed ones"},
	{"I24", FULL, "a failed operation leaves counters, spans, masks, zone and free pages as they were"},
	{"I25", FULL, "events of two operations under one hotplug lock never interleave"},
	{"I26", INLINE, "no listener is called after its unregister returned, and none is still running then"},
	{"I27", FULL, "after its register returned a listener hears every later walk that is not stopped above it"},
	{"I28", FULL, "a second register and the unregister of a stranger are refused and change nothing"},
	{"I29", FULL, "a chain is sorted, has no cycle, and holds each registered listener once"},
	{"I30", FULL, "what a walk may still read of a chain is reclaimed only after that walk"},
	{"I31", FULL, "readers of the hotplug lock never see present pages or node masks change"},
	{"I32", INLINE, "the errno of a failed operation is the refusal's, decoded, or that of the failing step"},
	{"I33", FULL, "a block reads online, offline or going-offline, the last only while its offline runs"},
	{"I34", FULL, "a successful operation sends one uevent, after its last event; a failed one sends none"},
	{"I35", PHASE, "kswapd runs exactly for nodes in N_MEMORY"},
	{"I36", INLINE, "no zone has isolated blocks when no operation runs"},
	{"I37", FULL, "a signal ends an offline within one pass over its pages"},
	{"I38", INLINE, "a block's zone is fixed from online to offline, and it lies in none while offline"},
	{"I39", FULL, "no offline whose pages can all be moved, with room for them, tries until its deadline"},
	{"I40", INLINE, "a block's state, from which its device flag is derived, agrees with its last operation"},
	{"return-encoding", INLINE, "a listener's answer is a NOTIFY_ value or made by notifier_from_errno()"},
	{"unregister-in-walk", INLINE, "no listener is unregistered from inside a callback (the kernel would hang)"},
	{"module-lock", INLINE,
	 "a module's locks are released by who holds them, and none is taken twice or left held"},
	{"module-free", INLINE, "a module frees once what it allocated"},
	{"module-write", INLINE, "a module writes to what it allocated, and no more once it is freed"},
	{"module-leak", INLINE, "nothing that a module allocated outlives its exit"},
	{"module-sleep", INLINE, "a module does not sleep under a spinlock or in a read-side section of RCU"},
	{"module-warn", INLINE, "no WARN_ON of a module is true"},
	{"module-bug", INLINE, "no BUG_ON of a module is true"},
	{"module-register", INLINE, "a module registers no notifier_block that is registered"},
	{"module-use", INLINE,
	 "a module uses kernel objects between their init and their end, and counts none below 0"},
};

const unsigned mh_invariant_count = sizeof(mh_invariants) / sizeof(mh_invariants[0]);

MH_STATIC_ASSERT(sizeof(mh_invariants) / sizeof(mh_invariants[0]) < 64, "a set of invariants is a word");

unsigned mh_invariant_index(const char *name)
{
	unsigned index = 0;

	while (index < mh_invariant_count && strcmp(mh_invariants[index].name, name) != 0)
		index++;
	return index;
}
