/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "bench/kernel/recording.h"

#include <errno.h>
#include <stdio.h>

enum { SERVICE, RESPONSE, ONLINE, OFFLINE, WALK };

static void name_of(unsigned series, char *ret_name, size_t size)
{
	static const char *const names[MH_KERNEL_SERIES_WALKS] = {"service", "response", "online", "offline", "walk"};

	if (series < MH_KERNEL_SERIES_WALKS)
		snprintf(ret_name, size, "%s", names[series]);
	else
		snprintf(ret_name, size, "walk.%s", mh_event_names[series - MH_KERNEL_SERIES_WALKS]);
}

static bool is_wanted(const struct mh_scenario_record *record, const char *name)
{
	for (size_t i = 0; i < record->series.count; i++)
		if (mh_glob_match(record->series.items[i], name))
			return true;
	return false;
}

int mh_kernel_recording_init(struct mh_kernel_recording *recording, const struct mh_scenario_record *record)
{
	const struct mh_histogram_layout layout = {1, record->highest_ns, (unsigned)record->digits};

	*recording = (struct mh_kernel_recording){.wanted = {false}};
	for (unsigned i = 0; i < MH_KERNEL_SERIES; i++) {
		char name[64];
		int ret = mh_histogram_init(&recording->items[i], &layout);

		if (ret < 0)
			return ret;
		name_of(i, name, sizeof(name));
		recording->wanted[i] = is_wanted(record, name);
	}
	return 0;
}

void mh_kernel_recording_release(struct mh_kernel_recording *recording)
{
	for (unsigned i = 0; i < MH_KERNEL_SERIES; i++)
		mh_histogram_release(&recording->items[i]);
}

void mh_kernel_recording_clear(struct mh_kernel_recording *recording)
{
	for (unsigned i = 0; i < MH_KERNEL_SERIES; i++)
		mh_histogram_clear(&recording->items[i]);
}

static void record(struct mh_kernel_recording *recording, unsigned series, uint64_t value_ns)
{
	if (recording->wanted[series])
		mh_histogram_record(&recording->items[series], value_ns);
}

void mh_kernel_recording_add(struct mh_kernel_recording *recording, const struct mh_kernel_operation *operation)
{
	const uint64_t write_ns = operation->write.end_ns - operation->write.begin_ns;

	record(recording, SERVICE, write_ns);
	record(recording, RESPONSE, write_ns);
	if (operation->write.error == 0)
		record(recording, operation->online ? ONLINE : OFFLINE, write_ns);
	for (unsigned i = 0; operation->walks_known && i < operation->walk_count; i++) {
		const struct mh_kernel_walk *walk = &operation->walks[i];

		if (!walk->returned)
			continue;
		record(recording, WALK, walk->end_ns - walk->begin_ns);
		record(recording, MH_KERNEL_SERIES_WALKS + walk->event, walk->end_ns - walk->begin_ns);
	}
}

void mh_kernel_recording_report(const struct mh_kernel_recording *recording, const char *phase, uint64_t begin_ns,
				uint64_t end_ns, struct mh_result *result, struct mh_hlog *hlog)
{
	struct mh_error error;

	/* The format wants an untagged line first. */
	if (hlog->stream.file)
		(void)mh_hlog_add(hlog, NULL, begin_ns, end_ns, &recording->items[RESPONSE], &error);
	for (unsigned i = 0; i < MH_KERNEL_SERIES; i++) {
		char name[64], tag[MH_TAG_MAX + 1];

		if (!recording->items[i].count)
			continue;
		name_of(i, name, sizeof(name));
		snprintf(tag, sizeof(tag), "%s/%s", phase, name);
		(void)mh_result_add_series(result, tag, &recording->items[i]);
		if (hlog->stream.file)
			(void)mh_hlog_add(hlog, tag, begin_ns, end_ns, &recording->items[i], &error);
	}
	if (hlog->stream.file)
		(void)mh_hlog_flush(hlog, &error);
}
