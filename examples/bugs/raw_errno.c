// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A bug: keeps a record for each section of memory that is online, and when there is no memory for one it says
 * "return -ENOMEM". The kernel decodes that number to success, with the bit set that stops the walk: the block goes
 * online without its record, and the listeners below never hear of it.
 *
 * The fix is one line, notifier_from_errno(): examples/modules/section_table.c is this file with it.
 */
#define pr_fmt(fmt) "raw_errno: " fmt

#include <linux/errno.h>
#include <linux/memory.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>

#define BUCKETS        (1ul << 10)
#define FAILURE_PERIOD 1000 /* every so many records the budget is exhausted */

struct section_record {
	struct section_record *next;
	unsigned long start_pfn;
	unsigned long times_online;
};

static struct section_record *buckets[BUCKETS];
static unsigned long records_made;
static unsigned long records_refused;

/* The link that points at the record of @pfn, or the end of its bucket. Blocks are never smaller than 16 MiB. */
static struct section_record **find_link(unsigned long pfn)
{
	struct section_record **link = &buckets[PFN_PHYS(pfn) / (16ul << 20) % BUCKETS];

	while (*link && (*link)->start_pfn != pfn)
		link = &(*link)->next;
	return link;
}

/* Memory for one record, or NULL: now and then there is none, as kzalloc() fails on a machine that needs more memory.
 */
static struct section_record *alloc_record(void)
{
	if (++records_made % FAILURE_PERIOD == 0) {
		records_refused++;
		return NULL;
	}
	return kzalloc(sizeof(struct section_record), GFP_KERNEL);
}

static void remove_sections(unsigned long start_pfn, unsigned long end_pfn)
{
	for (unsigned long pfn = start_pfn; pfn < end_pfn; pfn += PAGES_PER_SECTION) {
		struct section_record **link = find_link(pfn);
		struct section_record *record = *link;

		if (!record)
			continue;
		*link = record->next;
		kfree(record);
	}
}

static int add_section(unsigned long pfn)
{
	struct section_record **link = find_link(pfn);

	if (*link) /* still there: a listener above us stopped the MEM_OFFLINE that we should have heard */
		return 0;
	*link = alloc_record();
	if (!*link)
		return -ENOMEM;
	(*link)->start_pfn = pfn;
	return 0;
}

static int add_sections(unsigned long start_pfn, unsigned long end_pfn)
{
	for (unsigned long pfn = start_pfn; pfn < end_pfn; pfn += PAGES_PER_SECTION) {
		int err = add_section(pfn);

		if (err) {
			remove_sections(start_pfn, pfn);
			return err;
		}
	}
	return 0;
}

static void count_online(unsigned long start_pfn, unsigned long end_pfn)
{
	for (unsigned long pfn = start_pfn; pfn < end_pfn; pfn += PAGES_PER_SECTION) {
		struct section_record *record = *find_link(pfn);

		if (record) /* none when a listener above us stopped MEM_GOING_ONLINE */
			record->times_online++;
	}
}

static int raw_errno_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	unsigned long end_pfn = arg->start_pfn + arg->nr_pages;
	int err;

	switch (action) {
	case MEM_GOING_ONLINE:
		err = add_sections(arg->start_pfn, end_pfn);
		if (err)
			return err; /* the bug */
		break;
	case MEM_ONLINE:
		count_online(arg->start_pfn, end_pfn);
		break;
	case MEM_CANCEL_ONLINE:
	case MEM_OFFLINE:
		remove_sections(arg->start_pfn, end_pfn);
		break;
	}
	return NOTIFY_OK;
}

static struct notifier_block raw_errno_nb = {
	.notifier_call = raw_errno_callback,
	.priority = 0,
};

static int __init raw_errno_init(void)
{
	return register_memory_notifier(&raw_errno_nb);
}

static void __exit raw_errno_exit(void)
{
	unregister_memory_notifier(&raw_errno_nb);
	for (unsigned long bucket = 0; bucket < BUCKETS; bucket++) {
		while (buckets[bucket]) {
			struct section_record *record = buckets[bucket];

			buckets[bucket] = record->next;
			kfree(record);
		}
	}
	pr_info("%lu records asked for, %lu refused\n", records_made, records_refused);
}

module_init(raw_errno_init);
module_exit(raw_errno_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A record for each section that is online");
