/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers from text, whole or not at all; a newline may follow. */
#ifndef MEMHP_LINUX_KSTRTOX_H
#define MEMHP_LINUX_KSTRTOX_H

#include <linux/memhp_types.h>
#include <memhp/kapi_text.h>

/* As in the kernel a value that does not fit is -ERANGE, and the result is left alone. */
#define MEMHP_KSTRTO_UNSIGNED(name, type)                                                                              \
	static inline int __must_check name(const char *text, unsigned int base, type *ret_value)                      \
	{                                                                                                              \
		unsigned long long value;                                                                              \
		int ret = memhp_parse_unsigned(text, base, &value);                                                    \
		if (ret == 0 && (type)value != value)                                                                  \
			ret = -ERANGE;                                                                                 \
		if (ret == 0)                                                                                          \
			*ret_value = (type)value;                                                                      \
		return ret;                                                                                            \
	}
#define MEMHP_KSTRTO_SIGNED(name, type)                                                                                \
	static inline int __must_check name(const char *text, unsigned int base, type *ret_value)                      \
	{                                                                                                              \
		long long value;                                                                                       \
		int ret = memhp_parse_signed(text, base, &value);                                                      \
		if (ret == 0 && (type)value != value)                                                                  \
			ret = -ERANGE;                                                                                 \
		if (ret == 0)                                                                                          \
			*ret_value = (type)value;                                                                      \
		return ret;                                                                                            \
	}

MEMHP_KSTRTO_UNSIGNED(kstrtoull, unsigned long long)
MEMHP_KSTRTO_UNSIGNED(kstrtoul, unsigned long)
MEMHP_KSTRTO_UNSIGNED(kstrtouint, unsigned int)
MEMHP_KSTRTO_UNSIGNED(kstrtou64, u64)
MEMHP_KSTRTO_UNSIGNED(kstrtou32, u32)
MEMHP_KSTRTO_UNSIGNED(kstrtou16, u16)
MEMHP_KSTRTO_UNSIGNED(kstrtou8, u8)
MEMHP_KSTRTO_SIGNED(kstrtoll, long long)
MEMHP_KSTRTO_SIGNED(kstrtol, long)
MEMHP_KSTRTO_SIGNED(kstrtoint, int)
MEMHP_KSTRTO_SIGNED(kstrtos64, s64)
MEMHP_KSTRTO_SIGNED(kstrtos32, s32)
MEMHP_KSTRTO_SIGNED(kstrtos16, s16)
MEMHP_KSTRTO_SIGNED(kstrtos8, s8)

/* By the first letter, as in the kernel: y t 1 on, n f 0 off. */
static inline int __must_check kstrtobool(const char *text, bool *ret_value)
{
	char first = text ? (char)(text[0] | 0x20) : '\0';
	char second = first == 'o' ? (char)(text[1] | 0x20) : '\0';

	if (first == 'y' || first == 't' || (text && text[0] == '1') || second == 'n')
		*ret_value = true;
	else if (first == 'n' || first == 'f' || (text && text[0] == '0') || second == 'f')
		*ret_value = false;
	else
		return -EINVAL;
	return 0;
}

/* The number that @text begins with; *@ret_end is what follows. Nothing is checked, as in the kernel. */
extern unsigned long long strtoull(const char *text, char **ret_end, int base);
extern long long strtoll(const char *text, char **ret_end, int base);

#define simple_strtoull(text, ret_end, base) strtoull(text, ret_end, (int)(base))
#define simple_strtoul(text, ret_end, base)  ((unsigned long)strtoull(text, ret_end, (int)(base)))
#define simple_strtoll(text, ret_end, base)  strtoll(text, ret_end, (int)(base))
#define simple_strtol(text, ret_end, base)   ((long)strtoll(text, ret_end, (int)(base)))

#endif
