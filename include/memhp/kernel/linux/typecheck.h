/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types that must be equal. */
#ifndef MEMHP_LINUX_TYPECHECK_H
#define MEMHP_LINUX_TYPECHECK_H

#include <linux/compiler.h>

/* 1, or no program. */
#define typecheck(type, value)                                                                                         \
	(__extension__({                                                                                               \
		_Static_assert(__same_type(type, value), "typecheck: not a " #type);                                   \
		1;                                                                                                     \
	}))

#endif
