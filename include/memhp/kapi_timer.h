/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers of modules, which the host runs in one thread of its own. For the headers below kernel/linux/. */
#ifndef MEMHP_KAPI_TIMER_H
#define MEMHP_KAPI_TIMER_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Zeroed but for its function: not pending. */
struct timer_list {
	unsigned long expires; /* jiffies */
	void (*function)(struct timer_list *timer);
	/* The host's: */
	struct timer_list *next;
	int pending, shut;
	const char *name, *where; /* of the last arming */
};

/* @timer may hold anything; pending: reported. */
MEMHP_EXPORT void memhp_timer_setup(struct timer_list *timer, void (*function)(struct timer_list *timer),
				    const char *name, const char *where);
/* 1: it was pending. @fresh: that is reported. */
MEMHP_EXPORT int memhp_timer_arm(struct timer_list *timer, unsigned long expires, int fresh, const char *name,
				 const char *where);
/* Arms it, or makes a pending one sooner. */
MEMHP_EXPORT int memhp_timer_reduce(struct timer_list *timer, unsigned long expires, const char *name,
				    const char *where);
MEMHP_EXPORT int memhp_timer_is_pending(struct timer_list *timer);
#define MEMHP_TIMER_WAIT 1u /* until its callback has ended; from inside of it: reported */
#define MEMHP_TIMER_SHUT 2u /* it cannot be armed again */
/* 1: it was pending. */
MEMHP_EXPORT int memhp_timer_delete(struct timer_list *timer, unsigned how, const char *where);

#ifdef __cplusplus
}
#endif

#endif
