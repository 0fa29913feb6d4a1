/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One event of an operation to the machine's chain, with stamps, hooks and the inline checks.
 */
#ifndef CORE_WALK_H
#define CORE_WALK_H

#include "core/machine_private.h"

/**
 * mh_walk - call the chain for @event with operation->arg
 * @ret_call_count: how many were called
 *
 * With chain.cancel: heard a GOING event fills operation->heard, and a CANCEL event calls only those it names.
 *
 * Return: the value of the last listener called, after faults.
 */
int mh_walk(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, int *ret_call_count);

#endif
