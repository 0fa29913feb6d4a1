/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A module's time, which its host may run faster. For the headers below kernel/linux/. */
#ifndef MEMHP_KAPI_TIME_H
#define MEMHP_KAPI_TIME_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MEMHP_HZ 250 /* as Debian's kernels of x86-64 */

MEMHP_EXPORT unsigned long memhp_jiffies(void);
/* ns since the host's boot. */
MEMHP_EXPORT long long memhp_time_ns(void);
/* ns since 1970. */
MEMHP_EXPORT long long memhp_time_real_ns(void);
/* Sleeps; reported where the thread must not. */
MEMHP_EXPORT void memhp_sleep_ns(unsigned long long ns, const char *where);
/* Sleeps not: for under a spinlock. */
MEMHP_EXPORT void memhp_delay_ns(unsigned long long ns);

#ifdef __cplusplus
}
#endif

#endif
