/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From bytes to a tree: one YAML document, read by libyaml, within bounds.
 */
#ifndef BENCH_ENGINE_DOCUMENT_H
#define BENCH_ENGINE_DOCUMENT_H

#include "bench/engine/arena.h"
#include "bench/engine/diagnostics.h"
#include "bench/engine/node.h"

/* What reading works on: trees and sources live in the arena, errors go to the diagnostics. */
struct mh_reader {
	struct mh_arena arena;
	struct mh_diagnostics diagnostics;
	unsigned source_count;
	const char *topology_checked; /* the last one found good: the cells of a sweep share it */
};

void mh_reader_release(struct mh_reader *reader);

/* A file's text or, with @text NULL, a label; NULL when memory runs out. Both strings are copied. */
struct mh_source *mh_source_new(struct mh_reader *reader, const char *name, const char *folder, const char *text,
				size_t size);

/**
 * mh_document_read - read a file and build its tree
 * @named_at: where the file is named (a key `extends`); @named_at.source NULL: on the command line
 * @ret_source: the file's text; set as soon as it is read, also when its content is wrong
 *
 * Return: 0; -EINVAL the content is no document within the bounds, or mh_file_read's errno; each told in the
 * diagnostics; -ENOMEM.
 */
int mh_document_read(struct mh_reader *reader, const char *path, struct mh_place named_at, struct mh_node **ret_root,
		     struct mh_source **ret_source);

/**
 * mh_document_parse - build the tree of a source's text
 */
int mh_document_parse(struct mh_reader *reader, struct mh_source *source, const char *text, size_t size,
		      struct mh_node **ret_root);

/**
 * mh_document_value - the tree of one value from the command line or a default
 * @text: YAML when it begins with '[' or '{', else a scalar as it stands
 * @place: given to every node of it
 */
int mh_document_value(struct mh_reader *reader, struct mh_place place, const char *text, struct mh_node **ret_node);

#endif
