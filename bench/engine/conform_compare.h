/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Expected against got: two JSON objects of results, key by key, what differs shown side by side.
 */
#ifndef BENCH_ENGINE_CONFORM_COMPARE_H
#define BENCH_ENGINE_CONFORM_COMPARE_H

#include <jansson.h>

#include "base/text.h"

/**
 * mh_conform_compare - what differs between two objects
 * @text: for each key whose values differ its name and both values; lists item by item, objects only what differs
 *
 * A key that one of them lacks differs. Return: the number of keys that differ.
 */
unsigned mh_conform_compare(const json_t *expected, const json_t *got, struct mh_text *text);
/* The same of two who are named otherwise, above their columns. */
unsigned mh_conform_compare_sides(const json_t *left, const json_t *right, const char *left_name,
				  const char *right_name, struct mh_text *text);

#endif
