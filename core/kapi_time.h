/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Time as modules see it: sleeps, timeouts, delays, jiffies and clocks, all by one scale.
 */
#ifndef CORE_KAPI_TIME_H
#define CORE_KAPI_TIME_H

#include <stdint.h>

/* A deadline that never comes. */
#define MH_KAPI_NEVER UINT64_MAX

/**
 * mh_kapi_time_scale - what a second of modules lasts here, in seconds
 * @scale: above 0, up to 1; 1 at first; 0.001 makes a module's sleep a thousand times shorter, and its clocks run alike
 *
 * While no thread of a module runs or waits. A module's time goes on from where it is.
 */
void mh_kapi_time_scale(double scale);

/* ns of modules; monotonic. */
uint64_t mh_kapi_now_ns(void);
/* How long @ns of modules last here. */
uint64_t mh_kapi_real_ns(uint64_t ns);
/* When memhp_jiffies() will be @jiffies, in ns of modules; now, if it was. MH_KAPI_NEVER: beyond what time can hold. */
uint64_t mh_kapi_jiffies_ns(unsigned long jiffies);

#endif
