/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a member to the struct that holds it. */
#ifndef MEMHP_LINUX_CONTAINER_OF_H
#define MEMHP_LINUX_CONTAINER_OF_H

#include <linux/err.h>
#include <linux/memhp_types.h>

/* A pointer to anything but the member's type does not compile: the comparison would mix two pointer types. */
#define container_of(pointer, type, member)                                                                            \
	(__extension__({                                                                                               \
		const __typeof__(((type *)0)->member) *memhp_member = (pointer);                                       \
		(type *)((char *)memhp_member - offsetof(type, member));                                               \
	}))

/* The same, const where the pointer is one to const. */
#define container_of_const(pointer, type, member)                                                                      \
	_Generic(pointer, const __typeof__(*(pointer)) *                                                               \
		 : ((const type *)container_of(pointer, type, member)), default                                        \
		 : ((type *)container_of(pointer, type, member)))

/* NULL and error pointers stay what they are. */
#define container_of_safe(pointer, type, member)                                                                       \
	(__extension__({                                                                                               \
		const __typeof__(((type *)0)->member) *memhp_safe = (pointer);                                         \
		IS_ERR_OR_NULL(memhp_safe) ? (type *)(void *)memhp_safe : container_of(memhp_safe, type, member);      \
	}))

#endif
