/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Operations taken apart, as JSON. */
#include <errno.h>

#include "results/exemplars_json.h"
#include "results/explain.h"

static void put_part(struct mh_json_put *put, json_t *item, const struct mh_result_exemplar *exemplar,
		     const struct mh_part *part)
{
	mh_json_put_text(put, item, "part", mh_part_kind_names[part->kind]);
	mh_json_put_text(put, item, "event", part->event);
	mh_json_put_text(put, item, "listener", part->listener);
	if (part->begin_ns == MH_PART_NOWHERE)
		mh_json_put_null(put, item, "begin_ns");
	else
		mh_json_put_u64(put, item, "begin_ns", part->begin_ns);
	mh_json_put_u64(put, item, "took_ns", part->took_ns);
	mh_json_put_double(put, item, "share", mh_part_share(exemplar, part));
}

static int put_parts(struct mh_json_put *put, json_t *object, const struct mh_result_exemplar *exemplar)
{
	json_t *list = mh_json_put_list(put, object, "parts");
	struct mh_parts parts;

	if (mh_parts_make(exemplar, &parts) < 0)
		return -ENOMEM;
	for (size_t i = 0; i < parts.count; i++)
		put_part(put, mh_json_add_object(put, list), exemplar, &parts.items[i]);
	mh_json_put_u64(put, object, "longest_part", parts.longest);
	mh_parts_release(&parts);
	return 0;
}

int mh_explain_put(struct mh_json_put *put, json_t *object, const struct mh_result *result,
		   const struct mh_explain_options *options)
{
	json_t *list = mh_json_put_list(put, object, "operations");

	for (size_t i = 0; i < result->exemplar_count; i++) {
		json_t *item;

		if (!mh_explain_selects(options, &result->exemplars[i]))
			continue;
		item = mh_json_add_object(put, list);
		mh_exemplar_put(put, item, &result->exemplars[i]);
		if (put_parts(put, item, &result->exemplars[i]) < 0)
			return -ENOMEM;
	}
	return put->failed ? -ENOMEM : 0;
}
