/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The usual case: one fault at listeners that a probability alone decides. Its walks draw themselves (core/sieve.h),
 * and call the hook for what it acts on.
 */
#ifndef FAULTS_LONE_H
#define FAULTS_LONE_H

struct mh_fault_set;

/* Faults are armed and sorted by point, workers made. Sets set->lone where there is one. 0 or -ENOMEM. */
int mh_fault_lone_find(struct mh_fault_set *set);
void mh_fault_lone_release(struct mh_fault_set *set);

#endif
