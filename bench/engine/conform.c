/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file of recordings, line by line: read, selected, replayed, counted. */
#include "bench/engine/conform.h"

#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/engine/conform_case.h"
#include "bench/engine/conform_replay.h"
#include "bench/engine/conform_world.h"

#define LINE_SIZE_MAX (8u << 20) /* the longest recorded one has 100 KiB */

const char *const mh_conform_verdict_names[MH_CONFORM_VERDICTS] = {"passed", "failed", "skipped", "not judged",
								   "malformed"};

struct session {
	const struct mh_conform_request *request;
	struct mh_conform_counts *counts;
	struct mh_conform_worlds worlds;
	regex_t only;
	struct mh_clock clock;
	bool other_kernel; /* the worlds are another kernel's: said once, for all its cases */
};

static void judged(struct session *session, const struct mh_conform_judgement *judgement)
{
	session->counts->of[judgement->verdict]++;
	if (session->request->judged)
		session->request->judged(session->request->data, judgement);
}

static bool is_selected(const struct session *session, const json_t *root)
{
	const char *name = json_string_value(json_object_get(root, "name"));

	return !session->request->only || !name || regexec(&session->only, name, 0, NULL, 0) == 0;
}

/* The release up to its second dot: "6.12." of "6.12.95+deb12-amd64". */
static size_t series_length(const char *release)
{
	const char *dot = strchr(release, '.');

	dot = dot ? strchr(dot + 1, '.') : NULL;
	return dot ? (size_t)(dot - release) + 1 : strlen(release);
}

/* Whether the case can have been recorded on that machine; without a kernel it is of 6.1. */
static bool is_of_world(const struct mh_conform_case *recorded, const struct mh_conform_world *world)
{
	const char *kernel = recorded->kernel ? recorded->kernel : "6.1.";
	const size_t length = series_length(kernel);

	return !world->kernel ||
	       (series_length(world->kernel) == length && strncmp(world->kernel, kernel, length) == 0);
}

static enum mh_conform_verdict replay(struct session *session, const struct mh_conform_world *world,
				      const struct mh_conform_case *recorded, struct mh_text *text)
{
	const struct mh_conform_request *request = session->request;

	if (request->replay)
		return request->replay(request->replayer, world, recorded, text);
	return mh_conform_replay(world, recorded, request->chain, &session->clock, text);
}

static enum mh_conform_verdict case_judge(struct session *session, const struct mh_conform_case *recorded,
					  struct mh_text *text)
{
	const struct mh_conform_world *world = mh_conform_worlds_find(&session->worlds, recorded->world);

	if (!world) {
		mh_text_add(text, "'world': there is no '%.60s' in '%s'", recorded->world, session->request->worlds);
		return MH_CONFORM_MALFORMED;
	}
	if (!is_of_world(recorded, world)) {
		session->other_kernel = true;
		mh_text_add(text, "world %s is of Linux %s, the case of %s", world->name, world->kernel,
			    recorded->kernel ? recorded->kernel : "6.1");
		return MH_CONFORM_MALFORMED;
	}
	if (!recorded->deterministic && !session->request->all) {
		mh_text_add(text, "not deterministic: the real kernel does not always do the same");
		return MH_CONFORM_NOT_JUDGED;
	}
	return replay(session, world, recorded, text);
}

static enum mh_conform_verdict root_judge(struct session *session, json_t *root, unsigned long number)
{
	struct mh_conform_judgement judgement = {.name = "", .line = number, .verdict = MH_CONFORM_MALFORMED};
	struct mh_text text = MH_TEXT_INIT;
	struct mh_error error = {.text = "no memory"};
	struct mh_conform_case recorded;

	if (mh_conform_case_load(&recorded, root, &error) == 0)
		judgement.verdict = case_judge(session, &recorded, &text);
	else
		mh_text_add(&text, "%s", error.text);
	if (recorded.name)
		judgement.name = recorded.name;
	judgement.text = text.data;
	judged(session, &judgement);
	mh_conform_case_release(&recorded);
	mh_text_release(&text);
	return judgement.verdict;
}

static enum mh_conform_verdict line_refuse(struct session *session, unsigned long number, const char *why)
{
	judged(session, &(struct mh_conform_judgement){
				.name = "", .line = number, .verdict = MH_CONFORM_MALFORMED, .text = why});
	return MH_CONFORM_MALFORMED;
}

static enum mh_conform_verdict line_judge(struct session *session, const char *line, size_t length,
					  unsigned long number)
{
	enum mh_conform_verdict verdict = MH_CONFORM_PASSED;
	json_error_t error;
	json_t *root;

	if (length > LINE_SIZE_MAX)
		return line_refuse(session, number, "the line is longer than 8 MiB");
	root = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
	if (!root) {
		char why[JSON_ERROR_TEXT_LENGTH + 64];

		snprintf(why, sizeof(why), "no valid JSON at column %d: %s", error.column, error.text);
		return line_refuse(session, number, why);
	}
	if (is_selected(session, root))
		verdict = root_judge(session, root, number);
	json_decref(root);
	return verdict;
}

/* A NUL is no blank: what stands behind it must not be passed over. */
static bool is_blank(const char *line, size_t length)
{
	return strspn(line, " \t\r\n") == length;
}

static bool is_stopped(const struct session *session)
{
	return session->request->stop && *session->request->stop;
}

static int lines_judge(struct session *session, FILE *file)
{
	enum mh_conform_verdict verdict = MH_CONFORM_PASSED;
	char *line = NULL;
	size_t capacity = 0;
	unsigned long number = 0;
	ssize_t length;

	while (!session->other_kernel && !is_stopped(session) &&
	       (verdict != MH_CONFORM_MALFORMED || session->request->keep_going) &&
	       (length = getline(&line, &capacity, file)) >= 0) {
		number++;
		if (!is_blank(line, (size_t)length))
			verdict = line_judge(session, line, (size_t)length, number);
	}
	int ret = ferror(file) ? -errno : 0; /* getline's: EISDIR of a folder */

	free(line);
	return ret;
}

static int file_judge(struct session *session, struct mh_error *reterr)
{
	const char *path = session->request->cases;
	FILE *file = fopen(path, "r");
	int ret;

	if (!file)
		return mh_error_set(reterr, -EINVAL, "'%s' cannot be read: %s", path, strerror(errno));
	ret = lines_judge(session, file);
	fclose(file);
	return ret < 0 ? mh_error_set(reterr, -EINVAL, "'%s' cannot be read: %s", path, strerror(-ret)) : 0;
}

/* A run that judges nothing is no pass. */
static int something_judged(const struct session *session, struct mh_error *reterr)
{
	const struct mh_conform_request *request = session->request;

	if (is_stopped(session))
		return 0;
	for (int verdict = 0; verdict < MH_CONFORM_VERDICTS; verdict++)
		if (session->counts->of[verdict])
			return 0;
	if (request->only)
		return mh_error_set(reterr, -EINVAL, "no case in '%s' has a name that matches '%.200s'", request->cases,
				    request->only);
	return mh_error_set(reterr, -EINVAL, "'%s' holds no case", request->cases);
}

static int only_compile(struct session *session, struct mh_error *reterr)
{
	const char *only = session->request->only;
	char why[128];
	int code;

	if (!only)
		return 0;
	code = regcomp(&session->only, only, REG_EXTENDED | REG_NOSUB);
	if (code == 0)
		return 0;
	regerror(code, &session->only, why, sizeof(why));
	return mh_error_set(reterr, -EINVAL, "'%.200s' is no regular expression: %s", only, why);
}

int mh_conform_run(const struct mh_conform_request *request, struct mh_conform_counts *ret_counts,
		   struct mh_error *reterr)
{
	struct session session = {.request = request, .counts = ret_counts};
	int ret = only_compile(&session, reterr);

	*ret_counts = (struct mh_conform_counts){.of = {0}};
	if (ret < 0)
		return ret;
	mh_clock_init(&session.clock, MH_CLOCK_MONOTONIC);
	ret = mh_conform_worlds_load(&session.worlds, request->worlds, reterr);
	if (ret == 0)
		ret = file_judge(&session, reterr);
	if (ret == 0)
		ret = something_judged(&session, reterr);
	mh_conform_worlds_release(&session.worlds);
	if (request->only)
		regfree(&session.only);
	return ret;
}
