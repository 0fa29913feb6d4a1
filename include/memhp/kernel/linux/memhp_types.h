/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The types that kernel code takes for granted. Not a kernel header: <linux/types.h> stays the system's, because libc
 * needs it, and this is included by all others here instead.
 */
#ifndef MEMHP_LINUX_MEMHP_TYPES_H
#define MEMHP_LINUX_MEMHP_TYPES_H

#include <linux/compiler.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

typedef u64 phys_addr_t;
typedef unsigned int gfp_t;

#endif
