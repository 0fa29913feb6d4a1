/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sections `record`, `verify` and `limits`: what is kept of a run, what is checked, and when it is not valid. */
#include "bench/engine/section.h"

#include "base/units.h"

#include <errno.h>
#include <string.h>

#define RECORD_AT(field) offsetof(struct mh_scenario_record, field)
#define VERIFY_AT(field) offsetof(struct mh_scenario_verify, field)
#define LIMITS_AT(field) offsetof(struct mh_scenario_limits, field)

#define HISTORY_EVENTS_MAX (UINT64_C(1) << 30)

static const struct mh_schema_row record_rows[] = {
	{.key = "digits",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = RECORD_AT(digits),
	 .default_text = "3",
	 .min = "1",
	 .max = "5",
	 .help = "significant digits of the histograms"},
	{.key = "listener_digits",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = RECORD_AT(listener_digits),
	 .default_text = "2",
	 .min = "1",
	 .max = "5",
	 .help = "significant digits of the histograms of single listeners"},
	{.key = "highest",
	 .type = MH_VALUE_DURATION,
	 .offset = RECORD_AT(highest_ns),
	 .default_text = "1h",
	 .min = "1ms",
	 .max = "24h",
	 .help = "longest time that a histogram can hold; longer ones are counted as overflow"},
	{.key = "interval",
	 .type = MH_VALUE_DURATION,
	 .offset = RECORD_AT(interval_ns),
	 .default_text = "1s",
	 .min = "10ms",
	 .max = "1h",
	 .help = "length of an interval of run.hlog"},
	{.key = "series",
	 .type = MH_VALUE_STRING_LIST,
	 .offset = RECORD_AT(series),
	 .default_text = "[service, wait, response, online, offline, walk, \"cb.*\", lock, grace]",
	 .help = "globs over the names of series that are recorded"},
	{.key = "stamps",
	 .type = MH_VALUE_ENUM,
	 .offset = RECORD_AT(stamps),
	 .default_text = "event",
	 .values = "none|op|event|pair",
	 .help = "what is timed: none nothing, op operations, event their steps by one stamp each, pair listeners by "
		 "two"},
	{.key = "sample",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = RECORD_AT(sample),
	 .default_text = "1",
	 .min = "1",
	 .max = "1000000",
	 .help = "one operation in so many is timed; all are checked and counted"},
	{.key = "clock",
	 .type = MH_VALUE_ENUM,
	 .offset = RECORD_AT(clock),
	 .default_text = "tsc",
	 .values = "tsc|monotonic",
	 .help = "tsc falls back to monotonic where it cannot be trusted, and says so"},
	{.key = "exemplars",
	 .type = MH_VALUE_UNSIGNED,
	 .offset = RECORD_AT(exemplars),
	 .default_text = "32",
	 .max = "1024",
	 .help = "the slowest operations that are kept, with their stamps"},
	{.key = "hw",
	 .type = MH_VALUE_BOOL,
	 .offset = RECORD_AT(hw),
	 .default_text = "false",
	 .help = "count instructions, cycles, cache and branch misses of each worker, where the host can"},
};

const struct mh_schema mh_record_schema = {
	.name = "record",
	.rows = record_rows,
	.count = sizeof(record_rows) / sizeof(record_rows[0]),
	.size = sizeof(struct mh_scenario_record),
};

static const struct mh_schema_row verify_rows[] = {
	{.key = "level",
	 .type = MH_VALUE_ENUM,
	 .offset = VERIFY_AT(level),
	 .default_text = "fast",
	 .values = "fast|full|off",
	 .help = "which invariants are checked; off cannot be gated"},
	{.key = "deadline",
	 .type = MH_VALUE_DURATION,
	 .offset = VERIFY_AT(deadline_ns),
	 .default_text = "5s",
	 .min = "1ms",
	 .max = "1h",
	 .help = "an older operation gets a simulated signal: -EINTR and CANCEL"},
	{.key = "converge_within",
	 .type = MH_VALUE_DURATION,
	 .offset = VERIFY_AT(converge_within_ns),
	 .default_text = "2s",
	 .min = "1us",
	 .max = "1h",
	 .help = "the time in which `expect: retried` must come true"},
	{.key = "hang_after",
	 .type = MH_VALUE_DURATION,
	 .offset = VERIFY_AT(hang_after_ns),
	 .default_text = "10s",
	 .min = "10ms",
	 .max = "1h",
	 .help = "what lasts longer and ignores the signal ends the run with exit 7; never scaled"},
	{.key = "history",
	 .type = MH_VALUE_CUSTOM,
	 .offset = VERIFY_AT(history),
	 .default_text = "ring:1M",
	 .help = "events kept for the checks and for what is told of a violation"},
};

const struct mh_schema mh_verify_schema = {
	.name = "verify",
	.rows = verify_rows,
	.count = sizeof(verify_rows) / sizeof(verify_rows[0]),
	.size = sizeof(struct mh_scenario_verify),
};

static const struct mh_schema_row limits_rows[] = {
	{.key = "max_dropped",
	 .type = MH_VALUE_SHARE,
	 .offset = LIMITS_AT(max_dropped_ppb),
	 .default_text = "0.1%",
	 .help = "arrivals that may be dropped before the run is invalid"},
	{.key = "max_lag_p99",
	 .type = MH_VALUE_DURATION,
	 .offset = LIMITS_AT(max_lag_p99_ns),
	 .min = "1ns",
	 .max = "1h",
	 .help = "how late the generator may be at p99 before the run is invalid"},
	{.key = "max_rss",
	 .type = MH_VALUE_SIZE,
	 .offset = LIMITS_AT(max_rss_bytes),
	 .min = "1MiB",
	 .max = "1024TiB",
	 .help = "memory of the process; `check` refuses a scenario that will need more"},
	{.key = "max_duration",
	 .type = MH_VALUE_DURATION,
	 .offset = LIMITS_AT(max_duration_ns),
	 .min = "1ms",
	 .max = "168h",
	 .help = "a run that lasts longer is ended with exit 7"},
};

const struct mh_schema mh_limits_schema = {
	.name = "limits",
	.rows = limits_rows,
	.count = sizeof(limits_rows) / sizeof(limits_rows[0]),
	.size = sizeof(struct mh_scenario_limits),
};

/* "1M" is 2^20, "64K" 2^16, "5000" itself. */
static int events_parse(const char *text, uint64_t *ret_events)
{
	const size_t length = strlen(text);
	const char unit = length ? text[length - 1] : '\0';
	const unsigned shift = unit == 'M' ? 20 : unit == 'K' ? 10 : 0;
	char digits[16];
	uint64_t number;

	if (length - (shift > 0) >= sizeof(digits))
		return -EINVAL;
	memcpy(digits, text, length - (shift > 0));
	digits[length - (shift > 0)] = '\0';
	if (mh_parse_unsigned(digits, &number, NULL) < 0 || !number || number > HISTORY_EVENTS_MAX >> shift)
		return -EINVAL;
	*ret_events = number << shift;
	return 0;
}

int mh_history_read(struct mh_binder *binder, const struct mh_node *node, void *value, struct mh_node **ret_resolved)
{
	struct mh_diagnostics *diagnostics = &binder->reader->diagnostics;
	struct mh_scenario_history history = {.kind = MH_HISTORY_OFF};

	(void)ret_resolved;
	if (!mh_value_is_text(binder, node, "history", "ring:COUNT, file or off"))
		return -EINVAL;
	if (strcmp(node->text, "file") == 0) {
		history.kind = MH_HISTORY_FILE;
	} else if (strncmp(node->text, "ring:", 5) == 0) {
		history.kind = MH_HISTORY_RING;
		if (events_parse(node->text + 5, &history.events) < 0) {
			mh_diagnose(diagnostics, node->place,
				    "history: '%s' is no count of events such as 64K or 1M, at most 1024M",
				    node->text + 5);
			return -EINVAL;
		}
	} else if (strcmp(node->text, "off") != 0) {
		mh_enum_refuse(binder, node->place, "history", "ring:COUNT|file|off", node->text);
		return -EINVAL;
	}
	*(struct mh_scenario_history *)value = history;
	return 0;
}

/* @what: what the key would need times for. */
static int refuse_untimed(struct mh_binder *binder, const struct mh_node *section, const char *key, const char *what)
{
	const struct mh_pair *pair = section ? mh_node_find_pair(section, key) : NULL;

	mh_diagnose(&binder->reader->diagnostics, pair ? pair->place : section->place,
		    "%s: %s, but record.stamps: none times no operation; write 'stamps: op' or leave %s out", key, what,
		    key);
	return -EINVAL;
}

int mh_record_finish(struct mh_binder *binder, const struct mh_node *root)
{
	const struct mh_scenario *scenario = binder->scenario;
	int ret = 0;

	if (scenario->record.stamps != MH_STAMPS_NONE)
		return 0;
	if (scenario->record.sample > 1)
		ret = refuse_untimed(binder, mh_node_find(root, "record"), "sample",
				     "one operation in so many is timed");
	if (scenario->limits.max_lag_p99_ns)
		ret = refuse_untimed(binder, mh_node_find(root, "limits"), "max_lag_p99",
				     "how late operations begin is judged by their wait");
	return ret;
}
