// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bug: answers every event with the stop bit set, also when all is well. Once the kernel's slab allocator did this by
 * way of a helper that encoded 0 as "stop, and success". Whoever stands below in the chain never hears that memory
 * came or went, and nothing fails.
 *
 * The fix is stop_bit_fixed.c: notifier_from_errno() knows that 0 is no reason to stop.
 */
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>

static unsigned long caches_per_node;

/* An errno as an answer, but for 0, which must be NOTIFY_OK. */
static int encode(int err)
{
	return NOTIFY_STOP_MASK | (NOTIFY_OK - err);
}

static int prepare_node(int nid)
{
	if (nid < 0) /* the node has memory already, and its caches */
		return 0;
	caches_per_node++;
	return 0;
}

static int stop_bit_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;

	if (action == MEM_GOING_ONLINE)
		return encode(prepare_node(arg->status_change_nid_normal));
	return encode(0);
}

static struct notifier_block stop_bit_nb = {
	.notifier_call = stop_bit_callback,
	.priority = SLAB_CALLBACK_PRI,
};

static int __init stop_bit_init(void)
{
	return register_memory_notifier(&stop_bit_nb);
}

static void __exit stop_bit_exit(void)
{
	unregister_memory_notifier(&stop_bit_nb);
}

module_init(stop_bit_init);
module_exit(stop_bit_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Hides every event from the listeners below");
