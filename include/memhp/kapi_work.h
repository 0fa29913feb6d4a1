/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work of modules, done later by threads of the host. For the headers below kernel/linux/. */
#ifndef MEMHP_KAPI_WORK_H
#define MEMHP_KAPI_WORK_H

#include <memhp/kapi_timer.h>

#ifdef __cplusplus
extern "C" {
#endif

struct workqueue_struct;
struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/* Zeroed but for its function: idle. */
struct work_struct {
	work_func_t func;
	/* The host's: */
	struct work_struct *next;
	struct workqueue_struct *queue; /* the last one */
	unsigned long sequence;         /* of the queue, when it was queued */
	int state, cancels;
	const char *name, *where; /* of the last queueing */
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
};

/* The queues that are always there; numbers of core/kapi_workqueue.c. */
enum memhp_system_queue {
	MEMHP_QUEUE_SYSTEM,
	MEMHP_QUEUE_HIGHPRI,
	MEMHP_QUEUE_LONG,
	MEMHP_QUEUE_UNBOUND,
	MEMHP_QUEUE_FREEZABLE,
};
MEMHP_EXPORT struct workqueue_struct *memhp_system_queue(enum memhp_system_queue which);

/* NULL: no memory. @active_max: works at a time; 0: as many as the host allows. */
MEMHP_EXPORT struct workqueue_struct *memhp_queue_new(const char *where, int active_max, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Does what is queued first. */
MEMHP_EXPORT void memhp_queue_free(struct workqueue_struct *queue, const char *where);
/* @drain: also what the works themselves queue. */
MEMHP_EXPORT void memhp_queue_flush(struct workqueue_struct *queue, int drain, const char *where);

/* @work may hold anything; pending: reported. */
MEMHP_EXPORT void memhp_work_init(struct work_struct *work, work_func_t func, const char *name, const char *where);
MEMHP_EXPORT void memhp_delayed_work_init(struct delayed_work *work, work_func_t func, const char *name,
					  const char *where);
/* 1: queued; 0: it was pending. */
MEMHP_EXPORT int memhp_work_queue(struct workqueue_struct *queue, struct work_struct *work, const char *name,
				  const char *where);
MEMHP_EXPORT int memhp_delayed_work_queue(struct workqueue_struct *queue, struct delayed_work *work,
					  unsigned long delay, const char *name, const char *where);
/* 1: it was pending. */
MEMHP_EXPORT int memhp_delayed_work_change(struct workqueue_struct *queue, struct delayed_work *work,
					   unsigned long delay, const char *name, const char *where);
/* 1: it was pending. @wait: until it does not run either. */
MEMHP_EXPORT int memhp_work_cancel(struct work_struct *work, int wait, const char *where);
MEMHP_EXPORT int memhp_delayed_work_cancel(struct delayed_work *work, int wait, const char *where);
/* 1: there was something to wait for. */
MEMHP_EXPORT int memhp_work_flush(struct work_struct *work, const char *where);
MEMHP_EXPORT int memhp_delayed_work_flush(struct delayed_work *work, const char *where);
/* 1: queued, or waiting for its time. */
MEMHP_EXPORT int memhp_work_is_pending(struct work_struct *work);
/* The work that this thread does; NULL: none. */
MEMHP_EXPORT struct work_struct *memhp_work_current(void);

#ifdef __cplusplus
}
#endif

#endif
