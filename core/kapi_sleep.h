/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rule that who holds a spinlock, or is otherwise bound to its CPU, does not sleep.
 */
#ifndef CORE_KAPI_SLEEP_H
#define CORE_KAPI_SLEEP_H

/* Reports "module-sleep" when this thread must not sleep, and returns all the same. @where: "file.c:42". */
void mh_kapi_might_sleep(const char *where);

/* This thread is the kernel's softirq until the leave: in the callback of @name, which was set at @where. */
void mh_kapi_softirq_enter(const char *name, const char *where);
void mh_kapi_softirq_leave(void);

#endif
