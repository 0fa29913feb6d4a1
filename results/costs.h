/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an operation on a real kernel's memory is made of, as it was recorded there: costs.json. Each part of it has a
 * histogram; a replay draws from each, a validation holds the sum of such draws against operations that none of the
 * histograms has seen.
 *
 * Parts do not overlap: `own` of a part leaves out what was recorded inside it, and what no part accounts for is the
 * step "write". So the own durations of an operation add up to that of the whole write.
 *
 * Nouns: *class*, operations of one direction that do or do not concern their node as a whole; *fitted*, the earlier
 * half of the operations of a class, of which the parts' histograms are made; *held out*, the later half, of which only
 * the whole is kept.
 */
#ifndef RESULTS_COSTS_H
#define RESULTS_COSTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "results/histogram.h"

#define MH_COSTS_SIZE_MAX   (64u << 20) /* bytes of a file that is read */
#define MH_COSTS_SERIES_MAX 1024
#define MH_COSTS_UNSEEN_MAX 256
#define MH_COSTS_TEXT       256 /* bytes of a text of the header, with its NUL */
#define MH_COST_NAME        64  /* of a part's name, with its NUL */
#define MH_COST_EVENT       64

#define MH_COST_REST "write" /* the step that has what no other part accounts for */

enum mh_cost_kind {
	MH_COST_STEP,     /* a part of the kernel's own work: "isolate" */
	MH_COST_WALK,     /* calling the chain with one event, without the listeners that were seen */
	MH_COST_LISTENER, /* one listener in one event */
	MH_COST_KINDS,
};

extern const char *const mh_cost_kind_names[MH_COST_KINDS];

/* Classes: MH_COST_ONLINE or not, MH_COST_NODE or not. */
#define MH_COST_ONLINE  1u /* else offline */
#define MH_COST_NODE    2u /* brings the node's first memory, or takes its last */
#define MH_COST_CLASSES 4u

/* "online", "online of a node's first", "offline of a node's last". */
extern const char *const mh_cost_class_names[MH_COST_CLASSES];

/* Which part of an operation it is. */
struct mh_cost_key {
	enum mh_cost_kind kind;
	char name[MH_COST_NAME];   /* of a step, or of the listener's function; "walk" for a walk */
	char event[MH_COST_EVENT]; /* "going_online"; "" for a step */
};

bool mh_cost_key_equal(const struct mh_cost_key *a, const struct mh_cost_key *b);

/* One part in one class. Each histogram has as many values as the class has fitted operations: 0 where one was without
 * that part. */
struct mh_cost_series {
	struct mh_cost_key key;
	unsigned class;
	struct mh_histogram whole; /* ns of an operation, with the parts inside it */
	struct mh_histogram own;   /* ns without them */
};

struct mh_costs {
	char kernel[MH_COSTS_TEXT];  /* release: "6.1.0-56-amd64" */
	char machine[MH_COSTS_TEXT]; /* model of its CPU */
	bool emulated;               /* on a CPU of software: durations of the emulator */
	uint64_t start_unix_ns;
	char blocks[MH_COSTS_TEXT]; /* "32-35" */
	uint64_t block_size_bytes;
	uint64_t resolution_ns; /* of the parts' durations; wholes are exact */
	uint64_t failed;        /* operations that failed, or whose trace could not be read: they are in no histogram */
	struct mh_histogram fitted[MH_COST_CLASSES], held_out[MH_COST_CLASSES]; /* ns of the whole write */
	struct mh_cost_series *series;
	size_t series_count, series_capacity;
	char **unseen; /* "drain: this kernel has no …": what was looked for in vain */
	size_t unseen_count;
};

/* 0 or -ENOMEM; to be released in either case. */
int mh_costs_init(struct mh_costs *costs);
void mh_costs_release(struct mh_costs *costs); /* safe on a zeroed struct */

/* NULL: not found. */
const struct mh_cost_series *mh_costs_find(const struct mh_costs *costs, unsigned class, const struct mh_cost_key *key);
/* A new, empty one at the end of the list; NULL when memory ran out, or there are MH_COSTS_SERIES_MAX. */
struct mh_cost_series *mh_costs_add(struct mh_costs *costs, unsigned class, const struct mh_cost_key *key);
/* 0; -ENOMEM; -E2BIG. */
int mh_costs_add_unseen(struct mh_costs *costs, const char *sentence);

/* Operations recorded: fitted and held out. */
uint64_t mh_costs_operations(const struct mh_costs *costs);
/* ns of an operation, whatever its class: of the fitted ones. */
double mh_costs_mean_ns(const struct mh_costs *costs);
/* "2026-11-26", of start_unix_ns. */
void mh_costs_date(const struct mh_costs *costs, char ret_date[16]);

/* Appends the document. 0 or -ENOMEM. */
int mh_costs_write(const struct mh_costs *costs, struct mh_text *text, struct mh_error *reterr);
/* Writes it to @path, whole or not at all. */
int mh_costs_save(const struct mh_costs *costs, const char *path, struct mh_error *reterr);

/**
 * mh_costs_read - read a document that nobody vouches for
 * @name: what errors call it
 * @ret_costs: to be released; untouched on failure
 *
 * Return: 0; -EINVAL no JSON, another schema or version, a wrong, missing or unknown key, a histogram that is damaged
 * or has another count than its class, a part twice, no operation at all; -EFBIG; -ENOMEM; each with a sentence.
 */
int mh_costs_read(const char *text, size_t length, const char *name, struct mh_costs *ret_costs,
		  struct mh_error *reterr);
int mh_costs_load(const char *path, struct mh_costs *ret_costs, struct mh_error *reterr);

#endif
