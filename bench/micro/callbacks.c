/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The callbacks differ in an assembler comment only: no instruction more, but no two bodies alike for -fipa-icf.
 */
#include "bench/micro/callbacks.h"

#include <stdint.h>

#define CALLBACK(number)                                                                                               \
	static __attribute__((noinline)) int callback_##number(struct notifier_block *nb, unsigned long action,        \
							       void *data)                                             \
	{                                                                                                              \
		(void)nb;                                                                                              \
		(void)action;                                                                                          \
		(void)data;                                                                                            \
		__asm__ volatile("# callback " #number);                                                               \
		return NOTIFY_OK;                                                                                      \
	}

CALLBACK(0)
CALLBACK(1)
CALLBACK(2)
CALLBACK(3)
CALLBACK(4)
CALLBACK(5)
CALLBACK(6)
CALLBACK(7)
CALLBACK(8)
CALLBACK(9)
CALLBACK(10)
CALLBACK(11)
CALLBACK(12)
CALLBACK(13)
CALLBACK(14)
CALLBACK(15)

const notifier_fn_t mh_callbacks[MH_CALLBACK_COUNT] = {
	callback_0, callback_1, callback_2,  callback_3,  callback_4,  callback_5,  callback_6,  callback_7,
	callback_8, callback_9, callback_10, callback_11, callback_12, callback_13, callback_14, callback_15,
};

notifier_fn_t mh_callback_of(unsigned index)
{
	/* An odd factor permutes the residues of a power of two. */
	uint32_t row = index / MH_CALLBACK_COUNT;

	return mh_callbacks[(index * 7 + row * 5 + row * row * 3) % MH_CALLBACK_COUNT];
}
