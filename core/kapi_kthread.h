/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a module's own threads with their module. */
#ifndef CORE_KAPI_KTHREAD_H
#define CORE_KAPI_KTHREAD_H

#include "core/kapi_unload.h"

/* Tells which threads the module leaves, and stops them. -EBUSY: one does not stop. */
int mh_kapi_kthread_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr);

#endif
