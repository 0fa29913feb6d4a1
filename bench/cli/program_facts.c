/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any executable may have been named: its answer is bounded in size and in time. */
#include "bench/cli/program_facts.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_MAX     65536u
#define ANSWER_MS_MAX  10000
#define SCHEMA_VERSION 1
#define BUILD_ID_SHOWN 12

/* In the child; does not come back. */
static void ask(const char *path, int out)
{
	int null = open("/dev/null", O_RDWR);

	(void)dup2(null, STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(null, STDERR_FILENO);
	execl(path, path, "version", "--json", (char *)NULL);
	_exit(127);
}

/* Up to @size - 1 bytes, until it ends or the time is over. */
static size_t read_answer(int fd, char *buffer, size_t size)
{
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	size_t length = 0;

	while (length < size - 1 && poll(&wait, 1, ANSWER_MS_MAX) > 0) {
		ssize_t got = read(fd, buffer + length, size - 1 - length);

		if (got <= 0)
			break;
		length += (size_t)got;
	}
	buffer[length] = '\0';
	return length;
}

/* What it prints, or an empty text. */
static int take_answer(const char *path, char *buffer, size_t size)
{
	int ends[2], status = 0;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	child = fork();
	if (child == 0)
		ask(path, ends[1]);
	close(ends[1]);
	buffer[0] = '\0';
	if (child > 0) {
		(void)read_answer(ends[0], buffer, size);
		kill(child, SIGKILL); /* nothing when it has ended, as it should */
		(void)waitpid(child, &status, 0);
	}
	close(ends[0]);
	return child < 0 ? -EAGAIN : 0;
}

static int judge(const char *path, const json_t *root, char **ret_facts, struct mh_error *reterr)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	const char *version = json_string_value(json_object_get(root, "version"));
	const char *build = json_string_value(json_object_get(root, "build_id"));
	const json_int_t number = json_integer_value(json_object_get(root, "schema_version"));

	if (!schema || strcmp(schema, "memhp-bench/version") != 0)
		return mh_error_set(reterr, -EINVAL, "'%s' is no memhp-bench: it does not answer `version --json`",
				    path);
	if (number != SCHEMA_VERSION)
		return mh_error_set(
			reterr, -EPROTO,
			"'%s' speaks version %lld of our formats, and this program %d: its runs cannot be read", path,
			(long long)number, SCHEMA_VERSION);
	if (asprintf(ret_facts, "memhp-bench %s, build %.*s", version ? version : "?", BUILD_ID_SHOWN,
		     build ? build : "unknown") < 0)
		return mh_error_set(reterr, -ENOMEM, "no memory for what '%s' is", path);
	return 0;
}

int mh_program_facts(const char *path, char **ret_facts, struct mh_error *reterr)
{
	char *answer = malloc(ANSWER_MAX);
	json_t *root;
	int ret = answer ? take_answer(path, answer, ANSWER_MAX) : -ENOMEM;

	if (ret < 0) {
		free(answer);
		return mh_error_set(reterr, ret, "cannot ask '%s' what it is: %s", path, strerror(-ret));
	}
	root = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
	free(answer);
	ret = judge(path, root, ret_facts, reterr);
	json_decref(root);
	return ret;
}
