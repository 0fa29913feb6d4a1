/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The product of a row's arguments and threads, and the names of what comes out. */
#include "bench/micro/instance.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "bench/micro/arg.h"
#include "bench/micro/bench_check.h"
#include "bench/micro/bench_list.h"

/* The order of the parts is Google Benchmark's, which scripts rely upon. Source: its BenchmarkName::str(). */
static void add_modifiers(const struct memhp_bench *bench, struct mh_text *name)
{
	if (bench->min_time_s > 0)
		mh_text_add(name, "/min_time:%0.3f", bench->min_time_s);
	if (bench->warm_up_s > 0)
		mh_text_add(name, "/min_warmup_time:%0.3f", bench->warm_up_s);
	if (bench->iterations)
		mh_text_add(name, "/iterations:%" PRIu64, bench->iterations);
	if (bench->repetitions)
		mh_text_add(name, "/repeats:%u", bench->repetitions);
	if (bench->manual_time)
		mh_text_add(name, "/manual_time");
	else if (bench->real_time)
		mh_text_add(name, "/real_time");
}

static char *make_name(const struct mh_instance *instance)
{
	const struct memhp_bench *bench = instance->bench;
	struct mh_text name = MH_TEXT_INIT;

	mh_text_add(&name, "%s", bench->name);
	for (unsigned i = 0; i < instance->arg_count; i++)
		if (bench->args[i].name)
			mh_text_add(&name, "/%s:%" PRIi64, bench->args[i].name, instance->args[i]);
		else
			mh_text_add(&name, "/%" PRIi64, instance->args[i]);
	add_modifiers(bench, &name);
	if (bench->threads_max)
		mh_text_add(&name, "/threads:%u", instance->threads);
	if (!name.failed)
		return name.data;
	mh_text_release(&name);
	return NULL;
}

const struct mh_instance *mh_instances_find(const struct mh_instances *instances, const char *name)
{
	for (size_t i = 0; i < instances->count; i++)
		if (strcmp(instances->items[i].name, name) == 0)
			return &instances->items[i];
	return NULL;
}

/* @instance is copied and named. */
static int add_instance(struct mh_instances *instances, struct mh_instance instance, struct mh_error *reterr)
{
	struct mh_instance *items;

	if (instances->count == MH_INSTANCES_MAX)
		return mh_error_set(reterr, -E2BIG, "more than %d instances", MH_INSTANCES_MAX);
	instance.name = make_name(&instance);
	items = instance.name ? realloc(instances->items, (instances->count + 1) * sizeof(*items)) : NULL;
	if (!items) {
		free(instance.name);
		return mh_error_set(reterr, -ENOMEM, "no memory for its instances");
	}
	instances->items = items;
	if (mh_instances_find(instances, instance.name)) {
		mh_error_set(reterr, -EINVAL, "there are two instances '%s'", instance.name);
		free(instance.name);
		return -EINVAL;
	}
	items[instances->count++] = instance;
	return 0;
}

static int add_threads(struct mh_instances *instances, struct mh_instance *instance, struct mh_error *reterr)
{
	const struct memhp_bench *bench = instance->bench;
	const unsigned least = bench->threads_min ? bench->threads_min : 1;
	const unsigned most = bench->threads_max ? bench->threads_max : 1;
	int64_t threads;
	int ret = 0;

	for (size_t i = 0; ret == 0 && mh_range_value(least, most, 2, i, &threads); i++) {
		instance->threads = (unsigned)threads;
		ret = add_instance(instances, *instance, reterr);
		instance->family_index++;
	}
	return ret;
}

/* All combinations of the arguments from @instance->arg_count on. */
static int add_args(struct mh_instances *instances, struct mh_instance *instance, struct mh_error *reterr)
{
	const unsigned depth = instance->arg_count;
	const struct memhp_bench_arg *arg = &instance->bench->args[depth];
	int ret = 0;

	if (depth == MEMHP_BENCH_ARGS_MAX || arg->kind == MEMHP_BENCH_ARG_NONE)
		return add_threads(instances, instance, reterr);
	for (size_t i = 0; ret == 0 && mh_arg_value(arg, i, &instance->args[depth]); i++) {
		instance->arg_count = depth + 1;
		ret = add_args(instances, instance, reterr);
	}
	instance->arg_count = depth;
	return ret;
}

int mh_instances_add(struct mh_instances *instances, const struct memhp_bench *table, const char *place,
		     struct mh_error *reterr)
{
	struct mh_error error;
	int ret = 0;

	for (; ret == 0 && table->name; table++) {
		struct mh_instance instance = {.bench = table, .family = instances->family_count};

		ret = mh_bench_check(table, place, reterr);
		if (ret < 0)
			return ret;
		ret = add_args(instances, &instance, &error);
		if (ret < 0)
			return mh_error_set(reterr, ret, "%s: benchmark '%s': %s", place, table->name, error.text);
		instances->family_count++;
	}
	return ret;
}

int mh_instances_add_built_in(struct mh_instances *instances, struct mh_error *reterr)
{
#define TABLE(noun) mh_benches_##noun,
	static const struct memhp_bench *const tables[] = {MH_BENCH_LIST(TABLE)};
#undef TABLE
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < sizeof(tables) / sizeof(tables[0]); i++)
		ret = mh_instances_add(instances, tables[i], "built-in table", reterr);
	return ret;
}

void mh_instances_release(struct mh_instances *instances)
{
	for (size_t i = 0; i < instances->count; i++)
		free(instances->items[i].name);
	free(instances->items);
	*instances = (struct mh_instances){0};
}
