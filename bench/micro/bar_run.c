/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Picking, measuring, telling. */
#include "bench/micro/bar_run.h"

#include <errno.h>
#include <regex.h>

struct pick {
	regex_t expression;
	bool all, inverted;
};

static int pick_compile(struct pick *pick, const char *filter, struct mh_error *reterr)
{
	char why[128];
	int ret;

	*pick = (struct pick){.all = !filter};
	if (!filter)
		return 0;
	pick->inverted = filter[0] == '-';
	ret = regcomp(&pick->expression, filter + pick->inverted, REG_EXTENDED | REG_NOSUB);
	if (!ret)
		return 0;
	regerror(ret, &pick->expression, why, sizeof(why));
	return mh_error_set(reterr, -EINVAL, "the filter '%s' is no regular expression: %s", filter, why);
}

static void pick_release(struct pick *pick)
{
	if (!pick->all)
		regfree(&pick->expression);
}

static bool picks(const struct pick *pick, const struct mh_bar *bar)
{
	return pick->all || (regexec(&pick->expression, bar->id, 0, NULL, 0) == 0) != pick->inverted;
}

static unsigned *count_of(struct mh_bar_counts *counts, enum mh_bar_verdict verdict)
{
	switch (verdict) {
	case MH_BAR_HELD:
		return &counts->held;
	case MH_BAR_MISSED:
		return &counts->missed;
	default:
		return &counts->not_measurable;
	}
}

/* At once: a table that takes minutes is watched, and may be ended. */
static void print(FILE *stream, const struct mh_text *text)
{
	fwrite(text->data, 1, text->length, stream);
	fflush(stream);
}

static int run_one(const struct mh_bar_run *run, const struct mh_bar *bar, struct mh_bar_counts *counts,
		   struct mh_error *reterr)
{
	struct mh_text line = MH_TEXT_INIT, details = MH_TEXT_INIT;
	struct mh_bar_context context = run->context;
	struct mh_bar_outcome outcome;
	int ret;

	context.details = run->details_to ? &details : NULL;
	if (context.details)
		mh_text_add(&details, "%s: %s\n", bar->id, bar->says);
	ret = mh_bar_measure(&context, bar, &outcome, reterr);
	if (ret == 0) {
		++*count_of(counts, mh_bar_judge(bar, &outcome));
		mh_bar_tell(bar, &outcome, &line);
		print(run->lines, &line);
		if (run->details_to)
			print(run->details_to, &details);
	}
	mh_text_release(&line);
	mh_text_release(&details);
	return ret;
}

int mh_bar_run(const struct mh_bar_run *run, struct mh_bar_counts *ret_counts, struct mh_error *reterr)
{
	struct pick pick;
	unsigned picked = 0;
	int ret = pick_compile(&pick, run->filter, reterr);

	*ret_counts = (struct mh_bar_counts){0};
	if (ret < 0)
		return ret;
	for (const struct mh_bar *bar = run->bars; ret == 0 && bar->id; bar++) {
		if (!picks(&pick, bar))
			continue;
		picked++;
		ret = run_one(run, bar, ret_counts, reterr);
	}
	if (ret == 0 && !picked)
		ret = mh_error_set(reterr, -ENOENT, "the filter '%s' matches no bar: ids are as B1a, B2c-chained",
				   run->filter);
	pick_release(&pick);
	return ret;
}
