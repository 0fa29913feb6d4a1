/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object's references and what ends it. */
#ifndef MEMHP_LINUX_KREF_H
#define MEMHP_LINUX_KREF_H

#include <linux/refcount.h>

struct kref {
	refcount_t refcount;
};

#define KREF_INIT(value)                                                                                               \
	{                                                                                                              \
		.refcount = REFCOUNT_INIT(value),                                                                      \
	}

static inline void kref_init(struct kref *kref)
{
	refcount_set(&kref->refcount, 1);
}

static inline unsigned int kref_read(const struct kref *kref)
{
	return refcount_read(&kref->refcount);
}

/* Return: 1 this was the last reference, and @release has been called. */
static inline int memhp_kref_put(struct kref *kref, void (*release)(struct kref *kref), const char *where)
{
	if (!memhp_refcount_sub_and_test(1, &kref->refcount, where))
		return 0;
	release(kref);
	return 1;
}

#define kref_get(kref)             memhp_refcount_add(1, &(kref)->refcount, MEMHP_HERE)
#define kref_get_unless_zero(kref) memhp_refcount_add_not_zero(1, &(kref)->refcount, MEMHP_HERE)
#define kref_put(kref, release)    memhp_kref_put(kref, release, MEMHP_HERE)

#endif
