/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The types that kernel code takes for granted. Not a kernel header: <linux/types.h> stays the system's, because libc
 * needs it, and this is included by all others here instead.
 */
#ifndef MEMHP_LINUX_MEMHP_TYPES_H
#define MEMHP_LINUX_MEMHP_TYPES_H

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

typedef unsigned char unchar;
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned long u_long;

typedef u64 phys_addr_t;
typedef phys_addr_t resource_size_t;
typedef u64 dma_addr_t;
typedef u64 sector_t;
typedef unsigned long pgoff_t;
typedef unsigned int gfp_t;
typedef unsigned int slab_flags_t;
typedef unsigned int fmode_t;

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter;
} atomic64_t;

struct list_head {
	struct list_head *next, *prev;
};

struct hlist_node {
	struct hlist_node *next, **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};

/* Numbers of the kernel's own, which no program outside ever sees and the system's <linux/errno.h> leaves out. */
#define ERESTARTSYS  512
#define EPROBE_DEFER 517
#define ENOTSUPP     524

#endif
