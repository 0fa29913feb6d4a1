/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What folder.c, folder_files.c and folder_manifest.c share. */
#ifndef RESULTS_FOLDER_PRIVATE_H
#define RESULTS_FOLDER_PRIVATE_H

#include <stdbool.h>

#include "results/folder.h"

bool mh_folder_exists(const char *path);
/* May be the name of a folder under cells/. */
bool mh_folder_cell_is_valid(const char *cell);
/* Adds to folder->runs. 0 or -ENOMEM. */
int mh_folder_add_run(struct mh_result_folder *folder, const char *cell, const char *name, bool running,
		      enum mh_run_status status);

/* folder->files anew: every file below the folder but the manifest and temporary ones, sorted by path. */
int mh_folder_list_files(struct mh_result_folder *folder, struct mh_error *reterr);
/* @path is copied. 0 or -ENOMEM. */
int mh_folder_add_file(struct mh_result_folder *folder, const char *path, uint64_t size, const char *sha256);
void mh_folder_forget_files(struct mh_result_folder *folder);

int mh_folder_write_manifest(const struct mh_result_folder *folder, struct mh_error *reterr);
/* @path: of the folder whose manifest @text is. As mh_result_folder_open. */
int mh_folder_read_manifest(const char *path, const char *text, size_t length, struct mh_result_folder *ret_folder,
			    struct mh_error *reterr);

#endif
