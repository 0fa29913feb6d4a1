/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A list of chunks, each filled from its front. A request that does not fit gets a new chunk; the rest of the old one
 * is given up.
 */
#include "bench/engine/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_CHUNK_BYTES 65536

struct mh_arena_chunk {
	struct mh_arena_chunk *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

static struct mh_arena_chunk *arena_chunk_new(struct mh_arena *arena, size_t size)
{
	struct mh_arena_chunk *chunk;

	if (size < ARENA_CHUNK_BYTES)
		size = ARENA_CHUNK_BYTES;
	chunk = calloc(1, sizeof(*chunk) + size);
	if (!chunk)
		return NULL;
	chunk->size = size;
	chunk->next = arena->chunks;
	arena->chunks = chunk;
	return chunk;
}

void *mh_arena_alloc(struct mh_arena *arena, size_t size)
{
	const size_t alignment = alignof(max_align_t);
	struct mh_arena_chunk *chunk = arena->chunks;
	void *bytes;

	size = (size + alignment - 1) / alignment * alignment;
	if (!chunk || chunk->size - chunk->used < size)
		chunk = arena_chunk_new(arena, size);
	if (!chunk)
		return NULL;
	bytes = chunk->bytes + chunk->used;
	chunk->used += size;
	return bytes;
}

char *mh_arena_copy(struct mh_arena *arena, const char *bytes, size_t length)
{
	char *copy = mh_arena_alloc(arena, length + 1);

	if (copy)
		memcpy(copy, bytes, length);
	return copy;
}

char *mh_arena_print(struct mh_arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text = NULL, *copy;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		return NULL;
	copy = mh_arena_copy(arena, text, (size_t)length);
	free(text);
	return copy;
}

void mh_arena_release(struct mh_arena *arena)
{
	while (arena->chunks) {
		struct mh_arena_chunk *chunk = arena->chunks;

		arena->chunks = chunk->next;
		free(chunk);
	}
}
