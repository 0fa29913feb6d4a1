/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers, on top of the system's header of the same name. Unlike the kernel's they come from the run's seed:
 * the same run draws the same numbers, as long as one thread draws them.
 */
#ifndef MEMHP_LINUX_RANDOM_H
#define MEMHP_LINUX_RANDOM_H

#include_next <linux/random.h>

#include <linux/memhp_types.h>
#include <memhp/kapi_text.h>
#include <string.h>

static inline u64 get_random_u64(void)
{
	return memhp_random();
}

static inline u32 get_random_u32(void)
{
	return (u32)(memhp_random() >> 32);
}

static inline u16 get_random_u16(void)
{
	return (u16)(memhp_random() >> 48);
}

static inline u8 get_random_u8(void)
{
	return (u8)(memhp_random() >> 56);
}

static inline unsigned int get_random_int(void)
{
	return get_random_u32();
}

static inline unsigned long get_random_long(void)
{
	return get_random_u64();
}

#define prandom_u32() get_random_u32()

/* Below @ceiling, each as often but for less than one in 2^32; 0 for 0. */
static inline u32 get_random_u32_below(u32 ceiling)
{
	return (u32)(((u64)get_random_u32() * ceiling) >> 32);
}

#define prandom_u32_max(ceiling) get_random_u32_below(ceiling)

static inline u32 get_random_u32_above(u32 floor)
{
	return floor + 1 + get_random_u32_below(~0u - floor);
}

/* From @floor to @ceiling, both included. */
static inline u32 get_random_u32_inclusive(u32 floor, u32 ceiling)
{
	u64 count = (u64)ceiling - floor + 1;

	return floor + (u32)(((u64)get_random_u32() * count) >> 32);
}

static inline void get_random_bytes(void *bytes, size_t size)
{
	for (size_t done = 0; done < size; done += sizeof(u64)) {
		u64 value = memhp_random();

		memcpy((char *)bytes + done, &value, size - done < sizeof(value) ? size - done : sizeof(value));
	}
}

#endif
