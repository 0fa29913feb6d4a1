/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The locks that keep memory and CPUs from coming and going. For the headers below kernel/linux/. */
#ifndef MEMHP_KAPI_HOTPLUG_H
#define MEMHP_KAPI_HOTPLUG_H

#include <memhp/kapi_lock.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Inside of an operation, whose thread the kernel would hang: reported, and no wait. */
MEMHP_EXPORT void memhp_mems_get(const char *where);
MEMHP_EXPORT void memhp_mems_put(const char *where);
/* CPUs never come or go here, but the lock is one. */
MEMHP_EXPORT struct memhp_lock *memhp_cpus_lock(void);

#ifdef __cplusplus
}
#endif

#endif
