/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Locks exclude, conditions wake, sleeps last. A mutex is tested as it is and as a lasting one. */
#include "base/sync.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rcu.h"
#include "base/thread.h"

#define THREADS 4
#define TURNS   20000

static struct {
	struct mh_mutex mutex;
	struct mh_condition condition;
	struct mh_rwlock rwlock;
	unsigned long counter; /* under the lock that is tested */
	bool ready;
	atomic_int step;
} shared;

static void start_all(struct mh_thread *threads, unsigned count, void (*run)(void *data))
{
	for (unsigned i = 0; i < count; i++)
		cr_assert_eq(mh_thread_start(&threads[i], "test", -1, run, NULL, NULL), 0);
}

static void join_all(struct mh_thread *threads, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		mh_thread_join(&threads[i]);
}

static void (*const inits[])(struct mh_mutex *mutex) = {mh_mutex_init, mh_mutex_init_lasting};

/* A parameter's memory is Criterion's: an index, and no pointers. */
#define EACH_MUTEX(suite, name, ...)                                                                                   \
	ParameterizedTestParameters(suite, name)                                                                       \
	{                                                                                                              \
		static int indices[] = {0, 1};                                                                         \
                                                                                                                       \
		return cr_make_param_array(int, indices, 2);                                                           \
	}                                                                                                              \
	ParameterizedTest(int *index, suite, name, __VA_ARGS__)

static void count_under_mutex(void *data)
{
	(void)data;
	for (unsigned i = 0; i < TURNS; i++) {
		mh_mutex_lock(&shared.mutex);
		shared.counter++;
		mh_mutex_unlock(&shared.mutex);
	}
}

/* One that is lasting is unlocked by a store beside threads that are about to sleep for it: that all ends, says that
 * none of them sleeps beside a free mutex. */
EACH_MUTEX(sync, a_mutex_excludes, .timeout = 60)
{
	struct mh_thread threads[THREADS];

	inits[*index](&shared.mutex);
	start_all(threads, THREADS, count_under_mutex);
	join_all(threads, THREADS);
	cr_assert_eq(shared.counter, THREADS * TURNS, "%lu", shared.counter);
	mh_mutex_release(&shared.mutex);
}

EACH_MUTEX(sync, trylock_fails_while_the_mutex_is_held, .timeout = 10)
{
	inits[*index](&shared.mutex);
	cr_assert(mh_mutex_trylock(&shared.mutex));
	cr_assert_not(mh_mutex_trylock(&shared.mutex));
	mh_mutex_unlock(&shared.mutex);
	cr_assert(mh_mutex_trylock(&shared.mutex));
	mh_mutex_unlock(&shared.mutex);
}

static void take_and_give(void *data)
{
	(void)data;
	mh_mutex_lock(&shared.mutex);
	shared.counter++;
	mh_mutex_unlock(&shared.mutex);
}

/* All of them sleep for it before it is given back: one that is woken must not forget the others. */
EACH_MUTEX(sync, a_mutex_wakes_all_who_sleep_for_it, .timeout = 10)
{
	struct mh_thread threads[THREADS];

	inits[*index](&shared.mutex);
	mh_mutex_lock(&shared.mutex);
	start_all(threads, THREADS, take_and_give);
	mh_sleep_ns(50000000); /* a thread that comes later only tests less */
	mh_mutex_unlock(&shared.mutex);
	join_all(threads, THREADS);
	cr_assert_eq(shared.counter, THREADS, "%lu", shared.counter);
	cr_assert_eq(mh_mutex_owner(&shared.mutex), 0);
	mh_mutex_release(&shared.mutex);
}

/* From here on the kernel refuses this process a fence in all threads. */
static void forbid_fences(void)
{
	struct sock_filter refuse[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_membarrier, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof(refuse) / sizeof(refuse[0]), refuse};

	cr_assert_eq(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	cr_assert_eq(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
}

Test(sync, where_a_fence_is_refused_a_lasting_mutex_is_like_others, .timeout = 60)
{
	struct mh_thread threads[THREADS];

	forbid_fences();
	mh_mutex_init_lasting(&shared.mutex);
	start_all(threads, THREADS, count_under_mutex);
	join_all(threads, THREADS);
	cr_assert_eq(shared.counter, THREADS * TURNS, "%lu", shared.counter);
	mh_mutex_release(&shared.mutex);
}

/* Runs only while nobody else wants its CPU: a thread that takes the mutex again at once always comes before it. */
static void take_when_idle(void *data)
{
	struct sched_param none = {0};

	(void)data;
	cr_assert_eq(sched_setscheduler(0, SCHED_IDLE, &none), 0);
	take_and_give(NULL);
	atomic_store(&shared.step, 1);
}

EACH_MUTEX(sync, who_takes_the_mutex_without_pause_hands_it_over, .timeout = 60)
{
	struct mh_thread waiter;
	unsigned turns = 0;
	cpu_set_t here;
	int cpu = sched_getcpu();

	CPU_ZERO(&here);
	CPU_SET(cpu, &here);
	cr_assert_eq(sched_setaffinity(0, sizeof(here), &here), 0);
	inits[*index](&shared.mutex);
	mh_mutex_lock(&shared.mutex);
	cr_assert_eq(mh_thread_start(&waiter, "waiter", cpu, take_when_idle, NULL, NULL), 0);
	while (!atomic_load(&shared.step) && turns < 1000) {
		mh_sleep_ns(2 * MH_MUTEX_PATIENCE_NS);
		mh_mutex_unlock(&shared.mutex);
		mh_mutex_lock(&shared.mutex);
		turns++;
	}
	mh_mutex_unlock(&shared.mutex);
	mh_thread_join(&waiter);
	/* One wakes it in vain, one finds it urgent; a loaded host gives it no time between. */
	cr_assert_lt(turns, 1000, "%u turns", turns);
	mh_mutex_release(&shared.mutex);
}

static int lock_beside_others(void)
{
	struct mh_thread threads[THREADS];

	shared.counter = 0;
	start_all(threads, THREADS, count_under_mutex);
	join_all(threads, THREADS);
	return shared.counter != THREADS * TURNS;
}

EACH_MUTEX(sync, a_child_gives_up_the_mutex_that_its_parent_held, .timeout = 60)
{
	pid_t child;
	int status;

	inits[*index](&shared.mutex);
	mh_mutex_lock(&shared.mutex);
	child = fork();
	if (child == 0) {
		mh_mutex_unlock(&shared.mutex);
		mh_mutex_lock(&shared.mutex);
		status = mh_mutex_owner(&shared.mutex) != gettid();
		mh_mutex_unlock(&shared.mutex);
		_exit(status | lock_beside_others());
	}
	mh_mutex_unlock(&shared.mutex);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_assert_eq(status, 0, "0x%x", (unsigned)status);
	mh_mutex_release(&shared.mutex);
}

static void count_under_rwlock(void *data)
{
	(void)data;
	for (unsigned i = 0; i < TURNS; i++) {
		mh_rwlock_write_lock(&shared.rwlock);
		shared.counter++;
		mh_rwlock_unlock(&shared.rwlock);
		mh_rwlock_read_lock(&shared.rwlock);
		cr_assert_gt(shared.counter, 0);
		mh_rwlock_unlock(&shared.rwlock);
	}
}

Test(sync, a_writer_excludes_all)
{
	struct mh_thread threads[THREADS];

	mh_rwlock_init(&shared.rwlock);
	start_all(threads, THREADS, count_under_rwlock);
	join_all(threads, THREADS);
	cr_assert_eq(shared.counter, THREADS * TURNS, "%lu", shared.counter);
	mh_rwlock_release(&shared.rwlock);
}

static void write_once(void *data)
{
	(void)data;
	mh_rwlock_write_lock(&shared.rwlock);
	cr_assert_eq(atomic_fetch_add(&shared.step, 1), 0, "the reader passed the writer that waited");
	mh_rwlock_unlock(&shared.rwlock);
}

static void read_once(void *data)
{
	(void)data;
	mh_rwlock_read_lock(&shared.rwlock);
	cr_assert_eq(atomic_fetch_add(&shared.step, 1), 1, "the reader passed the writer that waited");
	mh_rwlock_unlock(&shared.rwlock);
}

Test(sync, a_reader_that_comes_after_a_waiting_writer_waits, .timeout = 10)
{
	struct mh_thread writer, reader;

	mh_rwlock_init(&shared.rwlock);
	mh_rwlock_read_lock(&shared.rwlock);
	cr_assert_eq(mh_thread_start(&writer, "writer", -1, write_once, NULL, NULL), 0);
	while (pthread_rwlock_tryrdlock(&shared.rwlock.rwlock) == 0) { /* until the writer is seen to wait */
		mh_rwlock_unlock(&shared.rwlock);
		mh_yield();
	}
	cr_assert_eq(mh_thread_start(&reader, "reader", -1, read_once, NULL, NULL), 0);
	mh_rwlock_unlock(&shared.rwlock);
	mh_thread_join(&writer);
	mh_thread_join(&reader);
	mh_rwlock_release(&shared.rwlock);
}

static void make_ready(void *data)
{
	(void)data;
	mh_mutex_lock(&shared.mutex);
	shared.ready = true;
	mh_condition_signal(&shared.condition);
	mh_mutex_unlock(&shared.mutex);
}

Test(sync, a_condition_wakes_who_waits, .timeout = 10)
{
	struct mh_thread thread;

	mh_mutex_init(&shared.mutex);
	mh_condition_init(&shared.condition);
	mh_mutex_lock(&shared.mutex);
	cr_assert_eq(mh_thread_start(&thread, "signal", -1, make_ready, NULL, NULL), 0);
	while (!shared.ready)
		mh_condition_wait(&shared.condition, &shared.mutex);
	mh_mutex_unlock(&shared.mutex);
	mh_thread_join(&thread);
	mh_condition_release(&shared.condition);
	mh_mutex_release(&shared.mutex);
}

static void wait_until_ready(void *data)
{
	(void)data;
	mh_mutex_lock(&shared.mutex);
	atomic_fetch_add(&shared.step, 1);
	while (!shared.ready)
		mh_condition_wait(&shared.condition, &shared.mutex);
	mh_mutex_unlock(&shared.mutex);
}

Test(sync, a_broadcast_wakes_all_who_wait, .timeout = 10)
{
	struct mh_thread threads[THREADS];

	mh_mutex_init(&shared.mutex);
	mh_condition_init(&shared.condition);
	start_all(threads, THREADS, wait_until_ready);
	while (atomic_load(&shared.step) < THREADS)
		mh_yield();
	mh_mutex_lock(&shared.mutex); /* the last one waits by now */
	shared.ready = true;
	mh_mutex_unlock(&shared.mutex);
	mh_condition_broadcast(&shared.condition);
	join_all(threads, THREADS);
	mh_condition_release(&shared.condition);
	mh_mutex_release(&shared.mutex);
}

Test(sync, a_wait_with_a_timeout_that_is_signalled_says_so, .timeout = 10)
{
	struct mh_thread thread;

	mh_mutex_init(&shared.mutex);
	mh_condition_init(&shared.condition);
	mh_mutex_lock(&shared.mutex);
	cr_assert_eq(mh_thread_start(&thread, "signal", -1, make_ready, NULL, NULL), 0);
	while (!shared.ready)
		cr_assert(mh_condition_wait_for(&shared.condition, &shared.mutex, UINT64_C(9000000000)));
	mh_mutex_unlock(&shared.mutex);
	mh_thread_join(&thread);
}

Test(sync, a_wait_ends_with_its_timeout)
{
	mh_mutex_init(&shared.mutex);
	mh_condition_init(&shared.condition);
	mh_mutex_lock(&shared.mutex);
	uint64_t start = mh_clock_monotonic_ns();

	while (mh_condition_wait_for(&shared.condition, &shared.mutex, 20000000))
		continue; /* a spurious wake-up begins anew */
	cr_assert_geq(mh_clock_monotonic_ns() - start, 19900000);
	mh_mutex_unlock(&shared.mutex);
}

static void on_alarm(int number)
{
	(void)number;
}

Test(sync, a_signal_does_not_shorten_a_sleep)
{
	const struct itimerval timer = {.it_value = {.tv_usec = 5000}, .it_interval = {.tv_usec = 5000}};
	uint64_t start = mh_clock_monotonic_ns();

	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &timer, NULL);
	mh_sleep_ns(30000000);
	cr_assert_geq(mh_clock_monotonic_ns() - start, 29900000);
}

Test(sync, a_spin_stays_a_spin_up_to_its_bound)
{
	unsigned turns = 0;

	for (unsigned i = 0; i < 2 * MH_SPIN_TURNS; i++)
		mh_spin_turn(&turns);
	cr_assert_eq(turns, MH_SPIN_TURNS, "%u turns", turns);
}
