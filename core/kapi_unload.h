/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a module leaves behind when it goes: told by name, and ended before its code is unmapped.
 */
#ifndef CORE_KAPI_UNLOAD_H
#define CORE_KAPI_UNLOAD_H

#include <stdbool.h>

#include "base/error.h"

struct mh_kapi_leaving {
	const void *base; /* where the module is mapped */
	const char *name;
};

/* @pointer: to code or data of the module itself, such as a string of it. */
bool mh_kapi_is_of(const struct mh_kapi_leaving *leaving, const void *pointer);

/* Before a module's init; each is followed by one mh_kapi_unload(), unless the module stays. */
void mh_kapi_load(void);

/**
 * mh_kapi_unload - after the module's exit, or its init that failed
 * @path: names it
 * @symbol: any of its own
 *
 * Return: 0; -EBUSY with a sentence: some of its code still runs and did not end when told to, so it must stay mapped.
 */
int mh_kapi_unload(const char *path, const void *symbol, struct mh_error *reterr);

#endif
