/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who was called and who should have been: I07 and I08 of an operation, I27 of a walk, by its trace. verify: full.
 */
#ifndef CORE_WALK_CHECK_H
#define CORE_WALK_CHECK_H

#include "core/machine_private.h"

/* Around a walk: also what else is looked at then (I18-I21, I25, I33). */
void mh_walk_check_begin(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event);
/* @partial: not everybody was to be called. */
void mh_walk_check_end(struct mh_machine *machine, struct mh_operation *operation, enum mh_event event, bool partial);
/* I07 and I08, when the operation has ended. */
void mh_walk_check_operation(struct mh_machine *machine, struct mh_operation *operation);

#endif
