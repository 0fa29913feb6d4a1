/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The listeners of a preset for people and for programs.
 */
#ifndef BENCH_CLI_DESCRIBE_PRESET_H
#define BENCH_CLI_DESCRIBE_PRESET_H

#include <jansson.h>
#include <stdio.h>

#include "core/listeners.h"

/* A line a listener, in the order of registration: chain, priority, name, events. */
void mh_describe_preset(const struct mh_listener_preset *preset, FILE *stream);

/* A list of {name, chain, priority, events}; NULL without memory. */
json_t *mh_describe_preset_json(const struct mh_listener_preset *preset);

#endif
