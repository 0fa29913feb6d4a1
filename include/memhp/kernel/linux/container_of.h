/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a member to the struct that holds it. */
#ifndef MEMHP_LINUX_CONTAINER_OF_H
#define MEMHP_LINUX_CONTAINER_OF_H

#include <linux/memhp_types.h>

/* A pointer to anything but the member's type does not compile: the comparison would mix two pointer types. */
#define container_of(pointer, type, member)                                                                            \
	(__extension__({                                                                                               \
		const __typeof__(((type *)0)->member) *memhp_member = (pointer);                                       \
		(type *)((char *)memhp_member - offsetof(type, member));                                               \
	}))

#endif
