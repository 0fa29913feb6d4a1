/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The language as JSON Schema 2020-12. Editors read scenarios with YAML's own types, so that what we read as text may
 * be a number or a boolean there: scalars are held loosely, keys and words strictly.
 */
#include <string.h>

#include "bench/cli/describe_text.h"
#include "bench/engine/custom.h"
#include "bench/engine/section.h"

#define VARIABLE_PATTERN "\\$\\{"

static json_t *map_schema(const struct mh_schema *const *schemas, size_t count);

/* A scalar may also be a variable, "${sweep.nodes}". */
static json_t *scalar_or_variable(json_t *scalar)
{
	return json_pack("{s:[o, {s:s, s:s}]}", "anyOf", scalar, "type", "string", "pattern", VARIABLE_PATTERN);
}

static json_t *enum_schema(const struct mh_schema_row *row)
{
	json_t *words = json_array();
	const char *at = row->values;

	while (words && *at) {
		size_t length = strcspn(at, "|");

		if (length && *at != '-')
			json_array_append_new(words, json_stringn(at, length));
		at += length + (at[length] == '|');
	}
	return scalar_or_variable(json_pack("{s:o}", "enum", words));
}

/* Keys of an item's kind stand beside the common ones: all kinds' together are known. */
static json_t *kinds_schema(const struct mh_schema *common)
{
	const struct mh_schema *schemas[64] = {common};
	size_t count = 1;

	for (unsigned i = 0; common == &mh_fault_schema && i < mh_fault_kind_count() && count < 64; i++)
		schemas[count++] = mh_fault_kind_at(i)->parameters;
	for (unsigned i = 0; common == &mh_workload_schema && i < mh_workload_kind_count() && count < 64; i++)
		schemas[count++] = mh_workload_kind_at(i)->parameters;
	return map_schema(schemas, count);
}

static json_t *custom_schema(const struct mh_schema *schema, const struct mh_schema_row *row)
{
	const struct mh_custom *custom = mh_custom_find(schema, row);

	switch (custom->shape) {
	case MH_SHAPE_MAP:
		return map_schema(&custom->nested, 1);
	case MH_SHAPE_LIST_OF_MAPS:
		return json_pack("{s:s, s:o}", "type", "array", "items", kinds_schema(custom->nested));
	case MH_SHAPE_MAP_OF_MAPS:
		return json_pack("{s:s, s:o}", "type", "object", "additionalProperties",
				 map_schema(&custom->nested, 1));
	default:
		return scalar_or_variable(json_loads(custom->json, 0, NULL));
	}
}

static json_t *row_schema(const struct mh_schema *schema, const struct mh_schema_row *row)
{
	switch (row->type) {
	case MH_VALUE_BOOL:
		return scalar_or_variable(json_pack("{s:s}", "type", "boolean"));
	case MH_VALUE_INTEGER:
	case MH_VALUE_UNSIGNED:
		return scalar_or_variable(json_pack("{s:[s, s]}", "type", "integer", "string"));
	case MH_VALUE_ENUM:
		return enum_schema(row);
	case MH_VALUE_DISTRIBUTION:
		return json_pack("{s:[s, s, s]}", "type", "string", "number", "object");
	case MH_VALUE_STRING_LIST:
	case MH_VALUE_RANGES:
		return json_pack("{s:[s, s, s]}", "type", "string", "integer", "array");
	case MH_VALUE_CUSTOM:
		return custom_schema(schema, row);
	default:
		return json_pack("{s:[s, s]}", "type", "string", "number");
	}
}

/* Kinds may have a key of one name and different types, as `order` is: then each is taken. */
static void add_property(json_t *properties, const char *key, json_t *value)
{
	json_t *other = json_object_get(properties, key);

	json_object_set_new(properties, key, other ? json_pack("{s:[O, o]}", "anyOf", other, value) : value);
}

static json_t *map_schema(const struct mh_schema *const *schemas, size_t count)
{
	json_t *properties = json_object(), *required = json_array();

	for (size_t i = 0; i < count; i++) {
		for (size_t row = 0; row < schemas[i]->count; row++) {
			const struct mh_schema_row *key = &schemas[i]->rows[row];
			json_t *value = row_schema(schemas[i], key);

			json_object_set_new(value, "description", json_string(key->help));
			if (key->default_text)
				json_object_set_new(value, "default", json_string(key->default_text));
			add_property(properties, key->key, value);
			/* A notifier may be a preset, and kinds differ: only keys of plain maps are required. */
			if (count == 1 && schemas[0] != &mh_notifier_schema && (key->flags & MH_SCHEMA_REQUIRED))
				json_array_append_new(required, json_string(key->key));
		}
	}
	return json_pack("{s:s, s:o, s:o, s:{s:{}}, s:b}", "type", "object", "properties", properties, "required",
			 required, "patternProperties", "^x-", "additionalProperties", 0);
}

json_t *mh_describe_json_schema(void)
{
	const struct mh_schema *top = &mh_scenario_schema;
	json_t *root = map_schema(&top, 1);

	/* What `extends` brings need not stand in the file itself. */
	if (root &&
	    (json_object_set_new(root, "required", json_array()) < 0 ||
	     json_object_set_new(root, "$schema", json_string("https://json-schema.org/draft/2020-12/schema")) < 0 ||
	     json_object_set_new(root, "title", json_string("memhp-bench scenario")) < 0)) {
		json_decref(root);
		return NULL;
	}
	return root;
}
