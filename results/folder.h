/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The result folder: DIR/manifest.json says what ran and what came of it, DIR/cells/CELL/RUN/ holds each run.
 *
 * Writing: mh_result_folder_create; for each run mh_result_folder_begin_run, files under the path it gives,
 * mh_result_folder_end_run; mh_result_folder_finish. The manifest is rewritten at each of these steps, whole or not at
 * all, so that a killed run leaves a folder that says "aborted", "not finished". Reading: mh_result_folder_open.
 */
#ifndef RESULTS_FOLDER_H
#define RESULTS_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "results/result.h"

#define MH_FOLDER_RUNS_MAX          100000
#define MH_FOLDER_FILES_MAX         1000000
#define MH_FOLDER_CELL_MAX          200 /* bytes of a cell's name */
#define MH_FOLDER_MANIFEST_SIZE_MAX (64u << 20)

struct mh_result_folder_run {
	char *cell;
	char *run;    /* "run-001" */
	bool running; /* began and did not end: killed, if nobody is at it */
	enum mh_run_status status;
	char *discarded; /* why it does not count though it ended (results/hygiene.h); NULL: it does */
};

struct mh_result_folder_file {
	char *path; /* within the folder */
	uint64_t size;
	char sha256[MH_SHA256_TEXT];
};

struct mh_result_folder {
	char *path;
	char *name; /* the scenario's */
	char *id;   /* ULID of the folder's first run */
	char *version, *build_id;
	uint64_t seed, start_unix_ns;
	bool running;
	enum mh_run_status status; /* the worst of its runs, or what mh_result_folder_finish was told */
	struct mh_result_folder_run *runs;
	size_t run_count, run_capacity;
	struct mh_result_folder_file *files; /* filled by finish and open */
	size_t file_count, file_capacity;
};

struct mh_result_folder_request {
	const char *path;               /* NULL: ./NAME-<UTC stamp>-<id> */
	const char *name;               /* the scenario's */
	const char *version, *build_id; /* build_id may be NULL */
	uint64_t seed, start_unix_ns;
};

/**
 * mh_result_folder_create - make the folder, which must be absent or empty
 *
 * Return: 0; -ENOTEMPTY, -ENOTDIR, -EACCES, -EROFS, -ENOSPC … with a sentence. On failure nothing is left behind.
 */
int mh_result_folder_create(const struct mh_result_folder_request *request, struct mh_result_folder *ret_folder,
			    struct mh_error *reterr);

/**
 * mh_result_folder_begin_run - make cells/CELL/run-NNN
 * @cell: letters, digits and "=.,_+-", not beginning with a dot: a cell's id
 * @run: from 1
 * @ret_path: of the run's folder; to be freed
 */
int mh_result_folder_begin_run(struct mh_result_folder *folder, const char *cell, unsigned run, char **ret_path,
			       struct mh_error *reterr);
/* Of the run that began last in that cell. */
int mh_result_folder_end_run(struct mh_result_folder *folder, const char *cell, unsigned run, enum mh_run_status status,
			     struct mh_error *reterr);

/* A run that ended does not count, and this sentence says why: it stays, and whoever compares leaves it out. */
int mh_result_folder_discard_run(struct mh_result_folder *folder, const char *cell, unsigned run, const char *reason,
				 struct mh_error *reterr);

/* "./NAME-<UTC stamp>-<id>", to be freed: where a command without -o leaves its results. NULL: no memory, or no
 * randomness. */
char *mh_result_folder_default_path(const char *name, uint64_t start_unix_ns);

/* Writes a file at the top of the folder, whole or not at all: "report.txt", "scenario.yaml". */
int mh_result_folder_write(const struct mh_result_folder *folder, const char *name, const void *data, size_t size,
			   struct mh_error *reterr);

/* Lists all files with their sums and writes the manifest for the last time. @status: raises what the runs say. */
int mh_result_folder_finish(struct mh_result_folder *folder, enum mh_run_status status, struct mh_error *reterr);

/**
 * mh_result_folder_discard - take back a folder in which nothing ran
 * @made: mh_result_folder_create made it; else it was there and empty, and is so again
 */
void mh_result_folder_discard(struct mh_result_folder *folder, bool made);

/* Reads the manifest of a folder. -ENOENT, -ENOTDIR, -EINVAL it is no result folder: a sentence that says which. */
int mh_result_folder_open(const char *path, struct mh_result_folder *ret_folder, struct mh_error *reterr);
/**
 * mh_result_folder_check_files - whether the files are those that the manifest lists, byte for byte
 * @found: called with each that is not, and why: "is missing", "is not as it was written"
 *
 * Return: how many are not.
 */
size_t mh_result_folder_check_files(const struct mh_result_folder *folder,
				    void (*found)(void *data, const char *path, const char *why), void *data);
/* Path of a file of a run, to be freed; NULL when memory ran out. @file: "run.json"; NULL: the run's folder. */
char *mh_result_folder_path(const struct mh_result_folder *folder, const struct mh_result_folder_run *run,
			    const char *file);
void mh_result_folder_release(struct mh_result_folder *folder); /* safe on a zeroed struct */

#endif
