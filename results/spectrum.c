/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A histogram as a row of blocks. All rows of a phase share one logarithmic axis, so that their shapes can be compared;
 * heights are proportional within a row, and anything that is not nothing shows at least the lowest block: the tail is
 * what one looks for.
 */
#include <math.h>
#include <string.h>

#include "results/show_private.h"

#define LEVELS      8
#define COLUMNS_MAX 64

static const char *const blocks[LEVELS + 1] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
static const char *const letters[LEVELS + 1] = {" ", ".", ":", "-", "=", "+", "*", "#", "@"};

const char *mh_show_series_name(const char *tag, const char *phase)
{
	size_t length = strlen(phase);

	return strncmp(tag, phase, length) == 0 && tag[length] == '/' ? tag + length + 1 : NULL;
}

struct mh_spectrum mh_spectrum_of_phase(const struct mh_result *result, const char *phase, unsigned columns)
{
	struct mh_spectrum spectrum = {.low = INFINITY, .high = 1, .columns = columns};

	for (size_t i = 0; i < result->series_count; i++) {
		const struct mh_histogram *histogram = &result->series[i].histogram;

		if (histogram->max == 0 || /* empty, or the waits of a closed loop */
		    !mh_show_series_name(result->series[i].tag, phase))
			continue;
		spectrum.low = fmin(spectrum.low, (double)histogram->min);
		spectrum.high = fmax(spectrum.high, (double)histogram->max);
	}
	spectrum.low = spectrum.low < 1 || isinf(spectrum.low) ? 1 : spectrum.low;
	spectrum.high = fmax(spectrum.high, 2 * spectrum.low); /* one value alone still has a width */
	spectrum.columns = columns > COLUMNS_MAX ? COLUMNS_MAX : columns;
	return spectrum;
}

static unsigned column_of(const struct mh_spectrum *spectrum, double value)
{
	if (value <= spectrum->low)
		return 0;
	double share = log(value / spectrum->low) / log(spectrum->high / spectrum->low);
	double column = floor(share * spectrum->columns);

	return column >= spectrum->columns ? spectrum->columns - 1 : (unsigned)column;
}

/* The greatest of the counts of each column. */
static double fill_columns(const struct mh_spectrum *spectrum, const struct mh_histogram *histogram, double *counts)
{
	struct mh_histogram_iterator iterator;
	double greatest = 0;

	mh_histogram_iterate(&iterator, histogram);
	while (mh_histogram_next(&iterator)) {
		double middle = (double)iterator.lowest + (double)(iterator.highest - iterator.lowest) / 2;

		counts[column_of(spectrum, middle)] += (double)iterator.count;
	}
	if (histogram->overflow)
		counts[spectrum->columns - 1] += (double)histogram->overflow;
	for (unsigned i = 0; i < spectrum->columns; i++)
		greatest = fmax(greatest, counts[i]);
	return greatest;
}

void mh_spectrum_add(const struct mh_show *show, const struct mh_spectrum *spectrum,
		     const struct mh_histogram *histogram)
{
	double counts[COLUMNS_MAX] = {0};
	double greatest = fill_columns(spectrum, histogram, counts);
	const char *const *marks = show->options.ascii ? letters : blocks;

	unsigned end = spectrum->columns;

	while (end > 0 && counts[end - 1] == 0)
		end--; /* no blanks at the end of a line */
	for (unsigned i = 0; i < end; i++) {
		unsigned level = counts[i] > 0 ? 1 + (unsigned)(counts[i] / greatest * (LEVELS - 1)) : 0;

		mh_text_add(show->text, "%s", marks[level > LEVELS ? LEVELS : level]);
	}
}
