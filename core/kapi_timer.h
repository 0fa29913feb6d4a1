/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers of modules, for the families that are built on them and for the end of a module. */
#ifndef CORE_KAPI_TIMER_H
#define CORE_KAPI_TIMER_H

#include <stdbool.h>

#include <memhp/kapi_timer.h>

#include "core/kapi_unload.h"

/* memhp_timer_arm() and memhp_timer_delete() where the module called something else. */
int mh_kapi_timer_arm(struct timer_list *timer, unsigned long expires, int fresh, const char *name, const char *where);
int mh_kapi_timer_delete(struct timer_list *timer, unsigned how, const char *where);

/* The first pending timer that @match accepts is taken out; NULL: none. @match: under the timers' lock. */
struct timer_list *mh_kapi_timer_take(bool (*match)(const struct timer_list *timer, const void *data),
				      const void *data);
/* Until the callback of @timer, which may have been freed, does not run. Not from inside of it. */
void mh_kapi_timer_wait(const struct timer_list *timer);
/* No timer is due and none runs. */
bool mh_kapi_timer_is_idle(void);
/* The time's scale has changed: waits are counted anew. */
void mh_kapi_timer_recount(void);
/* Tells which timers the module leaves, and ends them. -EBUSY: a callback does not end. */
int mh_kapi_timer_unload(const struct mh_kapi_leaving *leaving, struct mh_error *reterr);
/* Ends the thread; it starts again when it is needed. No timer is pending. */
void mh_kapi_timer_stop(void);

#endif
