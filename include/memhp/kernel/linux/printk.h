/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The module's log, which the host keeps and shows. Formats are libc's with the kernel's pointers (memhp/kapi_text.h).
 */
#ifndef MEMHP_LINUX_PRINTK_H
#define MEMHP_LINUX_PRINTK_H

#include <linux/memhp_types.h>
#include <memhp/kernel.h>

#define KERN_SOH     "\001"
#define KERN_EMERG   KERN_SOH "0"
#define KERN_ALERT   KERN_SOH "1"
#define KERN_CRIT    KERN_SOH "2"
#define KERN_ERR     KERN_SOH "3"
#define KERN_WARNING KERN_SOH "4"
#define KERN_NOTICE  KERN_SOH "5"
#define KERN_INFO    KERN_SOH "6"
#define KERN_DEBUG   KERN_SOH "7"
#define KERN_DEFAULT ""
#define KERN_CONT    KERN_SOH "c"

/* A module may define its own prefix before the first include. */
#ifndef pr_fmt
#define pr_fmt(format) format
#endif

#define printk(format, ...) memhp_printk(format, ##__VA_ARGS__)

#define pr_emerg(format, ...)   printk(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert(format, ...)   printk(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit(format, ...)    printk(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err(format, ...)     printk(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...)    printk(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice(format, ...)  printk(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...)    printk(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#define pr_warning(format, ...) pr_warn(format, ##__VA_ARGS__)
/* More of the line before, which ended without a newline. */
#define pr_cont(format, ...) printk(KERN_CONT format, ##__VA_ARGS__)

/* As in a kernel without dynamic debug: nothing unless the module defines DEBUG; the format is checked either way. */
#ifdef DEBUG
#define MEMHP_PR_DEBUG 1
#else
#define MEMHP_PR_DEBUG 0
#endif
#define pr_debug(format, ...)                                                                                          \
	do {                                                                                                           \
		if (MEMHP_PR_DEBUG)                                                                                    \
			printk(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__);                                              \
	} while (0)

/* Once a call site, whichever thread comes first. */
#define printk_once(format, ...)                                                                                       \
	do {                                                                                                           \
		static bool memhp_printed;                                                                             \
		if (!__atomic_exchange_n(&memhp_printed, true, __ATOMIC_RELAXED))                                      \
			printk(format, ##__VA_ARGS__);                                                                 \
	} while (0)
#define pr_emerg_once(format, ...)  printk_once(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert_once(format, ...)  printk_once(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit_once(format, ...)   printk_once(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err_once(format, ...)    printk_once(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn_once(format, ...)   printk_once(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice_once(format, ...) printk_once(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info_once(format, ...)   printk_once(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#define pr_debug_once(format, ...)                                                                                     \
	do {                                                                                                           \
		if (MEMHP_PR_DEBUG)                                                                                    \
			printk_once(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__);                                         \
	} while (0)

/*
 * A call site's first MEMHP_RATELIMIT_BURST lines. Unlike the kernel, which lets as many through again every 5 s, there
 * is no clock in it: a run prints the same lines, however long it takes.
 */
#define MEMHP_RATELIMIT_BURST 10
#define printk_ratelimited(format, ...)                                                                                \
	do {                                                                                                           \
		static int memhp_printed;                                                                              \
		if (__atomic_load_n(&memhp_printed, __ATOMIC_RELAXED) < MEMHP_RATELIMIT_BURST &&                       \
		    __atomic_fetch_add(&memhp_printed, 1, __ATOMIC_RELAXED) < MEMHP_RATELIMIT_BURST)                   \
			printk(format, ##__VA_ARGS__);                                                                 \
	} while (0)
#define pr_emerg_ratelimited(format, ...)  printk_ratelimited(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert_ratelimited(format, ...)  printk_ratelimited(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit_ratelimited(format, ...)   printk_ratelimited(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err_ratelimited(format, ...)    printk_ratelimited(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn_ratelimited(format, ...)   printk_ratelimited(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice_ratelimited(format, ...) printk_ratelimited(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info_ratelimited(format, ...)   printk_ratelimited(KERN_INFO pr_fmt(format), ##__VA_ARGS__)
#define pr_debug_ratelimited(format, ...)                                                                              \
	do {                                                                                                           \
		if (MEMHP_PR_DEBUG)                                                                                    \
			printk_ratelimited(KERN_DEBUG pr_fmt(format), ##__VA_ARGS__);                                  \
	} while (0)

/* Checks the format and prints nothing. */
#define no_printk(format, ...)                                                                                         \
	(__extension__({                                                                                               \
		if (0)                                                                                                 \
			printk(format, ##__VA_ARGS__);                                                                 \
		0;                                                                                                     \
	}))

enum { DUMP_PREFIX_NONE, DUMP_PREFIX_ADDRESS, DUMP_PREFIX_OFFSET };

/* Lines of @per_line bytes, 16 or 32, by single bytes whatever @group is, with their text when @ascii. */
static inline void print_hex_dump(const char *level, const char *prefix, int prefix_type, int per_line, int group,
				  const void *memory, size_t size, bool ascii)
{
	const unsigned char *bytes = (const unsigned char *)memory;
	size_t width = per_line == 32 ? 32 : 16;

	(void)group;
	for (size_t at = 0; at < size; at += width) {
		size_t count = size - at < width ? size - at : width;
		char text[33];

		for (size_t i = 0; i < count; i++)
			text[i] = (char)(bytes[at + i] >= ' ' && bytes[at + i] < 0x7f ? bytes[at + i] : '.');
		text[count] = '\0';
		if (prefix_type == DUMP_PREFIX_OFFSET)
			printk("%s%s%08zx: %*ph%s%s\n", level, prefix, at, (int)count, bytes + at, ascii ? "  " : "",
			       ascii ? text : "");
		else if (prefix_type == DUMP_PREFIX_ADDRESS)
			printk("%s%s%p: %*ph%s%s\n", level, prefix, (const void *)(bytes + at), (int)count, bytes + at,
			       ascii ? "  " : "", ascii ? text : "");
		else
			printk("%s%s%*ph%s%s\n", level, prefix, (int)count, bytes + at, ascii ? "  " : "",
			       ascii ? text : "");
	}
}

#define print_hex_dump_bytes(prefix, prefix_type, memory, size)                                                        \
	print_hex_dump(KERN_DEBUG, prefix, prefix_type, 16, 1, memory, size, true)

#endif
