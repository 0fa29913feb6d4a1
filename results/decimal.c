/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decimal numbers by whole-number arithmetic: one division, of two numbers that a double holds exactly. */
#include "results/decimal.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

int mh_decimal_parse(const char *text, size_t length, double *ret_value)
{
	uint64_t digits = 0;
	double scale = 1;
	bool point = false;
	unsigned count = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.' && !point && i > 0 && i + 1 < length) {
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || ++count > MH_DECIMAL_DIGITS_MAX)
			return -EINVAL;
		digits = digits * 10 + (uint64_t)(text[i] - '0');
		scale *= point ? 10 : 1;
	}
	if (count == 0)
		return -EINVAL;
	*ret_value = (double)digits / scale;
	return 0;
}
