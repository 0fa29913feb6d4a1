/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that stand in a line of an interval log: "PHASE/SERIES[/CLASS]" and its parts. */
#ifndef RESULTS_TAG_H
#define RESULTS_TAG_H

#include <stdbool.h>

#define MH_TAG_MAX 200 /* bytes */

/* 1 … MH_TAG_MAX bytes of printable ASCII without comma and blank: a comma ends the field for every reader, a blank or
 * a line end for some. */
bool mh_tag_is_valid(const char *tag);

#endif
