/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel made up of a folder of regular files, reached by system calls that fail where a test says so, and with
 * somebody behind the files who answers a write as a kernel would.
 */
#ifndef TESTS_UNIT_BENCH_KERNEL_MADE_UP_TREE_H
#define TESTS_UNIT_BENCH_KERNEL_MADE_UP_TREE_H

#include <limits.h>

#include "bench/kernel/tree.h"

#define MADE_UP_TRACING  "/sys/kernel/tracing"
#define MADE_UP_INSTANCE MADE_UP_TRACING "/instances/memhp-bench"

#define MADE_UP_RELEASE "6.1.0-56-amd64"
#define MADE_UP_MODULES "/lib/modules/" MADE_UP_RELEASE

#define MADE_UP_TAKEN INT_MAX /* all bytes of a write */

#define FILES_MAX 256 /* open at once */

enum made_up_call { CALL_NONE, CALL_OPEN, CALL_READ, CALL_WRITE, CALL_MAKE, CALL_REMOVE, CALL_LOAD, CALL_UNLOAD };

/* One call that fails. */
struct made_up_failure {
	enum made_up_call call;
	const char *path; /* end of it: "memory33/state" */
	unsigned skip;    /* so many such calls succeed before */
	unsigned times;   /* so many fail; 0: all */
	int error;        /* -errno */
};

struct made_up_tree {
	struct mh_kernel_tree tree;
	struct mh_kernel_calls calls;
	char root[64];
	struct made_up_failure failure;
	/* Who answers a write that did not fail: -errno; how many bytes were taken, or MADE_UP_TAKEN, when the file
	 * shows by itself what it shall; 0: the file just takes it, as without anybody. */
	int (*answer)(struct made_up_tree *made_up, const char *path, const char *value);
	void *data; /* of @answer */
	unsigned open_count;
	char *paths[FILES_MAX]; /* by file descriptor; below the root */
	struct mh_text log;     /* "PATH VALUE" of each write that was tried, a line each */
};

void made_up_init(struct made_up_tree *made_up);
void made_up_release(struct made_up_tree *made_up);

/* Makes or overwrites a file, with the folders that it lies in; or adds to it. @path from the root: "/sys/…". */
void made_up_file(struct made_up_tree *made_up, const char *path, const char *content);
void made_up_bytes(struct made_up_tree *made_up, const char *path, const char *bytes, size_t size);
void made_up_add(struct made_up_tree *made_up, const char *path, const char *content);
/* Into @ret, the whole file; "" where there is none. */
const char *made_up_content(struct made_up_tree *made_up, const char *path, char ret[MH_KERNEL_VALUE_SIZE]);
void made_up_folder(struct made_up_tree *made_up, const char *path);

/* memory@index with @state, @zones as valid_zones, on @node. */
void made_up_block(struct made_up_tree *made_up, unsigned index, const char *state, const char *zones, int node);
/* block_size_bytes, and blocks 32 to 35 of node 3, offline, that may become Normal or Movable. */
void made_up_blocks(struct made_up_tree *made_up);
/* The files of tracefs, or of an instance, that we touch, in @folder. */
void made_up_tracefs(struct made_up_tree *made_up, const char *folder);
/* A whole kernel of @release: made_up_blocks(), tracefs with instances, the injector loaded and disarmed. */
void made_up_whole(struct made_up_tree *made_up, const char *release);
/* The injector's two modules are there, and not loaded: loading and unloading them makes and removes their files. */
void made_up_modules(struct made_up_tree *made_up);
/* What block @index shows as its state, without the newline. */
const char *made_up_state(struct made_up_tree *made_up, unsigned index, char ret[MH_KERNEL_VALUE_SIZE]);

#endif
