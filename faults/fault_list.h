/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every kind of fault, one line each: X(NOUN) stands for mh_fault_NOUN, defined in NOUN.c.
 */
#ifndef FAULTS_FAULT_LIST_H
#define FAULTS_FAULT_LIST_H

/* clang-format off */
#define MH_FAULT_LIST(X) \
	X(notifier_veto) \
	X(notifier_stop) \
	X(notifier_errno) \
	X(notifier_delay) \
	X(notifier_stall) \
	X(notifier_reenter) \
	X(notifier_mutate) \
	X(notifier_crash) \
	X(event_drop) \
	X(event_repeat) \
	X(alloc_fail) \
	X(isolate_fail) \
	X(signal) \
	X(migrate_fail) \
	X(page_pin) \
	X(dissolve_fail) \
	X(lock_hold) \
	X(reader_stall) \
	X(thread_kill) \
	X(node_flap) \
	X(module_unload) \
	X(block_corrupt)
/* clang-format on */

#endif
