/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formatted text in memory: libc's formats, and those of the kernel's pointers (%pS, %pe, %*pbl …) that the host has.
 */
#ifndef MEMHP_LINUX_SPRINTF_H
#define MEMHP_LINUX_SPRINTF_H

#include <linux/limits.h>
#include <linux/memhp_types.h>
#include <memhp/kapi_text.h>

#define snprintf   memhp_snprintf
#define vsnprintf  memhp_vsnprintf
#define scnprintf  memhp_scnprintf
#define vscnprintf memhp_vscnprintf

#define sprintf(buffer, format, ...)        memhp_snprintf(buffer, (size_t)0x7fffffff, format, ##__VA_ARGS__)
#define vsprintf(buffer, format, arguments) memhp_vsnprintf(buffer, (size_t)0x7fffffff, format, arguments)

/* libc's. */
extern int sscanf(const char *text, const char *format, ...) __attribute__((format(scanf, 2, 3)));

#endif
