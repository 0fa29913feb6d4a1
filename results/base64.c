/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Base64 as in RFC 4648 section 4, strict: a text that no encoder would write is refused. */
#include "results/encode.h"

#include <errno.h>
#include <stdlib.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/* Encodes 1 to 3 bytes into 4 characters. */
static void encode_group(const unsigned char *bytes, size_t count, char out[4])
{
	uint32_t bits = (uint32_t)bytes[0] << 16;

	if (count > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (count > 2)
		bits |= bytes[2];
	out[0] = alphabet[bits >> 18];
	out[1] = alphabet[bits >> 12 & 63];
	out[2] = count > 1 ? alphabet[bits >> 6 & 63] : '=';
	out[3] = count > 2 ? alphabet[bits & 63] : '=';
}

void mh_base64_encode(const void *data, size_t size, struct mh_text *text)
{
	const unsigned char *bytes = data;

	for (size_t at = 0; at < size; at += 3) {
		char group[4];

		encode_group(bytes + at, size - at < 3 ? size - at : 3, group);
		mh_text_append(text, group, sizeof(group));
	}
}

/* 0 … 63, or -1. */
static int digit_value(char digit)
{
	if (digit >= 'A' && digit <= 'Z')
		return digit - 'A';
	if (digit >= 'a' && digit <= 'z')
		return digit - 'a' + 26;
	if (digit >= '0' && digit <= '9')
		return digit - '0' + 52;
	if (digit == '+')
		return 62;
	return digit == '/' ? 63 : -1;
}

/* Decodes 4 characters of which the last @padding are '='; 0 or -EINVAL. */
static int decode_group(const char *group, unsigned padding, unsigned char out[3])
{
	uint32_t bits = 0;

	for (unsigned i = 0; i < 4; i++) {
		int value = i < 4 - padding ? digit_value(group[i]) : 0;

		if (value < 0)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)value;
	}
	if ((padding == 1 && bits & 0xff) || (padding == 2 && bits & 0xffff))
		return -EINVAL; /* bits that the padding cuts off must be zero */
	out[0] = (unsigned char)(bits >> 16);
	out[1] = (unsigned char)(bits >> 8);
	out[2] = (unsigned char)bits;
	return 0;
}

int mh_base64_decode(const char *text, size_t length, unsigned char **ret_data, size_t *ret_size)
{
	unsigned padding = 0;

	if (length % 4 != 0)
		return -EINVAL;
	if (length > 0 && text[length - 1] == '=')
		padding = text[length - 2] == '=' ? 2 : 1;
	unsigned char *data = malloc(length / 4 * 3 + 1);

	if (!data)
		return -ENOMEM;
	for (size_t at = 0; at < length; at += 4) {
		if (decode_group(text + at, at + 4 == length ? padding : 0, data + at / 4 * 3) < 0) {
			free(data);
			return -EINVAL;
		}
	}
	*ret_data = data;
	*ret_size = length / 4 * 3 - padding;
	return 0;
}
