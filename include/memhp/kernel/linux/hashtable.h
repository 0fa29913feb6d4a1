/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hash tables of a fixed size: an array of hash lists. */
#ifndef MEMHP_LINUX_HASHTABLE_H
#define MEMHP_LINUX_HASHTABLE_H

#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/list.h>

#define DECLARE_HASHTABLE(name, bits) struct hlist_head name[1 << (bits)]
#define DEFINE_HASHTABLE(name, bits)                                                                                   \
	struct hlist_head name[1 << (bits)] = {[0 ...((1 << (bits)) - 1)] = HLIST_HEAD_INIT}

#define HASH_SIZE(name)       ARRAY_SIZE(name)
#define HASH_BITS(name)       ilog2(HASH_SIZE(name))
#define hash_min(value, bits) (sizeof(value) <= 4 ? hash_32((u32)(value), bits) : hash_long((u64)(value), bits))

static inline void memhp_hash_init(struct hlist_head *table, size_t size)
{
	for (size_t i = 0; i < size; i++)
		INIT_HLIST_HEAD(&table[i]);
}

static inline bool memhp_hash_empty(const struct hlist_head *table, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!hlist_empty(&table[i]))
			return false;
	return true;
}

static inline bool hash_hashed(const struct hlist_node *node)
{
	return !hlist_unhashed(node);
}

#define hash_init(table)           memhp_hash_init(table, HASH_SIZE(table))
#define hash_empty(table)          memhp_hash_empty(table, HASH_SIZE(table))
#define hash_add(table, node, key) hlist_add_head(node, &(table)[hash_min(key, HASH_BITS(table))])
#define hash_del(node)             hlist_del_init(node)

#define hash_for_each(table, bucket, object, member)                                                                   \
	for ((bucket) = 0, (object) = NULL; !(object) && (bucket) < (int)HASH_SIZE(table); (bucket)++)                 \
	hlist_for_each_entry(object, &(table)[bucket], member)
#define hash_for_each_safe(table, bucket, after, object, member)                                                       \
	for ((bucket) = 0, (object) = NULL; !(object) && (bucket) < (int)HASH_SIZE(table); (bucket)++)                 \
	hlist_for_each_entry_safe(object, after, &(table)[bucket], member)
#define hash_for_each_possible(table, object, member, key)                                                             \
	hlist_for_each_entry(object, &(table)[hash_min(key, HASH_BITS(table))], member)
#define hash_for_each_possible_safe(table, object, after, member, key)                                                 \
	hlist_for_each_entry_safe(object, after, &(table)[hash_min(key, HASH_BITS(table))], member)

#endif
