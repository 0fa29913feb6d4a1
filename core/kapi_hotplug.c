/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * get_online_mems() and its kin. The kernel's memory hotplug lock is held for writing during an operation's walks, so a
 * callback that wants it for reading waits for itself: told here, and not waited for.
 *
 * Unlike the kernel's, readers exclude each other (core/hotplug_reader.h), so what they saw needs one place only.
 */
#include <memhp/kapi_hotplug.h>

#include "core/hotplug_reader.h"
#include "core/kapi.h"
#include "core/kapi_count.h"
#include "core/kapi_report.h"
#include "core/kapi_sleep.h"
#include "core/kapi_thread.h"
#include "core/machine_private.h"

#define LOCK_NAME "mem_hotplug_lock"

static struct memhp_lock cpus_lock;
/* By node; each guarded by the lock that its reader has. */
static struct mh_hotplug_reader readers[MH_TOPOLOGY_NODES_MAX];

struct memhp_lock *memhp_cpus_lock(void)
{
	return &cpus_lock;
}

/* Locks of operations: one for all, or one a node. */
static unsigned lock_count(const struct mh_machine *machine)
{
	return machine->config.hotplug_lock == MH_HOTPLUG_LOCK_NODE ? machine->node_count : 1;
}

void memhp_mems_get(const char *where)
{
	struct mh_machine *machine = mh_kapi_machine();
	struct mh_kapi_held held = {
		.object = readers, .name = LOCK_NAME, .where = where, .kind = MH_KAPI_RWSEM, .read = true, .depth = 1};
	bool nested = mh_kapi_held_find(mh_kapi_self(), readers, MH_KAPI_RWSEM) != NULL;

	mh_kapi_count(MH_KAPI_CALL_GET_ONLINE_MEMS);
	mh_kapi_might_sleep(where);
	if (mh_operation_current) {
		mh_kapi_report(
			MH_KAPI_RULE_LOCK,
			"get_online_mems() at %s inside of a memory operation, which holds the lock for writing: the "
			"kernel would hang",
			where);
		return;
	}
	for (unsigned node = 0; machine && !nested && node < lock_count(machine); node++)
		mh_hotplug_read_lock(machine, node, &readers[node]);
	mh_kapi_held_enter(mh_kapi_self(), &held);
}

void memhp_mems_put(const char *where)
{
	struct mh_machine *machine = mh_kapi_machine();

	if (mh_operation_current)
		return; /* its get was reported */
	if (!mh_kapi_held_leave(mh_kapi_self(), readers, MH_KAPI_RWSEM)) {
		mh_kapi_report(MH_KAPI_RULE_LOCK, "put_online_mems() at %s without its get_online_mems()", where);
		return;
	}
	if (mh_kapi_held_find(mh_kapi_self(), readers, MH_KAPI_RWSEM))
		return;
	for (unsigned node = machine ? lock_count(machine) : 0; node > 0; node--)
		mh_hotplug_read_unlock(machine, &readers[node - 1]);
}
