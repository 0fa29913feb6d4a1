/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The words come from core's tables of events and protocols. */
#include "bench/engine/events.h"

/* "going_online|cancel_online|…" of one protocol. */
static void words_of(const struct mh_protocol *protocol, const char *between, struct mh_text *out)
{
	const char *comma = "";

	for (int event = 0; event < MH_EVENT_COUNT; event++) {
		if (!mh_protocol_has(protocol, (enum mh_event)event))
			continue;
		mh_text_add(out, "%s%s", comma, mh_event_names[event]);
		comma = between;
	}
}

void mh_event_refuse(struct mh_binder *binder, struct mh_place place, const char *key, const char *word)
{
	struct mh_text words = MH_TEXT_INIT;

	words_of(mh_scenario_protocol(binder->scenario), "|", &words);
	mh_enum_refuse(binder, place, key, words.data, word);
	mh_text_release(&words);
}

/* Every event is some kernel's. */
static const char *compat_with(enum mh_event event)
{
	int compat = 0;

	while (!mh_protocol_has(mh_protocol_of((enum mh_compat)compat), event))
		compat++;
	return mh_compat_names[compat];
}

bool mh_event_check(struct mh_binder *binder, struct mh_place place, const char *key, enum mh_event event)
{
	const struct mh_protocol *protocol = mh_scenario_protocol(binder->scenario);
	struct mh_text words = MH_TEXT_INIT;

	if (mh_protocol_has(protocol, event))
		return true;
	words_of(protocol, ", ", &words);
	mh_diagnose(&binder->reader->diagnostics, place,
		    "%s: %s has no event '%s' (there are %s): name one of these, or write 'machine: {compat: %s}'", key,
		    protocol->name, mh_event_names[event], words.data, compat_with(event));
	mh_text_release(&words);
	return false;
}
