/* SPDX-License-Identifier: GPL-2.0-or-later */
/* No line is of two. */
#include "base/line.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bitmap.h"

#define PIECES 64

/* Of all sizes, in turns: small beside small, small beside large. */
static size_t size_of(unsigned piece)
{
	static const size_t sizes[] = {1, 8, 127, 128, 129, 4096, 65535, 65536, 200000, 24};

	return sizes[piece % (sizeof(sizes) / sizeof(sizes[0]))];
}

static uintptr_t first_line(const char *memory)
{
	return (uintptr_t)memory / MH_LINE_BYTES;
}

static uintptr_t last_line(const char *memory, size_t size)
{
	return ((uintptr_t)memory + size - 1) / MH_LINE_BYTES;
}

Test(line, no_two_pieces_share_one)
{
	char *pieces[PIECES];

	for (unsigned i = 0; i < PIECES; i++) {
		pieces[i] = mh_line_calloc(1, size_of(i));
		cr_assert(pieces[i]);
	}
	for (unsigned i = 0; i < PIECES; i++)
		for (unsigned k = 0; k < i; k++)
			cr_expect(first_line(pieces[i]) > last_line(pieces[k], size_of(k)) ||
					  first_line(pieces[k]) > last_line(pieces[i], size_of(i)),
				  "pieces of %zu and %zu bytes share a line", size_of(i), size_of(k));
	for (unsigned i = 0; i < PIECES; i++)
		free(pieces[i]);
}

Test(line, hands_out_zeros)
{
	for (unsigned i = 0; i < PIECES; i++) {
		char *piece = mh_line_calloc(1, size_of(i));

		for (size_t byte = 0; byte < size_of(i); byte++)
			cr_assert_eq(piece[byte], 0, "byte %zu of %zu", byte, size_of(i));
		memset(piece, 0xff, size_of(i));
		free(piece);
	}
}

Test(line, refuses_what_no_memory_could_hold)
{
	cr_expect_null(mh_line_calloc(SIZE_MAX, 2));
	cr_expect_null(mh_line_calloc(1, SIZE_MAX - 3));
}

/* A node's or a zone's each: the smallest that there are, made one after the other. */
Test(line, is_never_of_two_bitmaps)
{
	struct mh_bitmap bitmaps[PIECES];

	for (unsigned i = 0; i < PIECES; i++)
		cr_assert_eq(mh_bitmap_init(&bitmaps[i], 1), 0);
	for (unsigned i = 0; i < PIECES; i++)
		for (unsigned k = 0; k < i; k++)
			cr_expect_neq(first_line((const char *)bitmaps[i].words[0]),
				      first_line((const char *)bitmaps[k].words[0]), "bitmaps %u and %u", i, k);
	for (unsigned i = 0; i < PIECES; i++)
		mh_bitmap_release(&bitmaps[i]);
}
