/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows themselves: whole, and their defaults are values that the parser takes. */
#include <criterion/criterion.h>
#include <string.h>

#include "bench/engine/bind.h"
#include "bench/engine/custom.h"
#include "bench/engine/section.h"

#define SCHEMAS_MAX 64

/* Every schema that a scenario can have, kinds included. */
static size_t schemas_collect(const struct mh_schema *schemas[SCHEMAS_MAX])
{
	size_t count = 0;

	schemas[count++] = &mh_scenario_schema;
	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < schemas[i]->count; row++) {
			const struct mh_custom *custom = mh_custom_find(schemas[i], &schemas[i]->rows[row]);

			if (custom && custom->nested)
				schemas[count++] = custom->nested;
		}
	}
	for (unsigned i = 0; i < mh_fault_kind_count(); i++)
		schemas[count++] = mh_fault_kind_at(i)->parameters;
	for (unsigned i = 0; i < mh_workload_kind_count(); i++)
		schemas[count++] = mh_workload_kind_at(i)->parameters;
	cr_assert_leq(count, (size_t)SCHEMAS_MAX);
	return count;
}

Test(scenario_schema, every_custom_row_has_a_reader)
{
	const struct mh_schema *schemas[SCHEMAS_MAX];
	size_t count = schemas_collect(schemas);

	for (size_t i = 0; i < count; i++)
		for (size_t row = 0; row < schemas[i]->count; row++)
			if (schemas[i]->rows[row].type == MH_VALUE_CUSTOM)
				cr_expect_not_null(mh_custom_find(schemas[i], &schemas[i]->rows[row]), "%s.%s",
						   schemas[i]->name, schemas[i]->rows[row].key);
}

Test(scenario_schema, every_row_has_a_help_and_its_key_once)
{
	const struct mh_schema *schemas[SCHEMAS_MAX];
	size_t count = schemas_collect(schemas);

	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < schemas[i]->count; row++) {
			const struct mh_schema_row *key = &schemas[i]->rows[row];

			cr_expect(key->help && *key->help && !strchr(key->help, '\n') &&
					  key->help[strlen(key->help) - 1] != '.',
				  "%s.%s: one line of help, no full stop", schemas[i]->name, key->key);
			for (size_t other = 0; other < row; other++)
				cr_expect_str_neq(schemas[i]->rows[other].key, key->key);
		}
	}
}

Test(scenario_schema, keys_of_a_kind_do_not_hide_the_common_ones)
{
	for (unsigned i = 0; i < mh_fault_kind_count(); i++)
		for (size_t row = 0; row < mh_fault_kind_at(i)->parameters->count; row++)
			for (size_t common = 0; common < mh_fault_schema.count; common++)
				cr_expect_str_neq(mh_fault_kind_at(i)->parameters->rows[row].key,
						  mh_fault_schema.rows[common].key);
	for (unsigned i = 0; i < mh_workload_kind_count(); i++)
		for (size_t row = 0; row < mh_workload_kind_at(i)->parameters->count; row++)
			for (size_t common = 0; common < mh_workload_schema.count; common++)
				cr_expect_str_neq(mh_workload_kind_at(i)->parameters->rows[row].key,
						  mh_workload_schema.rows[common].key);
}

Test(scenario_schema, every_plain_default_is_a_value_of_its_row)
{
	const struct mh_schema *schemas[SCHEMAS_MAX];
	size_t count = schemas_collect(schemas);

	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < schemas[i]->count; row++) {
			const struct mh_schema_row *key = &schemas[i]->rows[row];
			struct mh_reader reader = {0};
			struct mh_binder binder = {.reader = &reader, .time_scale = 1};
			struct mh_place place = {.source = mh_source_new(&reader, "default", "", NULL, 0)};
			struct mh_node *node, *resolved;
			char value[256] = {0};

			if (key->default_text && key->type != MH_VALUE_CUSTOM) {
				cr_assert_eq(mh_document_value(&reader, place, key->default_text, &node), 0);
				cr_expect_eq(mh_value_read(&binder, schemas[i], key, node, value, &resolved), 0,
					     "%s.%s: %s", schemas[i]->name, key->key, key->default_text);
				mh_value_release(schemas[i], key, value);
			}
			mh_reader_release(&reader);
		}
	}
}
