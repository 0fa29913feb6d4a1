/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * In which series the operation under way has the longest value yet of its worker in this phase. One worker's own.
 *
 * The recorder tells when a value is the longest of its interval, for nothing: it compares it with the maximum anyway.
 * Only then a series is looked at here.
 */
#ifndef BENCH_ENGINE_PEAK_H
#define BENCH_ENGINE_PEAK_H

#include <stdint.h>

struct mh_peaks {
	uint64_t *longest_ns; /* by id of the whole series */
	uint16_t *noted;      /* ids in which this operation has the longest value: of @note_count */
	unsigned note_count, series_count;
};

/* 0 or -ENOMEM. */
int mh_peaks_init(struct mh_peaks *peaks, unsigned series_count);
void mh_peaks_release(struct mh_peaks *peaks);
/* @series: id of the whole. */
void mh_peaks_note(struct mh_peaks *peaks, unsigned series, uint64_t value_ns);

#endif
