/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A module's time is the host's since an anchor, divided by the scale. Anchor and scale change while no thread of a
 * module looks; they are atomic so that one which does all the same sees no half of a number.
 */
#include "core/kapi_time.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include <memhp/kapi_time.h>

#include "base/assert.h"
#include "base/clock.h"
#include "base/sync.h"
#include "core/kapi_count.h"
#include "core/kapi_sleep.h"
#include "core/kapi_timer.h"

#define TICK_NS (1000000000u / MEMHP_HZ)
/* As in the kernel jiffies begin five minutes before 32 bits of them overflow. */
#define FIRST_JIFFIES ((unsigned long)(uint32_t)(-300 * MEMHP_HZ))

static _Atomic uint64_t anchor_real_ns, anchor_ns;
static _Atomic double scale = 1;

static uint64_t module_ns_at(uint64_t real_ns)
{
	uint64_t since = real_ns - atomic_load_explicit(&anchor_real_ns, memory_order_relaxed);

	return atomic_load_explicit(&anchor_ns, memory_order_relaxed) +
	       (uint64_t)((double)since / atomic_load_explicit(&scale, memory_order_relaxed));
}

void mh_kapi_time_scale(double new_scale)
{
	uint64_t real = mh_clock_monotonic_ns();
	uint64_t now = module_ns_at(real);

	MH_ASSERT(new_scale > 0 && new_scale <= 1);
	atomic_store_explicit(&anchor_ns, now, memory_order_relaxed);
	atomic_store_explicit(&anchor_real_ns, real, memory_order_relaxed);
	atomic_store_explicit(&scale, new_scale, memory_order_relaxed);
	mh_kapi_timer_recount();
}

uint64_t mh_kapi_now_ns(void)
{
	return module_ns_at(mh_clock_monotonic_ns());
}

uint64_t mh_kapi_real_ns(uint64_t ns)
{
	return (uint64_t)((double)ns * atomic_load_explicit(&scale, memory_order_relaxed));
}

uint64_t mh_kapi_jiffies_ns(unsigned long jiffies)
{
	unsigned long ticks = jiffies - FIRST_JIFFIES;

	/* The sign of a difference, as time_after() takes it: what was before the first jiffy is past. */
	if ((long)(jiffies - memhp_jiffies()) <= 0)
		return 0;
	return ticks > (MH_KAPI_NEVER - 1) / TICK_NS ? MH_KAPI_NEVER : ticks * (uint64_t)TICK_NS;
}

unsigned long memhp_jiffies(void)
{
	return FIRST_JIFFIES + (unsigned long)(mh_kapi_now_ns() / TICK_NS);
}

long long memhp_time_ns(void)
{
	return (long long)mh_kapi_now_ns();
}

/* The wall clock of the first call, and a module's time from there on. */
long long memhp_time_real_ns(void)
{
	static _Atomic uint64_t offset; /* the same whoever writes it first, but for their ns in between */
	uint64_t now = mh_kapi_now_ns(), none = 0;

	if (!atomic_load_explicit(&offset, memory_order_relaxed))
		atomic_compare_exchange_strong(&offset, &none, mh_clock_unix_ns() - now);
	return (long long)(now + atomic_load_explicit(&offset, memory_order_relaxed));
}

void memhp_sleep_ns(unsigned long long ns, const char *where)
{
	mh_kapi_count(MH_KAPI_CALL_MSLEEP);
	mh_kapi_might_sleep(where);
	mh_sleep_ns(mh_kapi_real_ns(ns));
}

void memhp_delay_ns(unsigned long long ns)
{
	uint64_t end = mh_clock_monotonic_ns() + mh_kapi_real_ns(ns);

	mh_kapi_count(MH_KAPI_CALL_UDELAY);
	while (mh_clock_monotonic_ns() < end)
		mh_cpu_relax();
}
