/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The module's log, which the host keeps and shows. Unlike the kernel, formats are libc's: no %pK, %pS and the like. */
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

/* A module may define its own prefix before the first include. */
#ifndef pr_fmt
#define pr_fmt(format) format
#endif

#define printk(format, ...) memhp_printk(format, ##__VA_ARGS__)

#define pr_emerg(format, ...)  printk(KERN_EMERG pr_fmt(format), ##__VA_ARGS__)
#define pr_alert(format, ...)  printk(KERN_ALERT pr_fmt(format), ##__VA_ARGS__)
#define pr_crit(format, ...)   printk(KERN_CRIT pr_fmt(format), ##__VA_ARGS__)
#define pr_err(format, ...)    printk(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn(format, ...)   printk(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_notice(format, ...) printk(KERN_NOTICE pr_fmt(format), ##__VA_ARGS__)
#define pr_info(format, ...)   printk(KERN_INFO pr_fmt(format), ##__VA_ARGS__)

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
#define pr_err_once(format, ...)  printk_once(KERN_ERR pr_fmt(format), ##__VA_ARGS__)
#define pr_warn_once(format, ...) printk_once(KERN_WARNING pr_fmt(format), ##__VA_ARGS__)
#define pr_info_once(format, ...) printk_once(KERN_INFO pr_fmt(format), ##__VA_ARGS__)

#endif
