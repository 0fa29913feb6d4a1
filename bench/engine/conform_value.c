/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words of the recordings. */
#include "bench/engine/conform_value.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <memhp/kernel.h>

#define ERRNO_MAX 4095 /* the kernel's MAX_ERRNO: libc takes -1 … -4095 for an error */

static const struct {
	const char *word;
	int value;
} words[] = {
	{"DONE", NOTIFY_DONE},
	{"OK", NOTIFY_OK},
	{"STOP", NOTIFY_STOP},
	{"BAD", NOTIFY_BAD},
};

/* Decimal or 0x…; up to 32 bits without a sign, for that is how a raw int may be written. */
static bool number_parse(const char *text, int *ret_number)
{
	char *end;

	errno = 0;
	long long number = strtoll(text, &end, 0);

	if (end == text || *end || errno || number < INT_MIN || number > UINT_MAX)
		return false;
	*ret_number = (int)number;
	return true;
}

int mh_conform_value_parse(const char *word, int *ret_value)
{
	int number;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].word, word) == 0) {
			*ret_value = words[i].value;
			return 0;
		}
	if (strncmp(word, "raw:", 4) == 0 && number_parse(word + 4, &number)) {
		*ret_value = number;
		return 0;
	}
	/* Below it NOTIFY_OK - err leaves the range of int. */
	if (strncmp(word, "errno:", 6) != 0 || !number_parse(word + 6, &number) || number < -INT_MAX + NOTIFY_OK)
		return -EINVAL;
	*ret_value = notifier_from_errno(number);
	return 0;
}

const char *mh_conform_value_name(int value, char buffer[MH_CONFORM_WORD_SIZE])
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].value == value)
			return words[i].word;
	if (value > 0 && (value & NOTIFY_STOP_MASK) && notifier_to_errno(value) < 0)
		snprintf(buffer, MH_CONFORM_WORD_SIZE, "errno:%d", notifier_to_errno(value));
	else
		snprintf(buffer, MH_CONFORM_WORD_SIZE, "raw:%d", value);
	return buffer;
}

const char *mh_conform_event_name(enum mh_event event)
{
	const char *name = mh_event_kernel_names[event];

	return strncmp(name, "MEM_", 4) == 0 ? name + 4 : name;
}

const char *mh_conform_errname(int64_t result, char buffer[MH_CONFORM_WORD_SIZE])
{
	if (result >= 0)
		return "0";
	if (result < -ERRNO_MAX)
		return "BEYOND";
	const char *name = strerrorname_np((int)-result);

	if (name)
		return name;
	snprintf(buffer, MH_CONFORM_WORD_SIZE, "E%d", (int)-result);
	return buffer;
}

int mh_conform_errno(int64_t result)
{
	return result < 0 && result >= -ERRNO_MAX ? (int)-result : 0;
}
