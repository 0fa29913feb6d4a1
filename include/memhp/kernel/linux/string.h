/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memset, memcpy, strcmp and their kin are libc's. */
#ifndef MEMHP_LINUX_STRING_H
#define MEMHP_LINUX_STRING_H

#include_next <linux/string.h>

#include <linux/memhp_types.h>
#include <string.h>

#endif
