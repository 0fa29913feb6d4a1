/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fork, limits, wait. The child ends by _exit: no handler of the parent's runs twice. */
#include "base/trial.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/rcu.h"

static void limit(int resource, rlim_t most)
{
	const struct rlimit bounds = {.rlim_cur = most, .rlim_max = most};

	(void)setrlimit(resource, &bounds); /* a lower limit than ours, already in force, does as well */
}

static _Noreturn void child_run(int (*run)(void *data), void *data, unsigned cpu_s_max)
{
	static const int deadly[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGXCPU};
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	/* A crash here is an answer, not an event: no handler of the program or of a sanitizer is to report it. */
	for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++)
		signal(deadly[i], SIG_DFL);
	if (null >= 0)
		(void)dup2(null, STDERR_FILENO);
	limit(RLIMIT_CORE, 0);
	limit(RLIMIT_CPU, cpu_s_max);
#if !MH_RCU_TSAN && !MH_RCU_ASAN /* their shadow is address space, terabytes of it */
	limit(RLIMIT_AS, MH_TRIAL_MEMORY_MAX);
#endif
	_exit(run(data) == 0 ? 0 : 1);
}

int mh_trial_run(int (*run)(void *data), void *data, unsigned cpu_s_max)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -EAGAIN;
	if (child == 0)
		child_run(run, data, cpu_s_max);
	bool offline = mh_rcu_wait_begin();

	pid_t waited;

	do
		waited = waitpid(child, &status, 0);
	while (waited < 0 && errno == EINTR);
	mh_rcu_wait_end(offline);
	if (waited < 0)
		return -EAGAIN; /* somebody ignores SIGCHLD: the child's answer is lost */
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == 0 ? 0 : -EINVAL;
	return WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL ? -ETIME : -EFAULT;
}
