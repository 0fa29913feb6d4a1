/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text behind <linux/sprintf.h>, <linux/kstrtox.h> and <linux/printk.h>: formats and numbers. */
#ifndef MEMHP_KAPI_TEXT_H
#define MEMHP_KAPI_TEXT_H

#include <stdarg.h>
#include <stddef.h>

#include <memhp/kapi.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * memhp_vsnprintf - printf's format with the kernel's pointers: %pS %ps %pB %pF %pK %px %pe %pV %pa %pad %*pb %*pbl
 * %*ph
 *
 * A letter behind %p that is none of these gives "(%pX?)". %p itself is the address in 16 digits.
 * Return: bytes that the whole takes, without its NUL.
 */
MEMHP_EXPORT int memhp_vsnprintf(char *buffer, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
MEMHP_EXPORT int memhp_snprintf(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Return: bytes that were put down, without the NUL: at most @size - 1, and 0 where @size is. */
MEMHP_EXPORT int memhp_vscnprintf(char *buffer, size_t size, const char *format, va_list arguments)
	__attribute__((format(printf, 3, 0)));
MEMHP_EXPORT int memhp_scnprintf(char *buffer, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What %pV takes. */
struct va_format {
	const char *fmt;
	va_list *va;
};

/* @text: a whole number, a newline behind it at most. @base 0: by 0x and 0. Return: 0, -EINVAL, -ERANGE. */
MEMHP_EXPORT int memhp_parse_unsigned(const char *text, unsigned base, unsigned long long *ret_value);
MEMHP_EXPORT int memhp_parse_signed(const char *text, unsigned base, long long *ret_value);

/* The next of the numbers that a module draws; from the run's seed. Any thread. */
MEMHP_EXPORT unsigned long long memhp_random(void);

#ifdef __cplusplus
}
#endif

#endif
