/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One value of a scenario: a node of the tree, read by its row into the struct that the row belongs to.
 */
#ifndef BENCH_ENGINE_VALUE_H
#define BENCH_ENGINE_VALUE_H

#include "base/distribution.h"
#include "base/error.h"
#include "base/schema.h"
#include "bench/engine/document.h"

struct mh_scenario;

/* What reading a scenario's values works on. */
struct mh_binder {
	struct mh_reader *reader;
	struct mh_scenario *scenario; /* being filled, section by section */
	double time_scale;            /* multiplies rows with MH_SCHEMA_SCALED; 1 normally */
};

/**
 * mh_value_read - read a node by its row
 * @schema: that @row belongs to
 * @value: where the row's C type is written; untouched on failure
 * @ret_resolved: the node as the resolved scenario writes it: @node itself, or a copy with defaults filled in
 *
 * Return: 0; -EINVAL, told in the diagnostics at @node's place; -ENOMEM.
 */
int mh_value_read(struct mh_binder *binder, const struct mh_schema *schema, const struct mh_schema_row *row,
		  const struct mh_node *node, void *value, struct mh_node **ret_resolved);

/* Frees what mh_value_read has allocated below @value; the value is then unusable. */
void mh_value_release(const struct mh_schema *schema, const struct mh_schema_row *row, void *value);

/* True for text (with a value in it); else it was told that @key must be @wanted ("a duration"). */
bool mh_value_is_text(struct mh_binder *binder, const struct mh_node *node, const char *key, const char *wanted);

/* Plain decimal numbers such as 0.5, never negative, the same in every locale. 0, or -EINVAL with a sentence. */
int mh_parse_number(const char *text, double *ret_value, struct mh_error *reterr);

/* {uniform: {min: 1us, max: 2us}} and its like; @plain: of numbers instead of durations. */
int mh_distribution_read(struct mh_binder *binder, const char *key, bool plain, const struct mh_node *node,
			 struct mh_distribution *ret_distribution, struct mh_node **ret_resolved);

/* "3", "0-7", "0-3,8", "-5--1", or a list of those. */
int mh_ranges_read(struct mh_binder *binder, const struct mh_schema_row *row, const struct mh_node *node,
		   struct mh_range_list *ret_ranges);

/* The index of @word in "a|b|c", or -1; @ret_absent: the word is there with a '-', documented but not in this version.
 */
int mh_enum_find(const char *values, const char *word, bool *ret_absent);

/* Tells that @word, found as the value of @key, is none of @values ("a|b|-c"), with a suggestion. */
void mh_enum_refuse(struct mh_binder *binder, struct mh_place place, const char *key, const char *values,
		    const char *word);

#endif
