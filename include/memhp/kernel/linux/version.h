/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel that the module is compiled for, by MEMHP_COMPAT, and not the one that the system's headers are of. */
#ifndef MEMHP_LINUX_VERSION_H
#define MEMHP_LINUX_VERSION_H

#include <memhp/kernel.h>

#define KERNEL_VERSION(a, b, c) (((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))

#if MEMHP_COMPAT == 73
#define LINUX_VERSION_MAJOR      7
#define LINUX_VERSION_PATCHLEVEL 3
#elif MEMHP_COMPAT == 612
#define LINUX_VERSION_MAJOR      6
#define LINUX_VERSION_PATCHLEVEL 12
#else
#define LINUX_VERSION_MAJOR      6
#define LINUX_VERSION_PATCHLEVEL 1
#endif
#define LINUX_VERSION_SUBLEVEL 0
#define LINUX_VERSION_CODE     KERNEL_VERSION(LINUX_VERSION_MAJOR, LINUX_VERSION_PATCHLEVEL, LINUX_VERSION_SUBLEVEL)

#endif
