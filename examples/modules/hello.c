// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The smallest listener: counts the memory events that it hears and says the sum when it leaves.
 */
#define pr_fmt(fmt) "hello: " fmt

#include <linux/atomic.h>
#include <linux/memory.h>
#include <linux/module.h>

static atomic64_t events_heard;

static int hello_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	atomic64_inc(&events_heard);
	return NOTIFY_OK;
}

static struct notifier_block hello_nb = {
	.notifier_call = hello_callback,
	.priority = 0,
};

static int __init hello_init(void)
{
	pr_info("listening\n");
	return register_memory_notifier(&hello_nb);
}

static void __exit hello_exit(void)
{
	unregister_memory_notifier(&hello_nb);
	pr_info("heard %lld events\n", (long long)atomic64_read(&events_heard));
}

module_init(hello_init);
module_exit(hello_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counts memory hotplug events");
