/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The sentence that an errno cannot say. Library code fills it and returns; only bench/cli prints it.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#define MH_ERROR_SIZE 1024

struct mh_error {
	int code;                 /* negative errno; 0 while nothing is set */
	char text[MH_ERROR_SIZE]; /* one sentence, no capital, no full stop; may hold several lines */
};

/**
 * mh_error_set - write the sentence for a failure
 * @reterr: where to; may be NULL
 * @code: negative errno
 * @format: as printf; cut with "..." when longer than MH_ERROR_SIZE; control characters but newline and tab become '?'
 *
 * Return: @code, so that "return mh_error_set(...)" is one line. A macro, so that the compiler sees that what comes
 * back is what went in: negative, and not taken for success by what follows.
 */
#define mh_error_set(reterr, code, ...)                                                                                \
	__extension__({                                                                                                \
		const int mh_error_code_ = (code);                                                                     \
		mh_error_write((reterr), mh_error_code_, __VA_ARGS__);                                                 \
		mh_error_code_;                                                                                        \
	})

void mh_error_write(struct mh_error *reterr, int code, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
