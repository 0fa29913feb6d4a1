/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The chain of nodes of Linux 7.3: events, their argument, registration; with -DMEMHP_COMPAT=73 only, since the kernels
 * before have no such names in their <linux/node.h>.
 */
#ifndef MEMHP_LINUX_NODE_H
#define MEMHP_LINUX_NODE_H

#include <linux/memhp_kobject.h>
#include <linux/memhp_types.h>
#include <linux/notifier.h>
#include <memhp/kernel.h>

#endif
