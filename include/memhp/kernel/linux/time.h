/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of time. In place of the system's header of the same name, which cannot be included beside libc's <time.h>. */
#ifndef MEMHP_LINUX_TIME_H
#define MEMHP_LINUX_TIME_H

#define MSEC_PER_SEC  1000L
#define USEC_PER_MSEC 1000L
#define NSEC_PER_USEC 1000L
#define NSEC_PER_MSEC 1000000L
#define USEC_PER_SEC  1000000L
#define NSEC_PER_SEC  1000000000L

#endif
