/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The works of modules as a whole: waiting until they are done, and their end with a module. */
#ifndef CORE_KAPI_WORK_H
#define CORE_KAPI_WORK_H

#include <stdbool.h>

#include "core/kapi_unload.h"

/**
 * mh_kapi_quiesce - wait until all that modules have set going is done
 *
 * Works that are queued, also by works, timers that are due, and callbacks of RCU; not what waits for a later time, and
 * no thread of a module's own. Any thread but those of modules, outside of read sections.
 *
 * Return: false: something still runs after 5 s.
 */
bool mh_kapi_quiesce(void);

/* Tells which works and queues the module leaves, and ends them. -EBUSY: a work does not end. */
int mh_kapi_work_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr);
/* Ends the threads of the queues that are always there; they start again when they are needed. No work is left. */
void mh_kapi_work_stop(void);

#endif
