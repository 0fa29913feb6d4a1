/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where threads of modules wait for objects that are a word or two: a table of places by the object's address, so that
 * an object needs no storage of the host's and may be freed by whoever got it last.
 *
 * Objects share places: who is woken looks again, and nobody keeps a place locked while module code runs.
 */
#ifndef CORE_KAPI_PARK_H
#define CORE_KAPI_PARK_H

#include "base/sync.h"

struct mh_kapi_park {
	struct mh_mutex lock;
	struct mh_condition changed;
};

struct mh_kapi_park *mh_kapi_park_of(const void *object);

/* Who waits for @object, or for another object of its place, looks again. Does not touch @object. */
void mh_kapi_park_wake(const void *object);

#endif
