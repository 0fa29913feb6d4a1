/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/engine/contract_simulated.h"

#include <errno.h>
#include <string.h>

#include "bench/engine/contract_try.h"
#include "core/kapi_time.h"
#include "core/kapi_work.h"

/* Its own sleeps are no part of what is compared. */
#define TIME_SCALE 0.001

/* Before each walk: its argument, which a listener may change. */
static int keep_argument(void *data, const struct mh_hook_site *site, int times)
{
	struct mh_contract_simulated *simulated = data;

	if (site->arg)
		simulated->arguments[site->event] = *site->arg;
	return times;
}

int mh_contract_simulated_open(struct mh_contract_simulated *simulated, const struct mh_contract_plan *plan,
			       enum mh_compat compat, const struct mh_contract_request *request,
			       struct mh_error *reterr)
{
	int ret;

	if (!mh_machine_has_hooks())
		return mh_error_set(reterr, -EOPNOTSUPP,
				    "this program was built without hooks (MEMHP_HOOKS=OFF), by which calls are seen: "
				    "use another build");
	memset(simulated, 0, sizeof(*simulated));
	ret = mh_contract_world_open(&simulated->world, compat, reterr);
	if (ret < 0)
		return ret;
	simulated->plan = plan;
	simulated->load = (struct mh_module_request){request->module, request->arguments, request->argument_count};
	simulated->hook = (struct mh_hook){.run = keep_argument, .data = simulated};
	mh_machine_hook(simulated->world.machine, MH_HOOK_EVENT, &simulated->hook);
	mh_kapi_time_scale(TIME_SCALE);
	return 0;
}

void mh_contract_simulated_close(struct mh_contract_simulated *simulated)
{
	mh_contract_world_close(&simulated->world);
}

static int begin(void *data, const struct mh_contract_case *of, struct mh_error *reterr)
{
	struct mh_contract_simulated *simulated = data;
	int ret = mh_contract_world_surround(&simulated->world, of, &simulated->plan->listeners[of->listener]);

	if (ret < 0)
		return mh_error_set(reterr, ret, "the case's neighbours cannot be registered: %s", strerror(-ret));
	ret = mh_module_load_with(simulated->world.machine, &simulated->load, &simulated->module, reterr);
	if (ret < 0)
		simulated->module = NULL;
	else
		(void)mh_kapi_quiesce(); /* what registers may be a work that its init starts */
	return ret;
}

/* Names change with the address of a block that is allocated at each load. */
static bool is_wanted(const struct mh_contract_simulated *simulated, const struct mh_contract_case *of,
		      const struct mh_listener *listener)
{
	return mh_contract_callback(listener) == simulated->plan->listeners[of->listener].callback;
}

static int nid_of(const struct mh_contract_simulated *simulated, int nid)
{
	if (nid < 0)
		return MH_PLAY_NID_NONE;
	return nid == mh_machine_nid(simulated->world.machine, 1) ? 0 : MH_PLAY_NID_OTHER;
}

static void take_call(struct mh_contract_simulated *simulated, const struct mh_stamp *stamp,
		      struct mh_play_operation *operation)
{
	const struct memory_notify *argument = &simulated->arguments[stamp->event];
	uint64_t begin;
	uint32_t first;

	if (operation->call_count == MH_PLAY_CALLS_MAX)
		return;
	(void)mh_machine_node_blocks(simulated->world.machine, 1, &first);
	begin = (uint64_t)first * mh_machine_pages_per_block(simulated->world.machine);
	operation->calls[operation->call_count++] = (struct mh_play_call){
		.event = (enum mh_event)stamp->event,
		.first_page = (int64_t)(argument->start_pfn - begin),
		.nr_pages = argument->nr_pages,
		.nid_normal = nid_of(simulated, argument->status_change_nid_normal),
		.nid = nid_of(simulated, argument->status_change_nid),
		.value = stamp->value,
	};
}

static int operate(void *data, const struct mh_contract_case *of, bool forced, struct mh_play_operation *operation,
		   struct mh_error *reterr)
{
	struct mh_contract_simulated *simulated = data;
	struct mh_contract_world *world = &simulated->world;

	(void)reterr;
	mh_contract_world_arm(world, of, forced);
	operation->error = mh_contract_world_operate(world, operation->block, operation->online, operation->movable);
	(void)mh_kapi_quiesce();
	mh_contract_world_arm(world, of, false);
	operation->is_online = mh_contract_world_is_online(world, operation->block);
	for (uint32_t i = 0; i < world->trace.count; i++) {
		const struct mh_stamp *stamp = &world->trace.stamps[i];

		if (stamp->kind == MH_STAMP_CALLED &&
		    is_wanted(simulated, of,
			      mh_machine_listener(world->machine, (enum mh_event)stamp->event, stamp->listener)))
			take_call(simulated, stamp, operation);
	}
	return 0;
}

static int end(void *data, struct mh_error *reterr)
{
	struct mh_contract_simulated *simulated = data;
	int ret = 0, restored;

	mh_contract_world_clear(&simulated->world);
	if (simulated->module)
		ret = mh_module_unload(simulated->module, reterr);
	simulated->module = NULL;
	restored = mh_contract_world_restore(&simulated->world);
	if (ret == 0 && restored < 0)
		ret = mh_error_set(reterr, restored, "the simulated node cannot be taken offline again: %s",
				   strerror(-restored));
	return ret;
}

struct mh_player mh_contract_simulated_player(struct mh_contract_simulated *simulated)
{
	return (struct mh_player){.begin = begin, .operate = operate, .end = end, .data = simulated};
}
