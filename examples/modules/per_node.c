// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps a structure for each node that has memory: made when the node is about to get its first memory of a kernel
 * zone, taken away when it has lost its last.
 *
 * What such a listener has to get right: status_change_nid_normal is -1 for every block but the first and the last, so
 * most events are none of its business; MEM_CANCEL_ONLINE must free what this operation made and nothing that stood
 * before; and a node may have had memory before the module came.
 */
#define pr_fmt(fmt) "per_node: " fmt

#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/nodemask.h>
#include <linux/slab.h>

struct node_cache {
	unsigned long objects;
	int nid;
};

static struct node_cache *caches[MAX_NUMNODES];
static int made_for = NUMA_NO_NODE; /* the node whose structure the operation that runs has made */

static int add_node(int nid)
{
	if (nid < 0 || caches[nid])
		return 0;
	caches[nid] = kzalloc_node(sizeof(*caches[nid]), GFP_KERNEL, nid);
	if (!caches[nid])
		return -ENOMEM;
	caches[nid]->nid = nid;
	made_for = nid;
	return 0;
}

static void remove_node(int nid)
{
	if (nid < 0)
		return;
	kfree(caches[nid]);
	caches[nid] = NULL;
}

static int per_node_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	int err = 0;

	switch (action) {
	case MEM_GOING_ONLINE:
		made_for = NUMA_NO_NODE;
		err = add_node(arg->status_change_nid_normal);
		break;
	case MEM_CANCEL_ONLINE:
		/* Not the node of the argument: who never heard MEM_GOING_ONLINE has made nothing. */
		remove_node(made_for);
		made_for = NUMA_NO_NODE;
		break;
	case MEM_ONLINE:
		made_for = NUMA_NO_NODE;
		break;
	case MEM_OFFLINE:
		remove_node(arg->status_change_nid_normal);
		break;
	}
	return notifier_from_errno(err);
}

static struct notifier_block per_node_nb = {
	.notifier_call = per_node_callback,
	.priority = SLAB_CALLBACK_PRI,
};

static int __init per_node_init(void)
{
	return register_memory_notifier(&per_node_nb);
}

static void __exit per_node_exit(void)
{
	int nid;

	unregister_memory_notifier(&per_node_nb);
	for (nid = 0; nid < MAX_NUMNODES; nid++)
		kfree(caches[nid]);
}

module_init(per_node_init);
module_exit(per_node_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A structure for each node that has memory");
