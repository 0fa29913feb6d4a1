/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Per-CPU data: an area of one stride for each CPU, in which every object has the same place in each. Objects are
 * handed out first fit from a list by place; a module's static data are one object, copied at their first use.
 *
 * area.lock guards the list; the data themselves are the module's.
 */
#include "core/kapi_percpu.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/assert.h"
#include "base/sync.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"

#define ALIGN_MIN 64 /* a line: what two objects share would be no CPU's own */

struct object {
	size_t at, size; /* bytes in a stride */
	const char *where;
	const char *section; /* of a module; NULL: allocated */
	struct object *next;
};

static struct {
	struct mh_mutex lock;
	struct object *first; /* by at */
} area = {.lock = MH_MUTEX_INIT};

/* Mapped with the first object, for ever. Not static memory: programs without modules would have 32 MiB of it, all of
 * which a leak check reads at the end of each. Under the lock until it is there. */
static char (*data)[MEMHP_CPU_STRIDE];

static bool map_data(void)
{
	void *memory;

	if (data)
		return true;
	memory = mmap(NULL, sizeof(*data) * MEMHP_CPUS, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (memory == MAP_FAILED)
		return false;
	data = memory;
	return true;
}

/* Under the lock: the place in the list after which @size bytes are free; NULL: nowhere. */
static struct object **find_room(size_t size, size_t align, size_t *ret_at)
{
	struct object **link = &area.first;
	size_t at = 0;

	for (;; link = &(*link)->next) {
		size_t end = *link ? (*link)->at : MEMHP_CPU_STRIDE;

		at = (at + align - 1) & ~(align - 1);
		if (at <= end && size <= end - at)
			break;
		if (!*link)
			return NULL;
		at = (*link)->at + (*link)->size;
	}
	*ret_at = at;
	return link;
}

/* Under the lock. */
static bool object_place(struct object *object, size_t align)
{
	struct object **link = find_room(object->size, align > ALIGN_MIN ? align : ALIGN_MIN, &object->at);

	if (!link)
		return false;
	object->next = *link;
	*link = object;
	return true;
}

/* @values: those of every copy; NULL: zeroes. */
static struct object *object_new(const struct object *wanted, size_t align, const char *values)
{
	struct object *object = malloc(sizeof(*object));
	bool placed;

	if (!object)
		return NULL;
	*object = *wanted;
	mh_mutex_lock(&area.lock);
	placed = map_data() && object_place(object, align);
	mh_mutex_unlock(&area.lock);
	if (!placed) {
		free(object);
		return NULL;
	}
	for (unsigned cpu = 0; cpu < MEMHP_CPUS; cpu++) {
		if (values)
			memcpy(&data[cpu][object->at], values, object->size);
		else
			memset(&data[cpu][object->at], 0, object->size);
	}
	return object;
}

void *memhp_percpu_new(size_t size, size_t align, const char *where)
{
	struct object *object;

	mh_kapi_count(MH_KAPI_CALL_PERCPU_ALLOC);
	mh_kapi_count_add(MH_KAPI_CALL_PERCPU_BYTES, size);
	mh_kapi_might_sleep(where);
	if (!size || size > MEMHP_CPU_STRIDE)
		return NULL;
	object = object_new(&(struct object){.size = size, .where = where}, align, NULL);
	return object ? &data[0][object->at] : NULL;
}

/* Takes out of the list what @match accepts first; NULL: nothing. */
static struct object *object_take(bool (*match)(const struct object *object, const void *what), const void *what)
{
	struct object **link = &area.first, *object;

	mh_mutex_lock(&area.lock);
	while (*link && !match(*link, what))
		link = &(*link)->next;
	object = *link;
	if (object)
		*link = object->next;
	mh_mutex_unlock(&area.lock);
	return object;
}

static bool begins_at(const struct object *object, const void *what)
{
	return &data[0][object->at] == (const char *)what && !object->section;
}

void memhp_percpu_free(void *freed, const char *where)
{
	struct object *object;

	if (!freed)
		return;
	object = object_take(begins_at, freed);
	if (!object)
		mh_kapi_report(MH_KAPI_RULE_FREE,
			       "free_percpu() at %s of what alloc_percpu() has not given, or was freed before", where);
	free(object);
}

char *memhp_percpu_section(char *start, size_t size)
{
	static struct mh_mutex making = MH_MUTEX_INIT;
	struct object *object;
	size_t at;

	/* Two threads may meet the module's first use: one makes the copies, the other finds them. */
	mh_mutex_lock(&making);
	mh_mutex_lock(&area.lock);
	for (object = area.first; object && object->section != start; object = object->next)
		continue;
	mh_mutex_unlock(&area.lock);
	if (!object)
		object = object_new(&(struct object){.size = size, .section = start}, ALIGN_MIN, start);
	MH_ASSERT(object); /* more per-CPU data than the area has: MEMHP_CPU_STRIDE */
	at = object->at;
	mh_mutex_unlock(&making);
	return &data[0][at];
}

static bool is_of(const struct object *object, const void *leaving)
{
	return mh_kapi_is_of(leaving, object->where) || mh_kapi_is_of(leaving, object->section);
}

void mh_kapi_percpu_unload(const struct mh_kapi_leaving *leaving)
{
	struct object *object;

	while ((object = object_take(is_of, leaving))) {
		if (!object->section)
			mh_kapi_report(MH_KAPI_RULE_LEAK,
				       "module '%s' is unloaded without free_percpu() of %zu bytes, allocated at %s",
				       leaving->name, object->size, object->where);
		free(object);
	}
}
