/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Started without a shell; what it prints comes through a pipe. */
#include "bench/micro/rival_process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_SIZE 64

extern char **environ;

static bool path_of(const char *folder, const char *program, char path[PATH_MAX])
{
	return folder && snprintf(path, PATH_MAX, "%s/%s", folder, program) < PATH_MAX;
}

bool mh_rival_is_there(const char *folder, const char *program)
{
	char path[PATH_MAX];

	return path_of(folder, program, path) && access(path, X_OK) == 0;
}

/* The child's end of the pipe becomes its stdout. Return: 0 or an errno. */
static int spawn(const char *path, const char *loop, const int ends[2], pid_t *ret_child)
{
	char *const argv[] = {(char *)path, (char *)loop, NULL};
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t none;
	int ret;

	/* A thread of ours blocks all signals: the program would inherit that. */
	sigemptyset(&none);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	ret = posix_spawn(ret_child, path, &actions, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return ret;
}

/* All that it prints, cut to the size of @answer. */
static void read_answer(int from, char answer[ANSWER_SIZE])
{
	size_t length = 0;
	ssize_t got;

	while (length < ANSWER_SIZE - 1) {
		got = read(from, answer + length, ANSWER_SIZE - 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		length += (size_t)got;
	}
	answer[length] = '\0';
}

static bool ended_well(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int mh_rival_run(const char *folder, const char *program, const char *loop, double *ret_ns, struct mh_error *reterr)
{
	char path[PATH_MAX], answer[ANSWER_SIZE], *end;
	int ends[2], ret;
	pid_t child;
	double ns;

	if (!path_of(folder, program, path))
		return mh_error_set(reterr, -ENOENT, "'%s': no folder of rivals", program);
	if (pipe2(ends, O_CLOEXEC) < 0)
		return mh_error_set(reterr, -EIO, "'%s': no pipe: %s", path, strerror(errno));
	ret = spawn(path, loop, ends, &child);
	close(ends[1]);
	if (ret == 0)
		read_answer(ends[0], answer);
	close(ends[0]);
	if (ret)
		return mh_error_set(reterr, -ENOENT, "'%s' cannot be started: %s", path, strerror(ret));
	if (!ended_well(child))
		return mh_error_set(reterr, -EIO, "'%s %s' failed: build it anew", path, loop);
	ns = strtod(answer, &end);
	if (end == answer || !(ns > 0))
		return mh_error_set(reterr, -EIO, "'%s %s' printed no time: build it anew", path, loop);
	*ret_ns = ns;
	return 0;
}
