/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memset, memcpy, strcmp and their kin are libc's; what the kernel has besides is here. */
#ifndef MEMHP_LINUX_STRING_H
#define MEMHP_LINUX_STRING_H

#include_next <linux/string.h>

#include <linux/ctype.h>
#include <linux/memhp_types.h>
#include <string.h>

/* Some libcs have functions of these names: the kernel's stand beside them. */
#define strlcpy   memhp_strlcpy
#define strlcat   memhp_strlcat
#define strscpy   memhp_strscpy
#define strchrnul memhp_strchrnul

/* Always ends with a NUL. Return: bytes copied, or -E2BIG where @from was cut. */
static inline ssize_t memhp_strscpy(char *to, const char *from, size_t size)
{
	size_t length = strnlen(from, size);

	if (!size || size > 0x7fffffff)
		return -E2BIG;
	if (length == size) {
		memcpy(to, from, size - 1);
		to[size - 1] = '\0';
		return -E2BIG;
	}
	memcpy(to, from, length + 1);
	return (ssize_t)length;
}

/* The rest of @to becomes 0, too. */
static inline ssize_t strscpy_pad(char *to, const char *from, size_t size)
{
	ssize_t length = memhp_strscpy(to, from, size);

	if (length >= 0)
		memset(to + length, 0, size - (size_t)length);
	return length;
}

/* Return: the length of @from, however much of it was copied. */
static inline size_t memhp_strlcpy(char *to, const char *from, size_t size)
{
	if (size)
		(void)memhp_strscpy(to, from, size);
	return strlen(from);
}

/* @to is a string already. Return: the length that the whole would have. */
static inline size_t memhp_strlcat(char *to, const char *from, size_t size)
{
	size_t length = strnlen(to, size);

	return length + memhp_strlcpy(to + length, from, size - length);
}

/* The end of the text where @c is not in it. */
static inline char *memhp_strchrnul(const char *text, int c)
{
	while (*text && *text != (char)c)
		text++;
	return (char *)text;
}

static inline char *strnchr(const char *text, size_t size, int c)
{
	for (; size--; text++) {
		if (*text == (char)c)
			return (char *)text;
		if (!*text)
			break;
	}
	return NULL;
}

static inline char *strnstr(const char *text, const char *wanted, size_t size)
{
	size_t length = strlen(wanted);

	for (; size >= length; text++, size--)
		if (memcmp(text, wanted, length) == 0)
			return (char *)text;
	return NULL;
}

static inline char *skip_spaces(const char *text)
{
	while (isspace(*text))
		text++;
	return (char *)text;
}

/* Cuts the spaces at the end off, in place. Return: @text behind those at its beginning. */
static inline char *strim(char *text)
{
	size_t length = strlen(text);

	while (length && isspace(text[length - 1]))
		length--;
	text[length] = '\0';
	return skip_spaces(text);
}

#define strstrip(text) strim(text)

static inline char *strreplace(char *text, char old, char c)
{
	for (; *text; text++)
		if (*text == old)
			*text = c;
	return text;
}

/* The first byte that is not @c; NULL where all are. */
static inline void *memchr_inv(const void *memory, int c, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)memory;

	for (size_t i = 0; i < size; i++)
		if (bytes[i] != (unsigned char)c)
			return (void *)&bytes[i];
	return NULL;
}

/* The first @c, or the end. */
static inline void *memscan(void *memory, int c, size_t size)
{
	void *found = memchr(memory, c, size);

	return found ? found : (char *)memory + size;
}

/* The compiler may not leave it out. */
static inline void memzero_explicit(void *memory, size_t size)
{
	memset(memory, 0, size);
	__asm__ __volatile__("" : : "r"(memory) : "memory");
}

static inline bool strstarts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Return: the length of the prefix, 0 where it is none. */
static inline size_t str_has_prefix(const char *text, const char *prefix)
{
	return strstarts(text, prefix) ? strlen(prefix) : 0;
}

static inline const char *kbasename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Equal but for a newline at the end, which a write to sysfs has. */
static inline bool sysfs_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	if (*a == '\n' && !a[1])
		a++;
	if (*b == '\n' && !b[1])
		b++;
	return !*a && !*b;
}

/* Return: the index of @text in @texts, which a NULL may end early; -EINVAL. */
static inline int match_string(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count && texts[i]; i++)
		if (strcmp(texts[i], text) == 0)
			return (int)i;
	return -EINVAL;
}

static inline int memhp_sysfs_match(const char *const *texts, size_t count, const char *text)
{
	for (size_t i = 0; i < count && texts[i]; i++)
		if (sysfs_streq(texts[i], text))
			return (int)i;
	return -EINVAL;
}

#define sysfs_match_string(texts, text) memhp_sysfs_match(texts, sizeof(texts) / sizeof((texts)[0]), text)

#endif
