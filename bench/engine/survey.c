/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes first (UTF-8, no control characters), then events, counted as they come: a hostile file is refused after as
 * many events as the bound allows, whatever its size.
 */
#include "bench/engine/survey.h"

#include "bench/engine/node.h"
#include "bench/engine/source_line.h"

#include <string.h>

struct survey {
	struct mh_diagnostics *diagnostics;
	const struct mh_source *source;
	unsigned nodes, depth, documents;
};

struct mh_place mh_survey_place(const struct mh_source *source, const yaml_mark_t *mark)
{
	if (!source->text)
		return (struct mh_place){.source = source};
	return (struct mh_place){
		.source = source, .line = (unsigned)mark->line + 1, .column = (unsigned)mark->column + 1};
}

static struct mh_place place_of_byte(const struct mh_source *source, const char *text, size_t size, size_t offset)
{
	struct mh_place place = {.source = source};

	if (source->text)
		mh_source_position(text, size, offset, &place.line, &place.column);
	return place;
}

static bool byte_is_control(unsigned char byte)
{
	return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f;
}

static bool survey_bytes(const struct survey *survey, const char *text, size_t size)
{
	size_t at = mh_utf8_valid_prefix(text, size);

	if (at < size) {
		mh_diagnose(survey->diagnostics, place_of_byte(survey->source, text, size, at),
			    "the byte 0x%02x is no UTF-8 here", (unsigned char)text[at]);
		return false;
	}
	for (at = 0; at < size; at++) {
		if (!byte_is_control((unsigned char)text[at]))
			continue;
		mh_diagnose(survey->diagnostics, place_of_byte(survey->source, text, size, at),
			    "the control character 0x%02x may not stand in a scenario", (unsigned char)text[at]);
		return false;
	}
	return true;
}

void mh_survey_parser_error(struct mh_diagnostics *diagnostics, const struct mh_source *source,
			    const yaml_parser_t *parser, const char *text, size_t size)
{
	const char *problem = parser->problem ? parser->problem : "out of memory";
	size_t line_start = 0;

	if (parser->error == YAML_READER_ERROR) { /* has an offset instead of a mark */
		mh_diagnose(diagnostics, place_of_byte(source, text, size, parser->problem_offset), "no YAML: %s",
			    problem);
		return;
	}
	for (size_t line = parser->problem_mark.line; line && line_start < size; line_start++)
		line -= text[line_start] == '\n';
	if (parser->error == YAML_SCANNER_ERROR && line_start + parser->problem_mark.column < size &&
	    text[line_start + parser->problem_mark.column] == '\t')
		problem = "a tab cannot indent, use spaces";
	if (parser->context && strncmp(parser->context, "while", 5) == 0 && source->text)
		mh_diagnose(diagnostics, mh_survey_place(source, &parser->problem_mark), "no YAML: %s (%s of line %zu)",
			    problem, parser->context, parser->context_mark.line + 1);
	else
		mh_diagnose(diagnostics, mh_survey_place(source, &parser->problem_mark), "no YAML: %s", problem);
}

/* What stands before a node or at the beginning of a document that the language does not have; NULL: nothing. */
static const char *event_refusal(const yaml_event_t *event)
{
	const yaml_char_t *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT)
		tag = event->data.scalar.tag;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		tag = event->data.sequence_start.tag;
	else if (event->type == YAML_MAPPING_START_EVENT)
		tag = event->data.mapping_start.tag;
	else if (event->type == YAML_DOCUMENT_START_EVENT &&
		 (event->data.document_start.version_directive ||
		  event->data.document_start.tag_directives.start != event->data.document_start.tag_directives.end))
		return "a directive: a scenario has none";
	return tag ? "a tag: a scenario has none, the key says the type" : NULL;
}

static bool event_is_collection_start(const yaml_event_t *event)
{
	return event->type == YAML_SEQUENCE_START_EVENT || event->type == YAML_MAPPING_START_EVENT;
}

static bool survey_event(struct survey *survey, const yaml_event_t *event)
{
	const struct mh_place place = mh_survey_place(survey->source, &event->start_mark);
	const char *refusal = event_refusal(event);

	if (refusal) {
		mh_diagnose(survey->diagnostics, place, "%s", refusal);
		return false;
	}
	if (event_is_collection_start(event))
		survey->depth++;
	else if (event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT)
		survey->depth--;
	if (event_is_collection_start(event) || event->type == YAML_SCALAR_EVENT || event->type == YAML_ALIAS_EVENT)
		survey->nodes++;
	if (event->type == YAML_DOCUMENT_START_EVENT)
		survey->documents++;

	if (survey->depth > MH_DOCUMENT_DEPTH_MAX)
		mh_diagnose(survey->diagnostics, place, "nested deeper than %d levels", MH_DOCUMENT_DEPTH_MAX);
	else if (survey->nodes > MH_DOCUMENT_NODES_MAX)
		mh_diagnose(survey->diagnostics, place, "more than %d values in one file", MH_DOCUMENT_NODES_MAX);
	else if (survey->documents > 1)
		mh_diagnose(survey->diagnostics, place, "a second document begins here: a scenario is one document");
	else
		return true;
	return false;
}

static bool survey_events(struct survey *survey, yaml_parser_t *parser, const char *text, size_t size)
{
	bool going = true, ended = false;

	while (going && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(parser, &event)) {
			mh_survey_parser_error(survey->diagnostics, survey->source, parser, text, size);
			return false;
		}
		ended = event.type == YAML_STREAM_END_EVENT;
		going = survey_event(survey, &event);
		yaml_event_delete(&event);
	}
	if (going && !survey->documents) {
		mh_diagnose(survey->diagnostics, (struct mh_place){.source = survey->source},
			    "holds no scenario: it is empty");
		return false;
	}
	return going;
}

bool mh_survey_document(struct mh_diagnostics *diagnostics, const struct mh_source *source, const char *text,
			size_t size)
{
	struct survey survey = {.diagnostics = diagnostics, .source = source};
	yaml_parser_t parser;
	bool good;

	if (!survey_bytes(&survey, text, size))
		return false;
	if (!yaml_parser_initialize(&parser)) {
		diagnostics->failed = true;
		return false;
	}
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, size);
	good = survey_events(&survey, &parser, text, size);
	yaml_parser_delete(&parser);
	return good;
}
