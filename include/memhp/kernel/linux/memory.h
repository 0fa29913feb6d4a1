/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The memory chain: events, their argument, registration. */
#ifndef MEMHP_LINUX_MEMORY_H
#define MEMHP_LINUX_MEMORY_H

#include <linux/memhp_types.h>
#include <linux/notifier.h>
#include <memhp/kernel.h>

/* Where Linux 6.1 puts its own: the slab allocator, and the limit of overcommitted memory. */
#define SLAB_CALLBACK_PRI 1
#define IPC_CALLBACK_PRI  10

#endif
