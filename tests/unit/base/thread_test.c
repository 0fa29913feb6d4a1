/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Threads run with their name, on their CPU, without signals, registered for RCU. */
#include "base/thread.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/rcu.h"

struct seen {
	char name[16];
	int bound_cpu, current_cpu;
	bool usr1_blocked, segv_blocked, registered;
};

static void look_around(void *data)
{
	struct seen *seen = data;
	sigset_t mask;

	pthread_getname_np(pthread_self(), seen->name, sizeof(seen->name));
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	seen->usr1_blocked = sigismember(&mask, SIGUSR1);
	seen->segv_blocked = sigismember(&mask, SIGSEGV);
	seen->bound_cpu = mh_thread_bound_cpu();
	seen->current_cpu = mh_thread_current_cpu();
	seen->registered = mh_rcu_thread_registered;
}

static struct seen run(const char *name, int cpu)
{
	struct mh_thread thread;
	struct seen seen = {.bound_cpu = -2};

	cr_assert_eq(mh_thread_start(&thread, name, cpu, look_around, &seen, NULL), 0);
	mh_thread_join(&thread);
	return seen;
}

Test(thread, has_its_name_cut_to_fifteen_letters)
{
	struct seen seen = run("worker/0123456789", -1);

	cr_assert_str_eq(seen.name, "worker/01234567");
}

Test(thread, leaves_signals_to_the_main_thread)
{
	sigset_t mask;
	struct seen seen = run("signals", -1);

	cr_assert(seen.usr1_blocked);
	cr_assert_not(seen.segv_blocked);
	pthread_sigmask(SIG_SETMASK, NULL, &mask);
	cr_assert_not(sigismember(&mask, SIGUSR1), "the starter's mask was changed");
}

Test(thread, is_registered_for_rcu)
{
	cr_assert(run("rcu", -1).registered);
	cr_assert_not(mh_rcu_thread_registered, "the starter was registered, too");
}

Test(thread, runs_on_each_cpu_that_it_is_bound_to)
{
	unsigned *cpus;
	size_t count;

	cr_assert_eq(mh_thread_cpus(&cpus, &count), 0);
	cr_assert_eq(count, mh_thread_cpu_count());
	for (size_t i = 0; i < count; i++) {
		struct seen seen = run("bound", (int)cpus[i]);

		cr_assert_eq(seen.bound_cpu, (int)cpus[i]);
		cr_assert_eq(seen.current_cpu, (int)cpus[i]);
	}
	if (count > 1)
		cr_assert_eq(run("unbound", -1).bound_cpu, -1);
	free(cpus);
}

Test(thread, refuses_a_cpu_that_is_not_there)
{
	struct mh_thread thread;
	struct mh_error error;

	cr_assert_eq(mh_thread_start(&thread, "far", 4095, look_around, NULL, &error), -EINVAL);
	cr_assert_str_eq(error.text, "thread 'far' cannot be bound to CPU 4095: this process may not run there");
	cr_assert_eq(mh_thread_start(&thread, "far", -2, look_around, NULL, &error), -EINVAL);
	cr_assert_str_eq(error.text, "thread 'far': there is no CPU -2");
}
