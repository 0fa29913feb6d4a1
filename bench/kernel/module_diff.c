/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/module_diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/engine/conform_compare.h"
#include "bench/engine/contract_simulated.h"
#include "bench/kernel/module_player.h"
#include "core/module_symbol.h"

#define FUNCTION_SIZE 96

/* Everything of one comparison. */
struct diff {
	const struct mh_kernel_diff_request *request;
	struct mh_contract_result *listed;
	struct mh_contract_plan plan;
	struct mh_kernel_release release;
	struct mh_kernel_blocks blocks;
	struct mh_contract_simulated simulated;
	struct mh_text parameters; /* of the module, for the kernel */
	uint64_t only;             /* index of the case; UINT64_MAX: all */
	uint64_t playable;         /* cases */
	struct mh_kernel_diff_counts *counts;
	struct mh_error *reterr;
};

static int check_request(struct diff *diff)
{
	const struct mh_kernel_diff_request *request = diff->request;
	uint64_t alloc;

	if (!diff->plan.listener_count)
		return mh_error_set(diff->reterr, -ENODEV, "%s: registers no listener: there is nothing to compare",
				    request->contract.module);
	if (strcmp(diff->listed->compat, mh_compat_names[diff->release.compat]) != 0)
		return mh_error_set(diff->reterr, -EINVAL,
				    "%s is compiled for the protocol of %s, and this is Linux %s (%s): compile it anew "
				    "with -DMEMHP_COMPAT=%d (kernel-diff: --compat %d)",
				    request->contract.module, diff->listed->compat, diff->release.text,
				    mh_compat_names[diff->release.compat], diff->plan.protocol->module_compat,
				    diff->plan.protocol->module_compat);
	if (request->contract.only_case &&
	    mh_contract_case_find(&diff->plan, request->contract.only_case, &diff->only, &alloc) < 0)
		return mh_error_set(diff->reterr, -EINVAL, "there is no case '%s'", request->contract.only_case);
	if (mh_kernel_tree_is_real(request->tree) && geteuid() != 0)
		return mh_error_set(diff->reterr, -EPERM,
				    "--kernel needs root, to load the module and to write to this machine's memory");
	return 0;
}

static void announce(struct diff *diff)
{
	struct mh_text text = MH_TEXT_INIT;

	mh_text_add(&text,
		    "Linux %s: %s is loaded and unloaded for each case, the error injector beside it, and to be taken "
		    "offline and online, and put back:\n",
		    diff->release.text, diff->request->module);
	mh_kernel_blocks_show(&diff->blocks, &text);
	diff->request->announce(diff->request->data, text.data);
	mh_text_release(&text);
}

static unsigned compare_operation(const struct mh_play *simulated, const struct mh_play *kernel, unsigned index,
				  struct mh_text *text)
{
	static const struct mh_play_operation none;
	const struct mh_play_operation *left = index < simulated->count ? &simulated->operations[index] : &none;
	const struct mh_play_operation *right = index < kernel->count ? &kernel->operations[index] : &none;
	json_t *left_json = mh_play_operation_json(left), *right_json = mh_play_operation_json(right);
	unsigned differences = mh_conform_compare_sides(left_json, right_json, "simulated", "kernel", text);

	json_decref(left_json);
	json_decref(right_json);
	return differences;
}

/* Up to the first operation that differs: what comes after it follows from it. */
static bool compare(const struct mh_play *simulated, const struct mh_play *kernel, struct mh_text *text)
{
	const unsigned count = simulated->count > kernel->count ? simulated->count : kernel->count;
	struct mh_text rows = MH_TEXT_INIT;
	char name[64];
	unsigned differences = 0;

	for (unsigned i = 0; i < count && !differences; i++) {
		differences = compare_operation(simulated, kernel, i, &rows);
		if (!differences)
			continue;
		mh_play_operation_name(i < simulated->count ? &simulated->operations[i] : &kernel->operations[i], name,
				       sizeof(name));
		mh_text_add(text, "operation %u, %s:\n%s", i + 1, name, rows.data);
	}
	mh_text_release(&rows);
	return differences > 0;
}

static void judge(struct diff *diff, const struct mh_contract_case *of, const struct mh_play *simulated,
		  const struct mh_play *kernel)
{
	struct mh_text text = MH_TEXT_INIT;
	char name[MH_CONTRACT_CASE_SIZE];

	if (!compare(simulated, kernel, &text)) {
		diff->counts->same++;
	} else {
		diff->counts->different++;
		mh_contract_case_name(&diff->plan, of, name, sizeof(name));
		diff->request->differs(diff->request->data, name, text.data);
	}
	mh_text_release(&text);
}

static int play_both(struct diff *diff, struct mh_kernel_module_player *kernel, const struct mh_contract_case *of)
{
	const struct mh_player players[2] = {mh_contract_simulated_player(&diff->simulated),
					     mh_kernel_module_player_of(kernel)};
	static struct mh_play plays[2];
	int ret = mh_contract_play(&players[0], of, &plays[0], diff->reterr);

	if (ret == 0)
		ret = mh_contract_play(&players[1], of, &plays[1], diff->reterr);
	if (ret == 0)
		judge(diff, of, &plays[0], &plays[1]);
	return ret;
}

static bool is_asked(const struct diff *diff, uint64_t index, unsigned listener, struct mh_contract_case *ret_case)
{
	return (diff->only == UINT64_MAX || diff->only == index) && mh_contract_case_at(&diff->plan, index, ret_case) &&
	       ret_case->listener == listener;
}

static void tell_progress(const struct diff *diff)
{
	const struct mh_contract_request *contract = &diff->request->contract;

	if (contract->progress)
		contract->progress(contract->data, diff->counts->same + diff->counts->different, diff->playable);
}

static int play_listener(struct diff *diff, struct mh_kernel_module_player *kernel, unsigned listener)
{
	struct mh_contract_case of;
	int ret = 0;

	for (uint64_t index = 0; ret == 0 && index < mh_contract_case_count(&diff->plan); index++) {
		if (!is_asked(diff, index, listener, &of) || !mh_kernel_module_plays(&diff->plan, &of))
			continue;
		ret = play_both(diff, kernel, &of);
		tell_progress(diff);
	}
	return ret;
}

static void count_cases(struct diff *diff)
{
	struct mh_contract_case of;

	for (uint64_t index = 0; index < mh_contract_case_count(&diff->plan); index++) {
		if (!mh_contract_case_at(&diff->plan, index, &of) || !is_asked(diff, index, of.listener, &of))
			continue;
		if (mh_kernel_module_plays(&diff->plan, &of))
			diff->playable++;
		else
			diff->counts->skipped++;
	}
}

static int try_listener(struct diff *diff, unsigned listener)
{
	struct mh_kernel_module_player kernel = {
		.tree = diff->request->tree,
		.release = &diff->release,
		.blocks = &diff->blocks,
		.listener = &diff->plan.listeners[listener],
		.file = diff->request->module,
		.parameters = diff->parameters.data ? diff->parameters.data : "",
	};
	struct mh_error error;
	char function[FUNCTION_SIZE];
	int ret, closed;

	ret = mh_module_symbol(diff->request->contract.module, kernel.listener->callback, function, sizeof(function),
			       diff->reterr);
	if (ret == 0)
		ret = mh_kernel_module_player_open(&kernel, function, diff->reterr);
	if (ret < 0)
		return ret;
	ret = play_listener(diff, &kernel, listener);
	closed = mh_kernel_module_player_close(&kernel, ret == 0 ? diff->reterr : &error);
	return ret ? ret : closed;
}

static int try_all(struct diff *diff)
{
	int ret = mh_kernel_blocks_open(diff->request->tree, diff->request->blocks, &diff->blocks, diff->reterr);

	if (ret < 0)
		return ret;
	ret = mh_kernel_module_stage(diff->request->tree, &diff->blocks, diff->reterr);
	if (ret == 0)
		ret = mh_contract_simulated_open(&diff->simulated, &diff->plan, diff->release.compat,
						 &diff->request->contract, diff->reterr);
	if (ret == 0) {
		announce(diff);
		for (unsigned i = 0; ret == 0 && i < diff->plan.listener_count; i++)
			ret = try_listener(diff, i);
		mh_contract_simulated_close(&diff->simulated);
	}
	mh_kernel_blocks_close(diff->request->tree, &diff->blocks);
	return ret;
}

int mh_kernel_diff(const struct mh_kernel_diff_request *request, struct mh_kernel_diff_counts *ret_counts,
		   struct mh_error *reterr)
{
	struct diff diff = {.request = request,
			    .only = UINT64_MAX,
			    .counts = ret_counts,
			    .reterr = reterr,
			    .parameters = MH_TEXT_INIT};
	int ret = mh_kernel_release_read(request->tree, &diff.release, reterr);

	*ret_counts = (struct mh_kernel_diff_counts){0};
	if (ret == 0)
		ret = mh_contract_list(&request->contract, &diff.listed, reterr);
	if (ret < 0)
		return ret;
	diff.plan = (struct mh_contract_plan){diff.listed->listeners, diff.listed->listener_count,
					      mh_protocol_of(diff.release.compat)};
	for (size_t i = 0; i < request->contract.argument_count; i++)
		mh_text_add(&diff.parameters, "%s%s", i ? " " : "", request->contract.arguments[i]);
	ret = check_request(&diff);
	if (ret == 0) {
		count_cases(&diff);
		ret = try_all(&diff);
	}
	mh_text_release(&diff.parameters);
	mh_contract_result_free(diff.listed);
	return ret;
}
