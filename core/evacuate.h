/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Emptying an isolated block: steps 12 to 14 of an offline (semantics.md 3).
 */
#ifndef CORE_EVACUATE_H
#define CORE_EVACUATE_H

#include "core/machine_private.h"

/**
 * mh_evacuate - until nothing of the operation's block is in use
 *
 * No retry limit: what cannot be moved is tried again until a signal, the operation's deadline or its flag. Return: 0;
 * -EINTR; -EBUSY an offline-flagged page that its driver keeps, or a huge page in use that cannot be moved. A failure
 * stands in operation->outcome, too.
 */
int mh_evacuate(struct mh_machine *machine, struct mh_operation *operation);

#endif
