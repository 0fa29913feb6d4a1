/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which names readers of interval logs survive. */
#include "results/tag.h"

#include <stddef.h>

bool mh_tag_is_valid(const char *tag)
{
	size_t length = 0;

	while (tag[length]) {
		char letter = tag[length++];

		if (letter <= ' ' || letter > '~' || letter == ',' || length > MH_TAG_MAX)
			return false;
	}
	return length > 0;
}
