/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of runs that never meet: ULIDs. */
#include "results/result.h"

#include <errno.h>
#include <sys/random.h>

#define TIME_LETTERS   10 /* of 5 bits: 48 bits of ms, the first letter has 3 */
#define RANDOM_LETTERS 16 /* of 5 bits: 80 random bits */

int mh_run_id(uint64_t unix_ns, char ret_id[MH_RUN_ID_TEXT])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford: no I, L, O, U */
	unsigned char random[RANDOM_LETTERS];
	uint64_t ms = unix_ns / 1000000;

	/* A letter takes 5 bits of a byte: simpler than cutting 80 bits up, and as random. */
	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return -EIO;
	for (int i = TIME_LETTERS - 1; i >= 0; i--) {
		ret_id[i] = alphabet[ms & 31];
		ms >>= 5;
	}
	for (unsigned i = 0; i < RANDOM_LETTERS; i++)
		ret_id[TIME_LETTERS + i] = alphabet[random[i] & 31];
	ret_id[MH_RUN_ID_TEXT - 1] = '\0';
	return 0;
}
