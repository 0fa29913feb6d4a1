/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions that the compiler checks. */
#ifndef MEMHP_LINUX_BUILD_BUG_H
#define MEMHP_LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_MSG(condition, message) _Static_assert(!(condition), message)
#define BUILD_BUG_ON(condition)              BUILD_BUG_ON_MSG(condition, "BUILD_BUG_ON: " #condition)

#endif
