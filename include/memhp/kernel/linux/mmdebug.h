/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel's memory management asserts of itself, as with CONFIG_DEBUG_VM. */
#ifndef MEMHP_LINUX_MMDEBUG_H
#define MEMHP_LINUX_MMDEBUG_H

#include <linux/bug.h>

#define VM_BUG_ON(condition)               BUG_ON(condition)
#define VM_WARN_ON(condition)              ((void)WARN_ON(condition))
#define VM_WARN_ON_ONCE(condition)         ((void)WARN_ON_ONCE(condition))
#define VM_WARN_ONCE(condition, format...) ((void)WARN_ONCE(condition, format))

#endif
