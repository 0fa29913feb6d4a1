/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Counting semaphores of modules, in one word: the count above bit 0, which says that someone waits at the word's
 * place. Nobody owns one, so nothing is checked but sleeping.
 */
#include "core/kapi_count.h"
#include "core/kapi_park.h"
#include "core/kapi_sleep.h"
#include "core/kapi_wait.h"

#define WAITED 1ul
#define ONE    2ul

static unsigned long load(const struct memhp_semaphore *semaphore)
{
	return __atomic_load_n(&semaphore->word, __ATOMIC_RELAXED);
}

/* Acquire: pairs with the release of memhp_up(), whose thread's work comes before ours. */
static int take(struct memhp_semaphore *semaphore)
{
	unsigned long old = load(semaphore);

	while (old >= ONE)
		if (__atomic_compare_exchange_n(&semaphore->word, &old, old - ONE, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return 1;
	return 0;
}

int memhp_down_try(struct memhp_semaphore *semaphore)
{
	mh_kapi_count(MH_KAPI_CALL_DOWN_TRYLOCK);
	return take(semaphore);
}

/* False: it was given in between. */
static bool mark_waited(struct memhp_semaphore *semaphore)
{
	unsigned long old = load(semaphore);

	return old < ONE &&
	       __atomic_compare_exchange_n(&semaphore->word, &old, WAITED, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

int memhp_down(struct memhp_semaphore *semaphore, long timeout, const char *where)
{
	struct mh_kapi_park *park = mh_kapi_park_of(semaphore);
	uint64_t deadline_ns = mh_kapi_timeout_ns(timeout);
	int taken;

	mh_kapi_count(MH_KAPI_CALL_DOWN);
	mh_kapi_might_sleep(where);
	if (take(semaphore))
		return 1;
	mh_mutex_lock(&park->lock);
	while (!(taken = take(semaphore)))
		if (mark_waited(semaphore) && !mh_kapi_condition_wait(&park->changed, &park->lock, deadline_ns))
			break;
	mh_mutex_unlock(&park->lock);
	return taken;
}

/* Wakes by address, for who got the semaphore may have freed it. All that wait look again, and mark it again. */
void memhp_up(struct memhp_semaphore *semaphore)
{
	unsigned long old = load(semaphore);

	while (!__atomic_compare_exchange_n(&semaphore->word, &old, (old & ~WAITED) + ONE, false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		continue;
	if (old & WAITED)
		mh_kapi_park_wake(semaphore);
}
