// SPDX-License-Identifier: GPL-2.0-or-later
/* stop_bit.c without its bug: 0 is NOTIFY_OK, and the walk goes on. */
#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>

static unsigned long caches_per_node;

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
		return notifier_from_errno(prepare_node(arg->status_change_nid_normal));
	return NOTIFY_OK;
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
MODULE_DESCRIPTION("Lets every event through");
