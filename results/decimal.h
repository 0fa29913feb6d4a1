/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plain decimal numbers as they stand in files, the same in every locale. */
#ifndef RESULTS_DECIMAL_H
#define RESULTS_DECIMAL_H

#include <stddef.h>

#define MH_DECIMAL_DIGITS_MAX 19 /* more cannot be told apart */

/* Reads all of @text[0 … length): digits, with a point and digits behind it if there is one. 0 or -EINVAL. Exactly
 * rounded up to 15 digits. */
int mh_decimal_parse(const char *text, size_t length, double *ret_value);

#endif
