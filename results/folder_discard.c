/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking a folder back in which nothing ran.
 */
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "results/folder.h"

#define OPEN_FOLDERS_MAX 16 /* that the walk keeps open at once */

static int remove_entry(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	if (place->level == 0)
		return 0; /* the folder itself: whoever made it */
	return kind == FTW_DP ? rmdir(path) : unlink(path);
}

void mh_result_folder_discard(struct mh_result_folder *folder, bool made)
{
	/* Symbolic links are not followed: nothing outside the folder is touched. What cannot be removed stays. */
	(void)nftw(folder->path, remove_entry, OPEN_FOLDERS_MAX, FTW_DEPTH | FTW_PHYS);
	if (made)
		(void)rmdir(folder->path);
}
