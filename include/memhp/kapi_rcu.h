/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * RCU and SRCU of modules, in domains of their own: no grace period here waits for a walk of the chain. For the headers
 * below kernel/linux/.
 */
#ifndef MEMHP_KAPI_RCU_H
#define MEMHP_KAPI_RCU_H

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Larger than the kernel's, and like it never initialised by who embeds it. */
struct memhp_rcu_head {
	void *memhp_queue[2]; /* of base/rcu.h */
	struct memhp_rcu_head *memhp_next, **memhp_link;
	unsigned long memhp_pending;
	void (*func)(struct memhp_rcu_head *head);
	void (*memhp_free)(const void *object);
	const void *memhp_object;
	void *memhp_domain;
	const char *memhp_where;
};

struct srcu_struct {
	void *memhp_domain; /* NULL: made at first use, if it was defined */
	int memhp_defined;  /* by DEFINE_SRCU */
	const char *memhp_name;
};

MEMHP_EXPORT void memhp_rcu_read_lock(const char *where);
MEMHP_EXPORT void memhp_rcu_read_unlock(const char *where);
MEMHP_EXPORT int memhp_rcu_read_held(void);
/* Reports @what unless @allowed. */
MEMHP_EXPORT void memhp_rcu_check(int allowed, const char *what, const char *where);
/* Inside a read section of this thread: reported, and no wait. */
MEMHP_EXPORT void memhp_rcu_synchronize(const char *where);
MEMHP_EXPORT void memhp_rcu_barrier(const char *where);
MEMHP_EXPORT void memhp_rcu_call(struct memhp_rcu_head *head, void (*function)(struct memhp_rcu_head *head),
				 const char *where);
/* @object is given to @function after a grace period; @head NULL: waits for it here. */
MEMHP_EXPORT void memhp_rcu_free(struct memhp_rcu_head *head, const void *object, void (*function)(const void *object),
				 const char *where);

/* 0 or -ENOMEM; @srcu may hold anything. */
MEMHP_EXPORT int memhp_srcu_init(struct srcu_struct *srcu, const char *name, const char *where);
MEMHP_EXPORT void memhp_srcu_cleanup(struct srcu_struct *srcu, const char *where);
MEMHP_EXPORT int memhp_srcu_read_lock(struct srcu_struct *srcu, const char *name, const char *where);
MEMHP_EXPORT void memhp_srcu_read_unlock(struct srcu_struct *srcu, int index, const char *where);
MEMHP_EXPORT int memhp_srcu_read_held(const struct srcu_struct *srcu);
MEMHP_EXPORT void memhp_srcu_synchronize(struct srcu_struct *srcu, const char *name, const char *where);
MEMHP_EXPORT void memhp_srcu_barrier(struct srcu_struct *srcu, const char *name, const char *where);
MEMHP_EXPORT void memhp_srcu_call(struct srcu_struct *srcu, struct memhp_rcu_head *head,
				  void (*function)(struct memhp_rcu_head *head), const char *name, const char *where);

#ifdef __cplusplus
}
#endif

#endif
