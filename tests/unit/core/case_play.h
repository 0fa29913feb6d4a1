/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A row of the tables of semantics.md 9 as a test: its words in columns, played on the machine that they describe.
 *
 * Set-up, parted by ";": the words of case_world.h and
 *	"callbacks A30 B20 node X40"      instead of A(30), B(20), C(10); "callbacks none"
 *	"A:GO=BAD once", "A,B,C:*=DONE"   case_listener.h
 *	"b2 online_movable"               written before, without recording; it must succeed
 *	"unmovable page", "pinned page", "stuck huge page", "free huge page", "balloon page", "poisoned page",
 *	"3 movable pages", "full"
 *	                                  taken from what is online; of the last, all of one block
 *	"A drops the balloon in GF", "A empties the nids in GO"
 *	"signal at start", "dissolving runs out of memory"
 *	"room after each pass"            of a full block a chunk is given back after each page that was migrated
 *	"after 2 passes: signal", "after 1 passes: register D20", "after 1 passes: unregister B"
 *	"see present", "see kswapd", "see isolation", "see migrated"
 * Operation:
 *	"b2 online", "b2 online<-1"       written to state and to online; "b2 online & b3 online" by two threads at once
 *	"b2 valid_zones"                  read
 *	"add b2..b4", "remove b2..b3", "offline_and_remove b2..b3"
 * Result: "=" for the byte count of a write, 0, or the errno, one an operation.
 * Final state: "b2 Normal, b3 Movable; memory 0; normal 0; kswapd 0": blocks that are not offline as at the start, the
 * nodes of each mask and those whose daemons run; "offline" when that leaves nothing. What the row wants to see behind
 *it.
 */
#ifndef TESTS_UNIT_CORE_CASE_PLAY_H
#define TESTS_UNIT_CORE_CASE_PLAY_H

#include "core/notifier.h"

struct case_row {
	const char *id, *set_up, *operation, *calls, *result, *final; /* "" for nothing */
	const char *broken; /* the invariant that must be named; NULL: none is violated */
	const char *skip;   /* why it cannot be played */
};

/* A row of the table, and by name what more there is to say. */
#define CASE(id_, set_up_, operation_, calls_, result_, final_, ...)                                                   \
	{                                                                                                              \
		.id = id_, .set_up = set_up_, .operation = operation_, .calls = calls_, .result = result_,             \
		.final = final_, ##__VA_ARGS__                                                                         \
	}
#define CASE_SKIPPED(id_, reason)                                                                                      \
	{                                                                                                              \
		.id = id_, .skip = reason                                                                              \
	}

/* Plays the row once for each type of chain, or skips. */
void case_play(const struct case_row *row);

/* A parameterised test of the rows of a table, by their indices: each runs in a process of its own. */
#define CASE_TABLE(suite, name, rows)                                                                                  \
	ParameterizedTestParameters(suite, name)                                                                       \
	{                                                                                                              \
		static int indices[sizeof(rows) / sizeof((rows)[0])];                                                  \
                                                                                                                       \
		for (int i = 0; i < (int)(sizeof(rows) / sizeof((rows)[0])); i++)                                      \
			indices[i] = i;                                                                                \
		return cr_make_param_array(int, indices, sizeof(rows) / sizeof((rows)[0]));                            \
	}                                                                                                              \
	ParameterizedTest(int *index, suite, name)                                                                     \
	{                                                                                                              \
		case_play(&(rows)[*index]);                                                                            \
	}

#endif
