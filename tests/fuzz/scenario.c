/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A scenario, whole: bytes, YAML, `extends`, -D, sweep, check. A line "#-D KEY=VALUE" of the input is also an override;
 * a line "#== NAME" ends a file and begins the file NAME beside it, for `extends` and recorded distributions. Both are
 * comments of YAML, so that any scenario is a seed.
 *
 * No file is read or written: the files of the input are all that there is, and any other path names nothing. hwloc is
 * not called: a topology string is checked and no tree is made of it.
 */
#include "bench/engine/plan.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/io.h"
#include "core/topology/topology_private.h"
#include "tests/fuzz/fuzz.h"

#define FOLDER        "/fuzz/"
#define SCENARIO      "t.yaml"
#define FILES_MAX     8
#define OVERRIDES_MAX 8

struct file {
	const char *name;
	const char *data;
	size_t size;
};

static struct {
	struct file files[FILES_MAX];
	size_t file_count;
	struct mh_plan_override overrides[OVERRIDES_MAX];
	size_t override_count;
} input;

int __wrap_mh_file_read(const char *path, size_t size_max, char **ret_data, size_t *ret_size, struct mh_error *reterr);
char *__wrap_realpath(const char *path, char *resolved);
int __wrap_mh_topology_load(const char *spec, uint64_t node_memory_bytes, struct mh_topology **ret_topology,
			    struct mh_error *reterr);

static const struct file *file_find(const char *path)
{
	if (strncmp(path, FOLDER, strlen(FOLDER)) != 0)
		return NULL;
	for (size_t i = 0; i < input.file_count; i++)
		if (strcmp(input.files[i].name, path + strlen(FOLDER)) == 0)
			return &input.files[i];
	return NULL;
}

/* The sentences are the real one's in brief. */
int __wrap_mh_file_read(const char *path, size_t size_max, char **ret_data, size_t *ret_size, struct mh_error *reterr)
{
	const struct file *file = file_find(path);

	if (!file)
		return mh_error_set(reterr, -ENOENT, "cannot read '%s'", path);
	if (file->size > size_max)
		return mh_error_set(reterr, -EFBIG, "cannot read '%s'", path);
	*ret_data = fuzz_string((const uint8_t *)file->data, file->size);
	*ret_size = file->size;
	return 0;
}

/* A circle of `extends` is told by it. */
char *__wrap_realpath(const char *path, char *resolved)
{
	MH_ASSERT(!resolved);
	return file_find(path) ? strdup(path) : NULL;
}

int __wrap_mh_topology_load(const char *spec, uint64_t node_memory_bytes, struct mh_topology **ret_topology,
			    struct mh_error *reterr)
{
	struct mh_text out = MH_TEXT_INIT;
	bool memory_given;
	int ret;

	(void)node_memory_bytes;
	if (strncmp(spec, "xml:", 4) == 0)
		return mh_error_set(reterr, -ENOENT, "cannot read '%s'", spec);
	ret = mh_synthetic_translate(spec, &out, &memory_given, reterr);
	mh_text_release(&out);
	if (ret == 0) {
		*ret_topology = calloc(1, sizeof(**ret_topology));
		MH_ASSERT(*ret_topology);
	}
	return ret;
}

static bool begins(const char *line, const char *word)
{
	return strncmp(line, word, strlen(word)) == 0;
}

/* @line is the input's own, ended by a NUL. */
static void override_add(char *line)
{
	char *key = line + strlen("#-D "), *equals = strchr(key, '=');

	if (!equals || input.override_count == OVERRIDES_MAX)
		return;
	*equals = '\0';
	input.overrides[input.override_count++] =
		(struct mh_plan_override){.label = "-D", .key = key, .value = equals + 1};
}

/* The first file ends before the first line "#== "; @names holds the lines, cut up, and lives as long as the input. */
static void files_split(const char *data, size_t size, char *names)
{
	size_t at = 0;

	input.file_count = 1;
	input.override_count = 0;
	input.files[0] = (struct file){.name = SCENARIO, .data = data, .size = size};
	while (at < size) {
		const char *end = memchr(data + at, '\n', size - at);
		size_t next = end ? (size_t)(end - data) + 1 : size;

		if (end)
			names[next - 1] = '\0';
		if (begins(names + at, "#-D "))
			override_add(names + at);
		if (begins(names + at, "#== ") && input.file_count < FILES_MAX) {
			input.files[input.file_count - 1].size =
				(size_t)(data + at - input.files[input.file_count - 1].data);
			input.files[input.file_count++] = (struct file){
				.name = names + at + strlen("#== "), .data = data + next, .size = size - next};
		}
		at = next;
	}
}

static int load(struct mh_plan **ret_plan, struct mh_text *messages)
{
	const struct mh_plan_request request = {
		.path = FOLDER SCENARIO,
		.overrides = input.overrides,
		.override_count = input.override_count,
	};

	return mh_plan_load(&request, ret_plan, messages);
}

/* "Parses to the same scenario": the resolved text is a scenario whose resolved text is the same. */
static void resolve_again(const char *resolved)
{
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;

	input.files[0] = (struct file){.name = SCENARIO, .data = resolved, .size = strlen(resolved)};
	input.override_count = 0;
	int ret = load(&plan, &messages);

	if (ret < 0 || strcmp(plan->cells[0].scenario->resolved, resolved) != 0)
		fprintf(stderr, "resolved:\n%s\nread again:\n%s\n", resolved,
			ret < 0 ? messages.data : plan->cells[0].scenario->resolved);
	MH_ASSERT(ret == 0);
	MH_ASSERT(strcmp(plan->cells[0].scenario->resolved, resolved) == 0);
	mh_plan_free(plan);
	mh_text_release(&messages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *names = fuzz_string(data, size);
	struct mh_text messages = MH_TEXT_INIT;
	struct mh_plan *plan;

	files_split((const char *)data, size, names);
	int ret = load(&plan, &messages);

	MH_ASSERT(ret == 0 || messages.length); /* a refusal says why */
	if (ret == 0) {
		resolve_again(plan->cells[0].scenario->resolved);
		mh_plan_free(plan);
	}
	mh_text_release(&messages);
	free(names);
	return 0;
}
