/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A thread that loses its CPU in the middle of a free, just after it has answered a drain, while its page moves away
 * and the block goes offline and comes online again: what the free had read of the two is then of another time.
 *
 * The processor's trap flag stands for the scheduler: the thread is stopped after each instruction of the free in turn
 * until the block is back. For x86 only.
 */
#if defined(__x86_64__)
#include <criterion/criterion.h>
#include <signal.h>
#include <stdatomic.h>
#include <ucontext.h>

#include "base/clock.h"
#include "core/machine_private.h"
#include "core/page.h"
#include "core/pcp.h"
#include "machine_fixture.h"

#define STOP_NS          20000000 /* at most: what the thread has in its hands may be what the offline waits for */
#define INSTRUCTIONS_MAX 1000
#define TRAP_FLAG        0x100

enum step { TAKE, TAKEN, GIVE, GIVEN, END };

static struct {
	struct mh_machine *machine;
	struct mh_cpu *cpu;
	mh_handle page;
	atomic_int step;
	atomic_bool back;      /* the block is online again */
	unsigned stop_at;      /* after so many instructions behind the answer */
	unsigned instructions; /* so far */
} stopped;

static void wait_for_step(int step)
{
	while (atomic_load(&stopped.step) != step)
		mh_yield();
}

static void lie_still(void)
{
	uint64_t begin_ns = mh_clock_monotonic_ns();

	while (!atomic_load(&stopped.back) && mh_clock_monotonic_ns() - begin_ns < STOP_NS)
		mh_yield();
}

static void after_instruction(int signal, siginfo_t *info, void *context)
{
	greg_t *flags = &((ucontext_t *)context)->uc_mcontext.gregs[REG_EFL];

	(void)signal;
	(void)info;
	if (atomic_load(&stopped.cpu->drain) || stopped.instructions++ < stopped.stop_at)
		return;
	*flags &= ~TRAP_FLAG;
	lie_still();
}

static void set_trap_flag(void)
{
	__asm__ volatile("pushfq; orq $0x100, (%%rsp); popfq" ::: "memory", "cc");
}

static void clear_trap_flag(void)
{
	__asm__ volatile("pushfq; andq $~0x100, (%%rsp); popfq" ::: "memory", "cc");
}

/* From before the drain is answered. */
static void give_by_steps(void)
{
	mh_pcp_empty(stopped.cpu); /* so that the answer is short */
	while (!atomic_load(&stopped.cpu->drain))
		mh_yield();
	set_trap_flag();
	mh_page_free(stopped.machine, stopped.cpu, &stopped.page);
	clear_trap_flag();
}

static void take_and_give(void *data)
{
	struct mh_page_request request = {.kind = MH_PAGE_MOVABLE};
	int step;

	(void)data;
	mh_cpu_enter(stopped.cpu);
	while ((step = atomic_load(&stopped.step)) != END) {
		if (step == TAKE) {
			cr_assert_eq(mh_page_alloc(stopped.machine, stopped.cpu, &request, &stopped.page), 0);
			atomic_store(&stopped.step, TAKEN);
		} else if (step == GIVE) {
			give_by_steps();
			atomic_store(&stopped.step, GIVEN);
		} else {
			mh_yield();
		}
	}
	mh_cpu_leave(stopped.cpu);
}

/* False: the free was over before. */
static bool stop_after(struct fixture *fixture, unsigned instructions)
{
	uint32_t block;

	stopped.stop_at = instructions;
	stopped.instructions = 0;
	atomic_store(&stopped.back, false);
	atomic_store(&stopped.step, TAKE);
	wait_for_step(TAKEN);
	block = mh_block_of_pfn(stopped.machine, MH_HANDLE_PFN(atomic_load(&stopped.page)));
	atomic_store(&stopped.step, GIVE);
	cr_assert_eq(fixture_offline(fixture, block), 0);
	cr_assert_eq(fixture_online(fixture, block, MH_ONLINE_MOVABLE), 0);
	atomic_store(&stopped.back, true);
	wait_for_step(GIVEN);
	return stopped.instructions > instructions;
}

Test(page, is_freed_by_a_thread_that_was_stopped_while_its_block_went_and_came, .timeout = 60)
{
	struct mh_machine_config config = fixture_config();
	struct sigaction action = {.sa_sigaction = after_instruction, .sa_flags = SA_SIGINFO};
	struct fixture fixture;
	struct mh_thread thread;
	unsigned instructions = 0;

	config.initial_online_ppb = config.movable_ppb = 1000000000;
	fixture_begin(&fixture, THREE_BLOCKS, &config);
	stopped.machine = fixture.machine;
	cr_assert_eq(mh_cpu_new(fixture.machine, &stopped.cpu), 0);
	cr_assert_eq(sigaction(SIGTRAP, &action, NULL), 0);
	atomic_store(&stopped.step, GIVEN);
	cr_assert_eq(mh_thread_start(&thread, "stopped", -1, take_and_give, NULL, NULL), 0);
	while (stop_after(&fixture, instructions))
		cr_assert_lt(++instructions, INSTRUCTIONS_MAX);
	cr_expect_gt(instructions, 10, "%u", instructions);
	atomic_store(&stopped.step, END);
	mh_thread_join(&thread);
	mh_cpu_free(fixture.machine, stopped.cpu);
	fixture_expect_sound(&fixture, "at the end");
	fixture_end(&fixture);
}
#endif
