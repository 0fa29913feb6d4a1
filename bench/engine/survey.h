/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A first pass over a document's events: is it YAML, one document, within the bounds, and free of what the language
 * does not have? After it libyaml's document API works on bounded input only.
 */
#ifndef BENCH_ENGINE_SURVEY_H
#define BENCH_ENGINE_SURVEY_H

#include <yaml.h>

#include "bench/engine/diagnostics.h"

/* True when the text may be loaded; else the first thing wrong has been told. */
bool mh_survey_document(struct mh_diagnostics *diagnostics, const struct mh_source *source, const char *text,
			size_t size);

/* Tells what libyaml has stumbled over. */
void mh_survey_parser_error(struct mh_diagnostics *diagnostics, const struct mh_source *source,
			    const yaml_parser_t *parser, const char *text, size_t size);

/* The place of a mark; of the source as a whole when it is a label. */
struct mh_place mh_survey_place(const struct mh_source *source, const yaml_mark_t *mark);

#endif
