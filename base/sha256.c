/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 as FIPS 180-4 defines it, over a buffer or a file: for the fingerprints of files in a result. */
#include "base/io.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PIECE_SIZE 65536 /* read at once; whole blocks */

/* FIPS 180-4, 4.2.2: fractional parts of the cube roots of the first 64 primes. */
static const uint32_t round_constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

static void schedule(const unsigned char *block, uint32_t words[64])
{
	for (unsigned i = 0; i < 16; i++)
		words[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
			   (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (unsigned i = 16; i < 64; i++) {
		uint32_t s0 = rotate(words[i - 15], 7) ^ rotate(words[i - 15], 18) ^ words[i - 15] >> 3;
		uint32_t s1 = rotate(words[i - 2], 17) ^ rotate(words[i - 2], 19) ^ words[i - 2] >> 10;

		words[i] = words[i - 16] + s0 + words[i - 7] + s1;
	}
}

/* v[0] to v[7] are the working variables a to h. */
static void compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t words[64], v[8];

	schedule(block, words);
	memcpy(v, state, sizeof(v));
	for (unsigned i = 0; i < 64; i++) {
		uint32_t sum1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
		uint32_t first = v[7] + sum1 + choice + round_constants[i] + words[i];
		uint32_t sum0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22);
		uint32_t majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);

		memmove(v + 1, v, 7 * sizeof(v[0]));
		v[4] += first;
		v[0] = first + sum0 + majority;
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += v[i];
}

/* The last one or two blocks: the rest, a 1 bit, zeros, the length in bits. */
static void finish(uint32_t state[8], const unsigned char *rest, size_t rest_size, uint64_t size)
{
	unsigned char blocks[128] = {0};
	size_t end = rest_size < 56 ? 64 : 128;

	memcpy(blocks, rest, rest_size);
	blocks[rest_size] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		blocks[end - 1 - i] = (unsigned char)(size * 8 >> (8 * i));
	for (size_t at = 0; at < end; at += 64)
		compress(state, blocks + at);
}

static const uint32_t initial_state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					  0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

static void write_hex(const uint32_t state[8], char *ret_hex)
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < 64; i++)
		ret_hex[i] = digits[state[i / 8] >> (28 - 4 * (i % 8)) & 15];
	ret_hex[64] = '\0';
}

/* The whole blocks of @bytes; returns how many bytes they are. */
static size_t compress_all(uint32_t state[8], const unsigned char *bytes, size_t size)
{
	size_t whole = size / 64 * 64;

	for (size_t at = 0; at < whole; at += 64)
		compress(state, bytes + at);
	return whole;
}

void mh_sha256_hex(const void *data, size_t size, char *ret_hex)
{
	const unsigned char *bytes = size ? data : (const unsigned char *)"";
	uint32_t state[8];
	size_t whole;

	memcpy(state, initial_state, sizeof(state));
	whole = compress_all(state, bytes, size);
	finish(state, bytes + whole, size - whole, size);
	write_hex(state, ret_hex);
}

int mh_sha256_read(int fd, uint64_t *ret_size, char *ret_hex)
{
	unsigned char piece[PIECE_SIZE];
	uint64_t size = 0;
	size_t held = 0, whole;
	uint32_t state[8];
	ssize_t got;

	memcpy(state, initial_state, sizeof(state));
	while ((got = read(fd, piece + held, sizeof(piece) - held)) != 0) {
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		size += (uint64_t)got;
		held += (size_t)got;
		whole = compress_all(state, piece, held);
		held -= whole;
		memmove(piece, piece + whole, held); /* less than a block */
	}
	finish(state, piece, held, size);
	write_hex(state, ret_hex);
	*ret_size = size;
	return 0;
}
