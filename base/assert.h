/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Our own mistakes, never input and never what a fault may cause.
 * MH_ASSERT is on in every build; MH_DEBUG_ASSERT stands on hot paths and is on in Debug builds.
 */
#ifndef BASE_ASSERT_H
#define BASE_ASSERT_H

_Noreturn void mh_assert_failed(const char *file, int line, const char *condition);

#define MH_ASSERT(condition)                                                                                           \
	do {                                                                                                           \
		if (__builtin_expect(!(condition), 0))                                                                 \
			mh_assert_failed(__FILE__, __LINE__, #condition);                                              \
	} while (0)

#ifdef NDEBUG
#define MH_DEBUG_ASSERT(condition) ((void)sizeof(condition))
#else
#define MH_DEBUG_ASSERT(condition) MH_ASSERT(condition)
#endif

#define MH_STATIC_ASSERT(condition, why) _Static_assert(condition, why)

#endif
