/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What must not happen. The host reports it with the operation; BUG ends the program. */
#ifndef MEMHP_LINUX_BUG_H
#define MEMHP_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/memhp_types.h>
#include <memhp/kapi.h>

#define BUG() memhp_bug(MEMHP_HERE, "BUG()")
#define BUG_ON(condition)                                                                                              \
	do {                                                                                                           \
		if (unlikely(condition))                                                                               \
			memhp_bug(MEMHP_HERE, "BUG_ON(" #condition ")");                                               \
	} while (0)

#define WARN(condition, format, ...)                                                                                   \
	(__extension__({                                                                                               \
		bool memhp_warned = !!(condition);                                                                     \
		if (unlikely(memhp_warned))                                                                            \
			memhp_warn(MEMHP_HERE, format, ##__VA_ARGS__);                                                 \
		unlikely(memhp_warned);                                                                                \
	}))
#define WARN_ON(condition) WARN(condition, "%s", "WARN_ON(" #condition ")")

/* Reported once a place; true each time. */
#define WARN_ONCE(condition, format, ...)                                                                              \
	(__extension__({                                                                                               \
		static bool memhp_told;                                                                                \
		bool memhp_warned = !!(condition);                                                                     \
		if (unlikely(memhp_warned) && !__atomic_exchange_n(&memhp_told, true, __ATOMIC_RELAXED))               \
			memhp_warn(MEMHP_HERE, format, ##__VA_ARGS__);                                                 \
		unlikely(memhp_warned);                                                                                \
	}))
#define WARN_ON_ONCE(condition) WARN_ONCE(condition, "%s", "WARN_ON_ONCE(" #condition ")")

#endif
