/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A histogram as cells of a table: the values that run.json has, too. */
#include <math.h>

#include "results/report/section.h"
#include "results/show.h"

static const double percents[] = {50, 90, 99, 99.9, 99.99};

#define PERCENT_COUNT (sizeof(percents) / sizeof(percents[0]))

/* A dash where too few lie beyond it to say, as in the terminal's report. */
static void add_quantile(struct mh_text *html, const struct mh_histogram *histogram, double percent)
{
	uint64_t value = mh_histogram_percentile(histogram, percent);

	if ((100 - percent) / 100 * (double)histogram->count < MH_SHOW_BEYOND_MIN - 1e-6)
		mh_html_cell_time(html, NAN);
	else if (!mh_histogram_quantile_in_range(histogram, percent / 100))
		mh_text_add(html, "<td class=\"number\">beyond range</td>");
	else
		mh_html_cell_time(html, (double)(value < histogram->max ? value : histogram->max));
}

void mh_report_quantile_cells(struct mh_text *html, const struct mh_histogram *histogram)
{
	mh_html_cell_count(html, histogram->count);
	for (size_t i = 0; i < PERCENT_COUNT; i++)
		add_quantile(html, histogram, percents[i]);
	mh_html_cell_time(html, histogram->count ? (double)histogram->max : NAN);
	mh_html_cell_time(html, histogram->count ? mh_histogram_mean(histogram) : NAN);
}
