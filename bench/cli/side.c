/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Modules are copied into the side's folder under the name that both sides give them: listeners, series and counts are
 * called after the file, and the result stays repeatable when the build is gone.
 */
#include "bench/cli/side.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/io.h"
#include "bench/cli/program_facts.h"
#include "bench/engine/build.h"

#define MODULE_SIZE_MAX (256u << 20)

void mh_side_init(struct mh_side *side, char letter, const char *scenario)
{
	*side = (struct mh_side){.letter = letter, .scenario = scenario};
}

void mh_side_release(struct mh_side *side)
{
	for (size_t i = 0; i < side->module_count; i++) {
		free(side->modules[i].name);
		free(side->modules[i].copy);
	}
	for (size_t i = 0; i < side->set_count; i++) {
		free((char *)side->sets[i].label);
		free((char *)side->sets[i].key);
	}
	for (size_t i = 0; i < side->word_count; i++)
		free(side->words[i]);
	free(side->program_facts);
	mh_result_folder_release(&side->folder);
	mh_plan_free(side->plan);
	*side = (struct mh_side){0};
}

/* 'a' or 'b', as in the option and the folder. */
static char small_letter(const struct mh_side *side)
{
	return (char)(side->letter - 'A' + 'a');
}

static int too_many(const struct mh_side *side, struct mh_error *reterr)
{
	return mh_error_set(reterr, -EINVAL, "--%c is given more than %d times", small_letter(side),
			    MH_SIDE_CHANGES_MAX);
}

static bool name_is_valid(const char *name, size_t length)
{
	return length && length < 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") >= length;
}

/* "NAME=FILE.so" */
static int add_module(struct mh_side *side, const char *word, const char *assignment, struct mh_error *reterr)
{
	const char *equals = strchr(assignment, '=');
	struct mh_side_module *module = &side->modules[side->module_count];

	if (!equals || !equals[1] || !name_is_valid(assignment, (size_t)(equals - assignment)))
		return mh_error_set(
			reterr, -EINVAL,
			"--%c '%s': use module:NAME=FILE.so, NAME of letters, digits, '_' and '-': what its "
			"listeners are called on both sides",
			small_letter(side), word);
	if (side->module_count == MH_SIDE_CHANGES_MAX)
		return too_many(side, reterr);
	for (size_t i = 0; i < side->module_count; i++)
		if (strlen(side->modules[i].name) == (size_t)(equals - assignment) &&
		    strncmp(side->modules[i].name, assignment, (size_t)(equals - assignment)) == 0)
			return mh_error_set(reterr, -EINVAL, "--%c '%s': that module is given twice",
					    small_letter(side), word);
	if (access(equals + 1, R_OK) < 0)
		return mh_error_set(reterr, -EINVAL, "--%c '%s': cannot read '%s': %s", small_letter(side), word,
				    equals + 1, strerror(errno));
	module->file = equals + 1;
	module->name = strndup(assignment, (size_t)(equals - assignment));
	if (!module->name)
		return mh_error_set(reterr, -ENOMEM, "no memory for '%s'", word);
	side->module_count++;
	return 0;
}

/* "KEY=VALUE" */
static int add_set(struct mh_side *side, const char *word, const char *assignment, struct mh_error *reterr)
{
	struct mh_plan_override *set = &side->sets[side->set_count];
	const char *equals = strchr(assignment, '=');
	char *label, *key;

	if (!equals || equals == assignment)
		return mh_error_set(reterr, -EINVAL,
				    "--%c '%s': use set:KEY=VALUE, for instance set:machine.block_size=2GiB",
				    small_letter(side), word);
	if (strncmp(assignment, "seed=", 5) == 0)
		return mh_error_set(reterr, -EINVAL,
				    "--%c '%s': both sides of a pair have the same seed: use --seed for both",
				    small_letter(side), word);
	if (side->set_count == MH_SIDE_CHANGES_MAX)
		return too_many(side, reterr);
	key = strdup(assignment);
	if (!key || asprintf(&label, "--%c %s", small_letter(side), word) < 0) {
		free(key);
		return mh_error_set(reterr, -ENOMEM, "no memory for '%s'", word);
	}
	key[equals - assignment] = '\0';
	*set = (struct mh_plan_override){.label = label, .key = key, .value = key + (equals - assignment) + 1};
	side->set_count++;
	return 0;
}

static int add_program(struct mh_side *side, const char *word, struct mh_error *reterr)
{
	struct stat status;

	if (side->program)
		return mh_error_set(reterr, -EINVAL, "--%c: one program, please: '%s' and '%s' were given",
				    small_letter(side), side->program, word);
	if (stat(word, &status) < 0)
		return mh_error_set(reterr, -EINVAL,
				    "--%c '%s': %s; a side is the path of a memhp-bench, module:NAME=FILE.so or "
				    "set:KEY=VALUE",
				    small_letter(side), word, strerror(errno));
	if (!S_ISREG(status.st_mode) || access(word, X_OK) < 0)
		return mh_error_set(reterr, -EINVAL, "--%c '%s': not a program that can be run", small_letter(side),
				    word);
	side->program = word;
	return 0;
}

int mh_side_add(struct mh_side *side, const char *word, struct mh_error *reterr)
{
	if (strncmp(word, "module:", 7) == 0)
		return add_module(side, word, word + 7, reterr);
	if (strncmp(word, "set:", 4) == 0)
		return add_set(side, word, word + 4, reterr);
	return add_program(side, word, reterr);
}

bool mh_side_changes(const struct mh_side *side)
{
	return side->program || side->module_count || side->set_count;
}

int mh_side_check_program(struct mh_side *side, struct mh_error *reterr)
{
	if (!side->program)
		return 0;
	return mh_program_facts(side->program, &side->program_facts, reterr);
}

/* The command's own overrides, then the side's, then the seed. */
static struct mh_plan_override *join_overrides(const struct mh_side *side, const struct mh_side_request *request,
					       size_t *ret_count)
{
	const struct mh_options *options = request->options;
	struct mh_plan_override *all = calloc(options->override_count + side->set_count + 1, sizeof(*all));
	size_t count = 0;

	if (!all)
		return NULL;
	for (size_t i = 0; i < options->override_count; i++)
		all[count++] = options->overrides[i];
	for (size_t i = 0; i < side->set_count; i++)
		all[count++] = side->sets[i];
	if (request->seed)
		all[count++] = (struct mh_plan_override){"--seed", "seed", request->seed};
	*ret_count = count;
	return all;
}

static int name_copies(struct mh_side *side, const char *folder)
{
	for (size_t i = 0; i < side->module_count; i++) {
		struct mh_side_module *module = &side->modules[i];

		free(module->copy);
		if (asprintf(&module->copy, "%s/%c/modules/%s.so", folder, small_letter(side), module->name) < 0) {
			module->copy = NULL;
			return -ENOMEM;
		}
	}
	return 0;
}

int mh_side_load(struct mh_side *side, const struct mh_side_request *request, struct mh_text *messages)
{
	const char *replacements[MH_SIDE_CHANGES_MAX];
	size_t override_count;
	struct mh_plan_override *overrides = join_overrides(side, request, &override_count);
	int ret;

	if (!overrides || name_copies(side, request->folder) < 0) {
		free(overrides);
		return -ENOMEM;
	}
	for (size_t i = 0; i < side->module_count; i++)
		replacements[i] = side->modules[i].copy;
	ret = mh_plan_load(
		&(struct mh_plan_request){
			.path = side->scenario,
			.overrides = overrides,
			.override_count = override_count,
			.modules = request->options->modules,
			.module_count = request->options->module_count,
			.replacements = replacements,
			.replacement_count = side->module_count,
			.ops = request->ops,
			.time_scale = request->options->time_scale,
		},
		&side->plan, messages);
	free(overrides);
	return ret;
}

static int copy_module(const struct mh_side_module *module, struct mh_error *reterr)
{
	size_t size;
	char *bytes;
	int ret = mh_file_read(module->file, MODULE_SIZE_MAX, &bytes, &size, reterr);

	if (ret < 0)
		return ret;
	ret = mh_file_write(module->copy, bytes, size, reterr);
	free(bytes);
	return ret;
}

static int copy_modules(const struct mh_side *side, struct mh_error *reterr)
{
	char *folder;
	int ret;

	if (!side->module_count)
		return 0;
	if (asprintf(&folder, "%s/modules", side->folder.path) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	ret = mh_folder_make(folder, reterr);
	free(folder);
	for (size_t i = 0; ret == 0 && i < side->module_count; i++)
		ret = copy_module(&side->modules[i], reterr);
	return ret;
}

/* False when there is no room, or no memory. */
static bool add_word(struct mh_side *side, const char *option, const char *value)
{
	const char *both[] = {option, value};

	for (unsigned i = 0; i < 2; i++) {
		if (!both[i])
			continue;
		if (side->word_count + 1 >= MH_SIDE_WORDS_MAX)
			return false;
		side->words[side->word_count] = strdup(both[i]);
		if (!side->words[side->word_count])
			return false;
		side->word_count++;
	}
	return true;
}

static bool add_override(struct mh_side *side, const struct mh_plan_override *override)
{
	char *word;
	bool added;

	if (strcmp(override->key, "seed") == 0)
		return true; /* that of the plan is added to each run */
	if (asprintf(&word, "%s=%s", override->key, override->value) < 0)
		return false;
	added = add_word(side, "-D", word);
	free(word);
	return added;
}

static int compose_words(struct mh_side *side, const struct mh_side_request *request, struct mh_error *reterr)
{
	const struct mh_options *options = request->options;
	char ops[32];
	bool whole = add_word(side, side->program ? side->program : "memhp-bench", "run") &&
		     add_word(side, side->scenario, "--quiet") && add_word(side, "--progress", "never");

	snprintf(ops, sizeof(ops), "%llu", (unsigned long long)request->ops);
	if (request->ops)
		whole = whole && add_word(side, "--ops", ops);
	for (size_t i = 0; i < options->override_count; i++)
		whole = whole && add_override(side, &options->overrides[i]);
	for (size_t i = 0; i < side->set_count; i++)
		whole = whole && add_override(side, &side->sets[i]);
	for (size_t i = 0; i < options->module_count; i++)
		whole = whole && add_word(side, "--module", options->modules[i]);
	for (size_t i = 0; i < side->module_count; i++)
		whole = whole && add_word(side, "--replace-module", side->modules[i].copy);
	return whole ? 0 : mh_error_set(reterr, -EINVAL, "too many options for the runs of side %c", side->letter);
}

static int write_scenario(const struct mh_side *side, struct mh_error *reterr)
{
	const char *resolved = side->plan->cells[0].scenario->resolved;
	int ret = mh_result_folder_write(&side->folder, "scenario.yaml", side->plan->source, side->plan->source_size,
					 reterr);

	return ret < 0 ? ret
		       : mh_result_folder_write(&side->folder, "scenario.resolved.yaml", resolved, strlen(resolved),
						reterr);
}

int mh_side_open(struct mh_side *side, const struct mh_side_request *request, struct mh_error *reterr)
{
	struct mh_result binary;
	char *path;
	int ret;

	if (asprintf(&path, "%s/%c", request->folder, small_letter(side)) < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for a path");
	mh_result_init(&binary);
	mh_build_describe(&binary);
	ret = mh_result_folder_create(
		&(struct mh_result_folder_request){
			.path = path,
			.name = side->plan->name,
			.version = MH_BUILD_VERSION,
			.build_id = binary.binary.build_id,
			.seed = side->plan->seed,
			.start_unix_ns = mh_clock_unix_ns(),
		},
		&side->folder, reterr);
	free(path);
	if (ret == 0)
		ret = write_scenario(side, reterr);
	if (ret == 0)
		ret = copy_modules(side, reterr);
	return ret < 0 ? ret : compose_words(side, request, reterr);
}

void mh_side_describe(const struct mh_side *side, struct mh_text *text)
{
	const char *between = "";

	if (!mh_side_changes(side)) {
		mh_text_add(text, "the scenario as it is");
		return;
	}
	if (side->program) {
		mh_text_add(text, "program %s (%s)", side->program,
			    side->program_facts ? side->program_facts : "not yet asked");
		between = ", ";
	}
	for (size_t i = 0; i < side->module_count; i++, between = ", ")
		mh_text_add(text, "%smodule %s=%s", between, side->modules[i].name, side->modules[i].file);
	for (size_t i = 0; i < side->set_count; i++, between = ", ")
		mh_text_add(text, "%sset %s=%s", between, side->sets[i].key, side->sets[i].value);
}
