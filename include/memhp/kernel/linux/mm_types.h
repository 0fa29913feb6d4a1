/* SPDX-License-Identifier: GPL-2.0-or-later */
/* struct page, a handle. */
#ifndef MEMHP_LINUX_MM_TYPES_H
#define MEMHP_LINUX_MM_TYPES_H

#include <linux/memhp_page.h>

#endif
