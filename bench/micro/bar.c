/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judging what was reached, and saying it in a line. */
#include "bench/micro/bar.h"

#include <math.h>

static unsigned decimals_of(double reached)
{
	return reached < 1 ? 3 : 2;
}

/* To what the line shows: a verdict must not contradict the number beside it. */
static double as_printed(double reached)
{
	double unit = pow(10, decimals_of(reached));

	return round(reached * unit) / unit;
}

enum mh_bar_verdict mh_bar_judge(const struct mh_bar *bar, const struct mh_bar_outcome *outcome)
{
	double reached = as_printed(outcome->reached);

	if (outcome->reason[0])
		return MH_BAR_NOT_MEASURABLE;
	return (bar->at_least ? reached >= bar->bar : reached <= bar->bar) ? MH_BAR_HELD : MH_BAR_MISSED;
}

void mh_bar_tell(const struct mh_bar *bar, const struct mh_bar_outcome *outcome, struct mh_text *text)
{
	enum mh_bar_verdict verdict = mh_bar_judge(bar, outcome);

	if (verdict == MH_BAR_NOT_MEASURABLE)
		mh_text_add(text, "%s - %.2f not-measurable: %s\n", bar->id, bar->bar, outcome->reason);
	else
		mh_text_add(text, "%s %.*f %.2f %s\n", bar->id, (int)decimals_of(outcome->reached),
			    as_printed(outcome->reached), bar->bar, verdict == MH_BAR_HELD ? "held" : "missed");
}
