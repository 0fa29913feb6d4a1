/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench topology [SPEC]: nodes, memory, CPUs and blocks of a machine, as a scenario would simulate it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/units.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/options.h"
#include "core/topology/describe.h"
#include "core/topology/layout.h"
#include "core/topology/topology.h"

struct request {
	struct mh_options options;
	const char *spec;
	uint64_t block_size_bytes, node_memory_bytes;
};

static uint64_t size_of(struct argp_state *state, const char *option, const char *argument)
{
	struct mh_error error;
	uint64_t bytes = 0;

	if (mh_parse_size(argument, &bytes, &error) < 0)
		argp_error(state, "%s '%s': %s", option, argument, error.text);
	return bytes;
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case 'b':
		request->block_size_bytes = size_of(state, "--block-size", argument);
		return 0;
	case 'm':
		request->node_memory_bytes = size_of(state, "--node-memory", argument);
		return 0;
	case ARGP_KEY_ARG:
		if (request->spec)
			argp_error(state, "one topology, please: '%s' and '%s' were given (quote a synthetic string)",
				   request->spec, argument);
		request->spec = argument;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static int refuse(const struct mh_error *error, int code)
{
	fprintf(stderr, "memhp-bench topology: error: %s\n", error->text);
	return code;
}

static int print(const struct mh_topology *topology, const struct mh_block_layout *layout, enum mh_format format)
{
	char *text = format == MH_FORMAT_JSON ? mh_topology_json(topology, layout) : mh_topology_text(topology, layout);

	if (!text)
		return MH_EXIT_INTERNAL;
	fputs(text, stdout);
	free(text);
	return MH_EXIT_DONE;
}

static int describe(const struct request *request)
{
	struct mh_topology *topology;
	struct mh_block_layout *layout = NULL;
	struct mh_error error;
	int ret = mh_topology_load(request->spec, request->node_memory_bytes, &topology, &error);

	if (ret < 0)
		return refuse(&error, ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	ret = mh_block_layout_make(topology, request->block_size_bytes, &layout, &error);
	if (ret < 0)
		ret = refuse(&error, ret == -ENODEV || ret == -ENOMEM ? MH_EXIT_ENVIRONMENT : MH_EXIT_USAGE);
	else
		ret = print(topology, layout, request->options.format);
	mh_block_layout_free(layout);
	mh_topology_free(topology);
	return ret;
}

int mh_cmd_topology(int argc, char **argv)
{
	static const struct argp_option own[] = {
		{"block-size", 'b', "SIZE", 0, "size of a block (128MiB)", 1},
		{"node-memory", 'm', "SIZE", 0, "memory of each node where the topology gives none (1GiB)", 1},
		{0},
	};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {own,
					 parse,
					 "[SPEC]",
					 "Nodes, memory, CPUs and blocks of a machine.\vSPEC is host (the default), "
					 "xml:FILE, or a synthetic string such as "
					 "\"pack:2 [numa(memory=16GiB)] core:4 pu:1\".",
					 children,
					 NULL,
					 NULL};
	struct request request = {.block_size_bytes = UINT64_C(128) << 20, .node_memory_bytes = UINT64_C(1) << 30};

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "topology", argc, argv, &request))
		return MH_EXIT_USAGE;
	if (!request.spec)
		request.spec = "host";
	return describe(&request);
}
