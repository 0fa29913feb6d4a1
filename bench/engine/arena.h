/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is freed as a whole: the trees of a document live in one. Not synchronised.
 */
#ifndef BENCH_ENGINE_ARENA_H
#define BENCH_ENGINE_ARENA_H

#include <stddef.h>

struct mh_arena_chunk;

struct mh_arena {
	struct mh_arena_chunk *chunks; /* newest first; all zero is an empty arena */
};

/* @size bytes, zeroed, aligned for any type; NULL when memory runs out. Stays until mh_arena_release. */
void *mh_arena_alloc(struct mh_arena *arena, size_t size);
/* A copy of @length bytes with a NUL behind; NULL when memory runs out. */
char *mh_arena_copy(struct mh_arena *arena, const char *bytes, size_t length);
/* Text as by printf; NULL when memory runs out. */
char *mh_arena_print(struct mh_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void mh_arena_release(struct mh_arena *arena);

#endif
