/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows of a schema for people and for programs.
 */
#ifndef BENCH_CLI_DESCRIBE_TEXT_H
#define BENCH_CLI_DESCRIBE_TEXT_H

#include <jansson.h>
#include <stdio.h>

#include "base/schema.h"
#include "base/text.h"

/* "duration", "size, power of two, 16MiB to 64GiB", "one of spread, pack": what a key's value may be. */
void mh_describe_type(const struct mh_schema *schema, const struct mh_schema_row *row, struct mh_text *out);

/* Two lines a row: key, type and default; the help. */
void mh_describe_rows(const struct mh_schema *schema, FILE *stream);

/* A list of {key, type, unit, default, min, max, values, required, help}; NULL without memory. */
json_t *mh_describe_json(const struct mh_schema *schema);

/* The JSON Schema (2020-12) of a whole scenario, for editors; NULL without memory. */
json_t *mh_describe_json_schema(void);

#endif
