/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What ends the others of our terminal must not end it. */
static void stand_apart(void)
{
	static const int deaf[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGALRM};

	(void)setsid();
	for (size_t i = 0; i < sizeof(deaf) / sizeof(deaf[0]); i++)
		(void)signal(deaf[i], SIG_IGN);
}

static _Noreturn void keep_watch(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree, int life_fd)
{
	struct mh_text failures = MH_TEXT_INIT;
	char byte;

	stand_apart();
	while (read(life_fd, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(mh_kernel_journal_undo(journal, tree, &failures) ? 1 : 0);
}

int mh_kernel_guard_start(struct mh_kernel_journal *journal, const struct mh_kernel_tree *tree,
			  struct mh_kernel_guard *ret_guard, struct mh_error *reterr)
{
	int ends[2];
	pid_t process;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return mh_error_set(reterr, -errno, "no pipe to a guard that puts back: %s", strerror(errno));
	process = fork();
	if (process == 0) {
		(void)close(ends[1]);
		keep_watch(journal, tree, ends[0]);
	}
	(void)close(ends[0]);
	if (process < 0) {
		const int error = errno;

		(void)close(ends[1]);
		return mh_error_set(reterr, -error, "no process for a guard that puts back: %s", strerror(error));
	}
	*ret_guard = (struct mh_kernel_guard){.life_fd = ends[1], .process = process};
	return 0;
}

void mh_kernel_guard_stop(struct mh_kernel_guard *guard)
{
	(void)close(guard->life_fd);
	while (waitpid(guard->process, NULL, 0) < 0 && errno == EINTR)
		;
}
