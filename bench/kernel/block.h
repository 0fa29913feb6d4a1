/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One memory block of a kernel, driven by its file `state`, which is opened once: what opening costs is no part of an
 * operation, and a block whose file could not be opened is known before any is touched.
 */
#ifndef BENCH_KERNEL_BLOCK_H
#define BENCH_KERNEL_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/kernel/tree.h"
#include "core/machine.h"

struct mh_kernel_block {
	uint32_t index;           /* N of memoryN */
	int state_fd;             /* -1: not open */
	int node;                 /* -1: the kernel does not say */
	bool removable;           /* as the kernel tells; since 5.x no more than that it can offline at all */
	enum mh_block_state home; /* its state when it was opened: what it is put back to */
	char home_zone[MH_KERNEL_VALUE_SIZE]; /* valid_zones at that time: one name while online, "none" for several */
};

/* One write to `state`. */
struct mh_kernel_write_result {
	int error;                 /* 0, or the write's -errno */
	uint64_t begin_ns, end_ns; /* of the call, CLOCK_MONOTONIC_RAW: as trace_clock mono_raw stamps */
	enum mh_block_state after; /* as read when the call had returned */
	bool after_known;          /* false: the state could not be read any more */
};

/* The word that brings a block online in a zone as it had it: "online_movable", "online_kernel", "online". */
const char *mh_kernel_block_home_word(const struct mh_kernel_block *block);

/* 0, or -errno with a sentence. On failure nothing is open. */
int mh_kernel_block_open(const struct mh_kernel_tree *tree, uint32_t index, struct mh_kernel_block *ret_block,
			 struct mh_error *reterr);
void mh_kernel_block_close(const struct mh_kernel_tree *tree, struct mh_kernel_block *block);

/* online, offline or going-offline; -EPROTO a word that no kernel of ours has; -errno of the read. With a sentence. */
int mh_kernel_block_state(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block,
			  enum mh_block_state *ret_state, struct mh_error *reterr);

/* @word: "online", "online_kernel", "online_movable" or "offline", written in one call. */
void mh_kernel_block_write(const struct mh_kernel_tree *tree, const struct mh_kernel_block *block, const char *word,
			   struct mh_kernel_write_result *ret_result);

/**
 * mh_kernel_block_refusal - why the kernel refused, as far as the errno tells
 * @offline: what was asked for
 * @heard: listeners heard of it: the refusal came after a GOING event
 *
 * Return: a clause, "pages in it cannot be moved"; never NULL.
 */
const char *mh_kernel_block_refusal(int error, bool offline, bool heard);

#endif
