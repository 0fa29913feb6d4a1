/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A series is noted once an operation, with the longest of its values.
 */
#include "bench/engine/peak.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/line.h"

int mh_peaks_init(struct mh_peaks *peaks, unsigned series_count)
{
	*peaks = (struct mh_peaks){.series_count = series_count};
	if (!series_count)
		return 0;
	peaks->longest_ns = mh_line_calloc(series_count, sizeof(peaks->longest_ns[0]));
	peaks->noted = mh_line_calloc(series_count, sizeof(peaks->noted[0]));
	if (peaks->longest_ns && peaks->noted)
		return 0;
	mh_peaks_release(peaks);
	return -ENOMEM;
}

void mh_peaks_release(struct mh_peaks *peaks)
{
	free(peaks->longest_ns);
	free(peaks->noted);
	*peaks = (struct mh_peaks){.series_count = 0};
}

static bool is_noted(const struct mh_peaks *peaks, unsigned series)
{
	for (unsigned i = 0; i < peaks->note_count; i++)
		if (peaks->noted[i] == series)
			return true;
	return false;
}

void mh_peaks_note(struct mh_peaks *peaks, unsigned series, uint64_t value_ns)
{
	if (series >= peaks->series_count || value_ns <= peaks->longest_ns[series])
		return;
	peaks->longest_ns[series] = value_ns;
	if (!is_noted(peaks, series))
		peaks->noted[peaks->note_count++] = (uint16_t)series;
}
