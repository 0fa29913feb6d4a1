/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files for tests live in a folder of their own under /tmp, in which the test then stands. */
#include "scenario_fixture.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

const char *scenario_path(const char *below_top)
{
	static char path[4096];
	const char *end = strstr(__FILE__, "tests/unit/");

	snprintf(path, sizeof(path), "%.*s%s", (int)(end - __FILE__), __FILE__, below_top);
	return path;
}

static int request_load(const struct mh_plan_request *request, struct mh_plan **ret_plan, char **ret_messages)
{
	struct mh_text messages = MH_TEXT_INIT;
	int ret;

	*ret_plan = NULL;
	ret = mh_plan_load(request, ret_plan, &messages);
	*ret_messages = strdup(messages.data);
	mh_text_release(&messages);
	return ret;
}

int scenario_load(const char *path, struct mh_plan **ret_plan, char **ret_messages)
{
	return request_load(&(struct mh_plan_request){.path = path}, ret_plan, ret_messages);
}

static void file_write(const char *text, size_t size)
{
	char folder[] = "/tmp/scenario-XXXXXX";
	FILE *file;

	cr_assert_not_null(mkdtemp(folder), "no folder: %s", strerror(errno));
	cr_assert_eq(chdir(folder), 0);
	file = fopen("t.yaml", "wb");
	cr_assert_not_null(file);
	cr_assert_eq(fwrite(text, 1, size, file), size);
	cr_assert_eq(fclose(file), 0);
}

static void file_remove(void)
{
	char folder[4096];

	cr_assert_not_null(getcwd(folder, sizeof(folder)));
	cr_assert_eq(unlink("t.yaml"), 0);
	cr_assert_eq(chdir("/"), 0);
	cr_assert_eq(rmdir(folder), 0);
}

int scenario_load_text(const char *text, size_t size, struct mh_plan **ret_plan, char **ret_messages)
{
	int ret;

	file_write(text, size);
	ret = scenario_load("t.yaml", ret_plan, ret_messages);
	file_remove();
	return ret;
}

static int load_with(const char *text, const char *key, const char *value, struct mh_plan **ret_plan,
		     char **ret_messages)
{
	char label[256];
	const struct mh_plan_override override = {.label = label, .key = key, .value = value};
	const struct mh_plan_request request = {
		.path = "t.yaml", .overrides = &override, .override_count = key != NULL};
	int ret;

	snprintf(label, sizeof(label), "-D %s=%s", key ? key : "", value ? value : "");
	file_write(text, strlen(text));
	ret = request_load(&request, ret_plan, ret_messages);
	file_remove();
	return ret;
}

struct mh_plan *scenario_good(const char *text, const char *key, const char *value)
{
	struct mh_plan *plan;
	char *messages;
	int ret = load_with(text, key, value, &plan, &messages);

	cr_assert_eq(ret, 0, "%d, expected 0:\n%s", ret, messages);
	free(messages);
	return plan;
}

char *scenario_refused(const char *text, const char *key, const char *value)
{
	struct mh_plan *plan;
	char *messages;
	int ret = load_with(text, key, value, &plan, &messages);

	cr_assert_eq(ret, -EINVAL, "%d, expected -EINVAL:\n%s", ret, messages);
	return messages;
}
