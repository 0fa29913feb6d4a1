// SPDX-License-Identifier: GPL-2.0-or-later
/* never_undone.c without its bug: MEM_CANCEL_ONLINE undoes what MEM_GOING_ONLINE did. */
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/module.h>
#include <linux/slab.h>

struct extent {
	struct list_head link;
	unsigned long start_pfn;
};

static LIST_HEAD(extents);

static int add_extent(unsigned long start_pfn)
{
	struct extent *extent = kzalloc(sizeof(*extent), GFP_KERNEL);

	if (!extent)
		return -ENOMEM;
	extent->start_pfn = start_pfn;
	list_add(&extent->link, &extents);
	return 0;
}

static void remove_extent(unsigned long start_pfn)
{
	struct extent *extent, *next;

	list_for_each_entry_safe(extent, next, &extents, link)
	{
		if (extent->start_pfn != start_pfn)
			continue;
		list_del(&extent->link);
		kfree(extent);
		return;
	}
}

static int never_undone_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;

	switch (action) {
	case MEM_GOING_ONLINE:
		return notifier_from_errno(add_extent(arg->start_pfn));
	case MEM_CANCEL_ONLINE: /* also for those that never heard MEM_GOING_ONLINE: there is nothing to remove */
	case MEM_OFFLINE:
		remove_extent(arg->start_pfn);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block never_undone_nb = {
	.notifier_call = never_undone_callback,
};

static int __init never_undone_init(void)
{
	return register_memory_notifier(&never_undone_nb);
}

static void __exit never_undone_exit(void)
{
	struct extent *extent, *next;

	unregister_memory_notifier(&never_undone_nb);
	list_for_each_entry_safe(extent, next, &extents, link) kfree(extent);
}

module_init(never_undone_init);
module_exit(never_undone_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Leaves no memory behind");
