/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Putting trees together: `extends` (a parent file below its child) and -D (one value over what the file says).
 */
#ifndef BENCH_ENGINE_MERGE_H
#define BENCH_ENGINE_MERGE_H

#include "bench/engine/document.h"

#define MH_EXTENDS_MAX 16 /* files in one chain of `extends` */

/**
 * mh_merge - @over on top of @base
 *
 * Maps merge key by key; lists whose items all have a `name` merge by name, new names behind the old; anything else in
 * @over replaces what @base has. Both trees may be changed. NULL when memory runs out.
 */
struct mh_node *mh_merge(struct mh_arena *arena, struct mh_node *base, struct mh_node *over);

/**
 * mh_merge_extends - read a file and all that it extends
 * @ret_source: the file's own text
 * @ret_root: the merged tree, without the key `extends`
 *
 * Paths of `extends` begin from the folder of the file that has them. Return: 0; -EINVAL and mh_file_read's errnos,
 * told in the diagnostics; -ENOMEM.
 */
int mh_merge_extends(struct mh_reader *reader, const char *path, struct mh_node **ret_root,
		     struct mh_source **ret_source);

/**
 * mh_merge_override - set one key from the command line
 * @label: the place that errors show, "-D machine.block_size=2GiB"
 * @key: names joined by '.'; an item of a list by its `name`; a key that itself has dots is found as a whole
 *
 * Maps that are missing on the way are made. Return: 0; -EINVAL told in the diagnostics; -ENOMEM.
 */
int mh_merge_override(struct mh_reader *reader, struct mh_node *root, const char *label, const char *key,
		      const char *value);

#endif
