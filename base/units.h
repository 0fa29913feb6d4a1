/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Text to numbers with units and back, the same in every locale.
 * Parsers take the whole string: 0, or -EINVAL (malformed, or the unit is missing or unknown) or -ERANGE; the sentence
 * in @reterr names the remedy ("use MiB, not MB").
 */
#ifndef BASE_UNITS_H
#define BASE_UNITS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define MH_PPB_ONE 1000000000u /* shares are kept in parts per billion: 1 = 100 % */

/* The 64-bit threshold of a share: a uniform draw is below it with that probability; not for 100 %. */
static inline uint64_t mh_share_threshold(uint64_t share_ppb)
{
	return (uint64_t)(((unsigned __int128)share_ppb << 64) / MH_PPB_ONE);
}

int mh_parse_integer(const char *text, int64_t *ret_value, struct mh_error *reterr);   /* decimal or 0x… */
int mh_parse_unsigned(const char *text, uint64_t *ret_value, struct mh_error *reterr); /* decimal or 0x… */
int mh_parse_duration(const char *text, uint64_t *ret_ns, struct mh_error *reterr);    /* 250ns 1.5us 10ms 30s 5m 2h */
int mh_parse_size(const char *text, uint64_t *ret_bytes, struct mh_error *reterr);     /* KiB MiB GiB TiB */
int mh_parse_rate(const char *text, double *ret_per_second, struct mh_error *reterr);  /* 2000/s 2k/s is an error */
int mh_parse_share(const char *text, uint64_t *ret_ppb, struct mh_error *reterr);      /* 0.1% 250ppm; 0 … 100 % */

/* Shortest exact form with a unit, as the parsers read it; into @buffer, which is returned. At least 32 bytes. */
char *mh_format_duration(char *buffer, size_t size, uint64_t ns);
char *mh_format_size(char *buffer, size_t size, uint64_t bytes);
char *mh_format_share(char *buffer, size_t size, uint64_t ppb);

/* For people: three significant digits, "1.25 us", "12.3 M", "4.0 GiB". */
char *mh_show_duration(char *buffer, size_t size, double ns);
char *mh_show_count(char *buffer, size_t size, double count);
char *mh_show_size(char *buffer, size_t size, uint64_t bytes);

#endif
