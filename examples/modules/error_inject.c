// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's own injector for memory events, in our words: refuses MEM_GOING_ONLINE and MEM_GOING_OFFLINE with an
 * errno each. The kernel takes the errnos through debugfs; here they are parameters:
 *
 *   memhp-bench run s.yaml --module "error_inject.so offline_error=-12"
 *
 * A scenario's notifier-errno does all of this and more (rates, bursts, single blocks); this is for comparing with it.
 */
#define pr_fmt(fmt) "error_inject: " fmt

#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/printk.h>

#define ERRNO_MAX 4095 /* as the kernel: errnos are -4095 to 0, and 0 refuses nothing */

static int priority;
module_param(priority, int, 0);
MODULE_PARM_DESC(priority, "of the listener; fixed at load");

static int online_error;
module_param(online_error, int, 0);
MODULE_PARM_DESC(online_error, "errno for MEM_GOING_ONLINE, 0 or negative");

static int offline_error;
module_param(offline_error, int, 0);
MODULE_PARM_DESC(offline_error, "errno for MEM_GOING_OFFLINE, 0 or negative");

static int error_for(unsigned long action)
{
	switch (action) {
	case MEM_GOING_ONLINE:
		return online_error;
	case MEM_GOING_OFFLINE:
		return offline_error;
	default:
		return 0;
	}
}

static int error_inject_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	int err = error_for(action);

	if (err)
		pr_info("injecting %d into event %lu\n", err, action);
	return notifier_from_errno(err);
}

static struct notifier_block error_inject_nb = {
	.notifier_call = error_inject_callback,
};

static bool is_errno(int value)
{
	return value <= 0 && value >= -ERRNO_MAX;
}

static int __init error_inject_init(void)
{
	if (!is_errno(online_error) || !is_errno(offline_error))
		return -EINVAL;
	error_inject_nb.priority = priority;
	return register_memory_notifier(&error_inject_nb);
}

static void __exit error_inject_exit(void)
{
	unregister_memory_notifier(&error_inject_nb);
}

module_init(error_inject_init);
module_exit(error_inject_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Refuses memory events with a chosen errno");
