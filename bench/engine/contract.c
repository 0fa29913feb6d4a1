/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The check as a whole: what the module registers, then children that try the cases. A child that dies or stands still
 * costs one case: what it was doing is told, and the next child begins behind it.
 *
 * All that children and parent share is one anonymous mapping, written by one child at a time and read by the parent
 * while it waits; the parent acts upon the child's place only when the child has ended.
 */
#include "bench/engine/contract.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/sync.h"
#include "bench/engine/contract_case.h"
#include "bench/engine/contract_try.h"
#include "core/kapi_work.h"
#include "core/module_image.h"

/* A callback that does not come back for so long hangs; no correct one takes a hundredth of it. */
#define HANG_TURNS      400
#define TURN_NS         10000000u
#define CHILDREN_MAX    64 /* that may die of the module; then the rest is not tried */
#define HANGS_MAX       2  /* that may hang */
#define CHILD_SPOILED   3  /* exit codes of a child */
#define CHILD_FAILED    4
#define ALLOCATIONS_MAX 32 /* of one operation that are made to fail, one after another */

struct shared {
	struct mh_contract_result result;
	struct mh_contract_place_in_time now;
	struct mh_error error; /* of a child that could not begin */
};

struct check {
	const struct mh_contract_request *request;
	struct shared *shared;
	struct mh_contract_plan plan;
	enum mh_compat compat;
	uint64_t only_index, only_alloc; /* of a single case */
	unsigned hangs;
};

static void add_listeners(struct mh_contract_result *result, const struct mh_chain *chain, bool node)
{
	for (uint32_t id = 0; chain; id++) {
		const struct mh_listener *listener = mh_chain_listener(chain, id);

		if (!listener || result->listener_count == MH_CONTRACT_LISTENERS_MAX)
			return;
		if (!atomic_load(&listener->sequence))
			continue;
		result->listeners[result->listener_count] = (struct mh_contract_listener){
			.priority = listener->priority,
			.node = node,
			.callback = mh_contract_callback(listener),
		};
		memcpy(result->listeners[result->listener_count].name, listener->name, sizeof(listener->name));
		result->listener_count++;
	}
}

static enum mh_compat compat_of(unsigned module_compat)
{
	for (int compat = 0; compat < MH_COMPAT_COUNT; compat++)
		if ((unsigned)mh_protocol_of((enum mh_compat)compat)->module_compat == module_compat)
			return (enum mh_compat)compat;
	return MH_COMPAT_V6_1;
}

static struct mh_module_request load_of(const struct mh_contract_request *request)
{
	return (struct mh_module_request){request->module, request->arguments, request->argument_count};
}

/* In this process: a module that cannot be loaded is told as everywhere else. */
static int list(struct check *check, struct mh_error *reterr)
{
	struct mh_contract_result *result = &check->shared->result;
	struct mh_contract_world world;
	struct mh_module *module = NULL;
	const struct mh_module_request load = load_of(check->request);
	struct mh_module_image image = {.compat = 0};
	int ret = mh_module_image_read(check->request->module, &image, reterr);

	if (ret < 0)
		return ret;
	check->compat = compat_of(image.compat);
	result->compat = mh_compat_names[check->compat];
	ret = mh_contract_world_open(&world, check->compat, reterr);
	if (!ret)
		ret = mh_module_load_with(world.machine, &load, &module, reterr);
	if (!ret) {
		/* What registers may be a work that its init starts. */
		(void)mh_kapi_quiesce();
		add_listeners(result, mh_machine_chain(world.machine), false);
		add_listeners(result, mh_machine_node_chain(world.machine), true);
		if (!mh_module_has_exit(module))
			mh_module_take_off(module);
		/* What it leaves behind is the check's to tell. */
		(void)mh_module_unload(module, &(struct mh_error){.code = 0});
	}
	mh_contract_world_close(&world);
	return ret;
}

static struct shared *share(void)
{
	void *memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

static int begin(struct check *check, const struct mh_contract_request *request, struct mh_error *reterr)
{
	int ret;

	*check = (struct check){.request = request, .shared = share()};
	if (!check->shared)
		return mh_error_set(reterr, -ENOMEM, "no memory to share with the children of a check");
	ret = list(check, reterr);
	if (ret < 0) {
		mh_contract_result_free(&check->shared->result);
		return ret;
	}
	check->plan = (struct mh_contract_plan){
		.listeners = check->shared->result.listeners,
		.listener_count = check->shared->result.listener_count,
		.protocol = mh_protocol_of(check->compat),
	};
	return 0;
}

int mh_contract_list(const struct mh_contract_request *request, struct mh_contract_result **ret_result,
		     struct mh_error *reterr)
{
	struct check check;
	int ret = begin(&check, request, reterr);

	if (ret < 0)
		return ret;
	*ret_result = &check.shared->result;
	return 0;
}

void mh_contract_result_free(struct mh_contract_result *result)
{
	/* The result is the first thing in what is shared. */
	if (result)
		(void)munmap(result, sizeof(struct shared));
}

/* The case with none, then each of its allocations failing, from where the child before died. */
static int try_allocations(struct check *check, struct mh_contract_try *try, struct mh_contract_case *of)
{
	struct mh_contract_place_in_time *now = &check->shared->now;
	uint64_t allocations = ALLOCATIONS_MAX, ignored;
	uint64_t first = now->alloc;
	int ret = 0;

	for (; now->alloc <= allocations && !ret; now->alloc++) {
		bool counts = now->alloc == 0;

		of->alloc = now->alloc;
		ret = mh_contract_try_case(try, of, counts ? &allocations : &ignored);
		if (counts && allocations > ALLOCATIONS_MAX)
			allocations = ALLOCATIONS_MAX;
		/* One that was to fail and was never asked for was the last. */
		if (first && ignored < now->alloc)
			break;
	}
	return ret;
}

static int try_one(struct check *check, struct mh_contract_try *try)
{
	struct mh_contract_case of;
	uint64_t ignored;
	int ret;

	(void)mh_contract_case_at(&check->plan, check->only_index, &of);
	of.alloc = check->only_alloc;
	check->shared->now.index = check->only_index;
	check->shared->now.alloc = check->only_alloc;
	ret = mh_contract_try_learn(try, of.listener);
	if (!ret)
		ret = mh_contract_try_case(try, &of, &ignored);
	check->shared->result.cases_done += !ret;
	return ret;
}

static int try_from(struct check *check, struct mh_contract_try *try)
{
	struct mh_contract_place_in_time *now = &check->shared->now;
	unsigned learnt = UINT32_MAX;
	struct mh_contract_case of;
	int ret = 0;

	for (; now->index < mh_contract_case_count(&check->plan) && !ret; now->index++, now->alloc = 0) {
		if (!mh_contract_case_at(&check->plan, now->index, &of))
			continue;
		if (learnt != of.listener)
			ret = mh_contract_try_learn(try, of.listener);
		learnt = of.listener;
		if (!ret)
			ret = try_allocations(check, try, &of);
		if (ret)
			return ret;
		check->shared->result.cases_done++;
	}
	return ret;
}

/* Never returns. */
static void child(struct check *check)
{
	static struct mh_contract_try try;
	const struct rlimit no_core = {0, 0};
	int ret;

	(void)setrlimit(RLIMIT_CORE, &no_core);
	try.plan = &check->plan;
	try.load = load_of(check->request);
	try.result = &check->shared->result;
	try.now = &check->shared->now;
	ret = mh_contract_try_open(&try, check->compat, &check->shared->error);
	if (!ret)
		ret = check->request->only_case ? try_one(check, &try) : try_from(check, &try);
	/* No more of this process's ends: its threads, and what is spoiled, go with it. */
	fflush(stdout);
	_exit(ret == -ESTALE ? CHILD_SPOILED : ret ? CHILD_FAILED : 0);
}

/* The child that stands still is killed. Return: its status; *ret_hung. */
static int await(struct check *check, pid_t pid, bool *ret_hung)
{
	const volatile struct mh_contract_place_in_time *now = &check->shared->now;
	uint64_t beat = now->beat, still = 0;
	int status = 0;

	*ret_hung = false;
	while (waitpid(pid, &status, WNOHANG) == 0) {
		mh_sleep_ns(still < 10 ? TURN_NS / 10 : TURN_NS);
		still = now->beat == beat ? still + 1 : 0;
		beat = now->beat;
		if (check->request->progress)
			check->request->progress(check->request->data, check->shared->result.cases_done,
						 check->shared->result.case_count);
		if (still < HANG_TURNS)
			continue;
		*ret_hung = true;
		(void)kill(pid, SIGKILL);
	}
	return status;
}

static void tell_death(struct check *check, int status, bool hung)
{
	struct mh_contract_finding *finding = &check->shared->result.findings[MH_CONTRACT_RETURNS];
	const struct mh_contract_place_in_time *now = &check->shared->now;
	const char *where =
		now->walking ? mh_event_kernel_names[now->event] : "its init, its exit or a thread of its own";
	struct mh_contract_case of;

	finding->exercised++;
	if (finding->broken++)
		return;
	(void)mh_contract_case_at(&check->plan, now->index, &of);
	of.alloc = now->alloc;
	mh_contract_case_name(&check->plan, &of, finding->case_name, sizeof(finding->case_name));
	if (hung)
		snprintf(finding->text, sizeof(finding->text), "in %s it did not come back for %u s", where,
			 (unsigned)((uint64_t)HANG_TURNS * TURN_NS / 1000000000u));
	else if (WIFSIGNALED(status))
		snprintf(finding->text, sizeof(finding->text), "in %s it died of %s", where,
			 strsignal(WTERMSIG(status)));
	else
		snprintf(finding->text, sizeof(finding->text),
			 "in %s the process ended with status %d: a sanitizer's report stands above", where,
			 WEXITSTATUS(status));
}

/* Behind the case that the last child ended in. */
static void advance(struct check *check)
{
	check->shared->now.alloc++;
	check->shared->now.walking = false;
}

/* Return: whether another child is to go on; *ret: 0 or -errno. */
static bool run_child(struct check *check, int *ret, struct mh_error *reterr)
{
	pid_t pid;
	bool hung;
	int status;

	fflush(stdout);
	fflush(stderr);
	pid = fork();
	if (pid < 0) {
		*ret = mh_error_set(reterr, -EAGAIN, "no process for the check: %s", strerror(errno));
		return false;
	}
	if (pid == 0)
		child(check);
	status = await(check, pid, &hung);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return false;
	if (WIFEXITED(status) && WEXITSTATUS(status) == CHILD_FAILED) {
		*ret = mh_error_set(reterr, -ENOMEM, "the check could not go on: %s",
				    check->shared->error.code ? check->shared->error.text : "no memory");
		return false;
	}
	if (!WIFEXITED(status) || WEXITSTATUS(status) != CHILD_SPOILED)
		tell_death(check, status, hung);
	advance(check);
	check->hangs += hung;
	return !check->request->only_case && check->hangs < HANGS_MAX;
}

static uint64_t count_cases(const struct check *check)
{
	struct mh_contract_case of;
	uint64_t count = 0;

	for (uint64_t index = 0; index < mh_contract_case_count(&check->plan); index++)
		count += mh_contract_case_at(&check->plan, index, &of);
	return count;
}

static int try_all(struct check *check, struct mh_error *reterr)
{
	int ret = 0;

	check->shared->result.case_count = check->request->only_case ? 1 : count_cases(check);
	for (int i = 0; i < CHILDREN_MAX; i++)
		if (!run_child(check, &ret, reterr))
			return ret;
	return 0;
}

static int prepare_check(struct check *check, struct mh_error *reterr)
{
	const char *only = check->request->only_case;

	if (!mh_machine_has_hooks())
		return mh_error_set(reterr, -EOPNOTSUPP,
				    "this program was built without hooks (MEMHP_HOOKS=OFF), and a check needs them: "
				    "use another build");
	if (!check->plan.listener_count)
		return mh_error_set(reterr, -ENODEV, "%s: registers no listener: there is no contract to check",
				    check->request->module);
	if (only && mh_contract_case_find(&check->plan, only, &check->only_index, &check->only_alloc) < 0)
		return mh_error_set(reterr, -EINVAL,
				    "there is no case '%s'; one is LISTENER/SETTING/EVENT/ANSWER/POSITION/ZONE/"
				    "REGISTRATION/alloc-N, as a BROKEN line names it",
				    only);
	return 0;
}

int mh_contract_check(const struct mh_contract_request *request, struct mh_contract_result **ret_result,
		      struct mh_error *reterr)
{
	struct check check;
	int ret = begin(&check, request, reterr);

	if (ret < 0)
		return ret;
	ret = prepare_check(&check, reterr);
	if (!ret)
		ret = try_all(&check, reterr);
	if (ret < 0) {
		mh_contract_result_free(&check.shared->result);
		return ret;
	}
	*ret_result = &check.shared->result;
	return 0;
}
