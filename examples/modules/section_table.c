// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps a record for each section of memory that is online: made in MEM_GOING_ONLINE, where it may fail; taken away in
 * MEM_OFFLINE, and in MEM_CANCEL_ONLINE when anybody refused.
 *
 * What a listener has to get right, and this one does: a failure is returned by notifier_from_errno(); what was made
 * before the failure is undone; MEM_CANCEL_ONLINE comes to all listeners, also to those that never heard
 * MEM_GOING_ONLINE and to the one that refused; MEM_OFFLINE comes for memory that was online before the module was.
 *
 * The kernel runs one memory operation at a time, so the table needs no lock. examples/bugs/raw_errno.c keeps the same
 * table and gets the first of these wrong.
 */
#define pr_fmt(fmt) "section_table: " fmt

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

static int section_table_callback(struct notifier_block *nb, unsigned long action, void *data)
{
	struct memory_notify *arg = data;
	unsigned long end_pfn = arg->start_pfn + arg->nr_pages;

	switch (action) {
	case MEM_GOING_ONLINE:
		return notifier_from_errno(add_sections(arg->start_pfn, end_pfn));
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

static struct notifier_block section_table_nb = {
	.notifier_call = section_table_callback,
	.priority = 0,
};

static int __init section_table_init(void)
{
	return register_memory_notifier(&section_table_nb);
}

static void __exit section_table_exit(void)
{
	unregister_memory_notifier(&section_table_nb);
	for (unsigned long bucket = 0; bucket < BUCKETS; bucket++) {
		while (buckets[bucket]) {
			struct section_record *record = buckets[bucket];

			buckets[bucket] = record->next;
			kfree(record);
		}
	}
	pr_info("%lu records asked for, %lu refused\n", records_made, records_refused);
}

module_init(section_table_init);
module_exit(section_table_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A record for each section that is online");
