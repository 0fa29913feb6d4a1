/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Joining of folders and paths. */
#include "bench/engine/paths.h"

#include <limits.h>
#include <unistd.h>

const char *mh_path_absolute(struct mh_reader *reader, struct mh_place place, const char *path)
{
	const char *folder = place.source->folder;
	char current[PATH_MAX];

	if (*path == '/')
		return mh_arena_print(&reader->arena, "%s", path);
	if (*folder == '/')
		return mh_arena_print(&reader->arena, "%s%s", folder, path);
	if (!getcwd(current, sizeof(current)))
		return NULL;
	return mh_arena_print(&reader->arena, "%s/%s%s", current, folder, path);
}
