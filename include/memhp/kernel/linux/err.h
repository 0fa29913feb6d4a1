/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors in the place of pointers: the highest MAX_ERRNO addresses are none. */
#ifndef MEMHP_LINUX_ERR_H
#define MEMHP_LINUX_ERR_H

#include <linux/memhp_types.h>

#define MAX_ERRNO 4095

#define IS_ERR_VALUE(value) unlikely((unsigned long)(void *)(value) >= (unsigned long)-MAX_ERRNO)

static inline __must_check void *ERR_PTR(long error)
{
	return (void *)error;
}

static inline __must_check long PTR_ERR(const void *pointer)
{
	return (long)pointer;
}

static inline __must_check bool IS_ERR(const void *pointer)
{
	return IS_ERR_VALUE(pointer);
}

static inline __must_check bool IS_ERR_OR_NULL(const void *pointer)
{
	return !pointer || IS_ERR_VALUE(pointer);
}

/* The same error as a pointer to something else. */
static inline __must_check void *ERR_CAST(const void *pointer)
{
	return (void *)pointer;
}

static inline __must_check int PTR_ERR_OR_ZERO(const void *pointer)
{
	return IS_ERR(pointer) ? (int)PTR_ERR(pointer) : 0;
}

#endif
