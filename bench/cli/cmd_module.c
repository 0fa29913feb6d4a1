/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memhp-bench module FILE.so [--check | --kernel FILE.ko]: what a module registers, whether its listeners keep their
 * contract, and whether they do the same on a kernel.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "bench/cli/commands.h"
#include "bench/cli/exit_codes.h"
#include "bench/cli/module_diff.h"
#include "bench/cli/options.h"
#include "bench/engine/contract.h"

#define ARGUMENTS_MAX 64

struct request {
	struct mh_options options;
	struct mh_contract_request contract;
	struct mh_module_diff diff; /* its module NULL: not asked for */
	bool check;
	bool shows_progress;
	const char *arguments[ARGUMENTS_MAX];
};

enum { KEY_CHECK = 256, KEY_CASE, KEY_KERNEL, KEY_BLOCKS, KEY_KERNEL_ROOT };

/* FILE.so, then its parameters, as for insmod. */
static void positional(struct request *request, const char *argument, struct argp_state *state)
{
	if (!request->contract.module) {
		request->contract.module = argument;
		return;
	}
	if (!strchr(argument, '='))
		argp_error(state, "'%s' is no NAME=VALUE: one module, please, and its parameters", argument);
	if (request->contract.argument_count == ARGUMENTS_MAX)
		argp_error(state, "more than %d parameters", ARGUMENTS_MAX);
	request->arguments[request->contract.argument_count++] = argument;
	request->contract.arguments = request->arguments;
}

static bool parse_diff(struct mh_module_diff *diff, int key, const char *argument)
{
	switch (key) {
	case KEY_KERNEL:
		diff->module = argument;
		return true;
	case KEY_BLOCKS:
		diff->blocks = argument;
		return true;
	case KEY_KERNEL_ROOT:
		diff->kernel_root = argument;
		return true;
	default:
		return false;
	}
}

static void check_options(const struct request *request, struct argp_state *state)
{
	const struct mh_module_diff *diff = &request->diff;

	if (!request->contract.module)
		argp_error(state, "a module, FILE.so, is needed");
	if (request->contract.only_case && !request->check && !diff->module)
		argp_error(state, "--case goes with --check or --kernel");
	if (diff->module && request->check)
		argp_error(state, "--check or --kernel, not both");
	if ((diff->blocks || diff->kernel_root) && !diff->module)
		argp_error(state, "--blocks and --kernel-root go with --kernel");
	if (diff->module && !diff->blocks)
		argp_error(state, "--kernel loads the module into this machine's kernel: name the blocks that it may "
				  "take offline, such as --blocks 32-35");
	if (diff->module && request->options.format != MH_FORMAT_TEXT)
		argp_error(state, "--kernel tells its differences as text only");
}

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct request *request = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &request->options;
		return 0;
	case KEY_CHECK:
		request->check = true;
		return 0;
	case KEY_CASE:
		request->contract.only_case = argument;
		return 0;
	case ARGP_KEY_ARG:
		positional(request, argument, state);
		return 0;
	case ARGP_KEY_END:
		check_options(request, state);
		return 0;
	default:
		return parse_diff(&request->diff, key, argument) ? 0 : ARGP_ERR_UNKNOWN;
	}
}

/* A line on stderr while it lasts; never between lines of stdout. */
static void progress(void *data, uint64_t done, uint64_t count)
{
	const struct request *request = data;

	if (request->shows_progress)
		fprintf(stderr, "\r%s: %llu of %llu cases", request->contract.module, (unsigned long long)done,
			(unsigned long long)count);
}

static void progress_end(const struct request *request)
{
	if (request->shows_progress)
		fprintf(stderr, "\r\033[K");
}

static bool is_exercised(const struct mh_contract_finding *finding)
{
	return finding->exercised > 0;
}

static void repro_compose(const struct request *request, const char *case_name, struct mh_text *text)
{
	mh_text_add(text, "memhp-bench module ");
	mh_options_quote(text, request->contract.module);
	for (size_t i = 0; i < request->contract.argument_count; i++) {
		mh_text_add(text, " ");
		mh_options_quote(text, request->arguments[i]);
	}
	mh_text_add(text, " --check");
	if (case_name) {
		mh_text_add(text, " --case ");
		mh_options_quote(text, case_name);
	}
}

static void print_listeners(const struct mh_contract_result *result)
{
	for (unsigned i = 0; i < result->listener_count; i++) {
		const struct mh_contract_listener *listener = &result->listeners[i];

		printf("  %-32s priority %-6d %s\n", listener->name, listener->priority,
		       listener->node ? "chain of nodes" : "memory chain");
	}
	if (!result->listener_count)
		printf("  no listener\n");
}

/* Each line of the events under the rule. */
static void print_events(const char *events)
{
	while (*events) {
		size_t length = strcspn(events, "\n");

		printf("      %.*s\n", (int)length, events);
		events += length + (events[length] == '\n');
	}
}

static void print_broken(const struct request *request, const struct mh_contract_finding *finding)
{
	struct mh_text repro = MH_TEXT_INIT;
	bool colour = mh_options_colour(&request->options, STDOUT_FILENO);

	repro_compose(request, finding->case_name, &repro);
	printf("%sBROKEN%s: %s\n", colour ? "\033[1;31m" : "", colour ? "\033[0m" : "", finding->text);
	print_events(finding->events);
	printf("      %llu of %llu times; repeat: %s\n", (unsigned long long)finding->broken,
	       (unsigned long long)finding->exercised, repro.data);
	mh_text_release(&repro);
}

static void print_rule(const struct request *request, enum mh_contract_rule rule,
		       const struct mh_contract_finding *finding)
{
	const struct mh_contract_rule_row *row = &mh_contract_rules[rule];

	if (request->options.quiet && !finding->broken)
		return;
	printf("  %-16s ", row->name);
	if (finding->broken)
		print_broken(request, finding);
	else if (is_exercised(finding))
		printf("ok (%llu times): %s\n", (unsigned long long)finding->exercised, row->help);
	else
		printf("not exercised: %s\n", row->missing);
	/* Where the line itself does not say it. */
	if (request->options.verbose && (finding->broken || !is_exercised(finding)))
		printf("      the rule: %s\n", row->help);
}

static unsigned count_broken(const struct mh_contract_result *result)
{
	unsigned count = 0;

	for (unsigned rule = 0; rule < MH_CONTRACT_RULES; rule++)
		count += result->findings[rule].broken > 0;
	return count;
}

static void print_summary(const struct mh_contract_result *result)
{
	unsigned broken = count_broken(result);

	if (result->cases_done < result->case_count)
		printf("%llu of ", (unsigned long long)result->cases_done);
	printf("%llu cases in %llu runs, %llu operations, %llu allocations made to fail: ",
	       (unsigned long long)result->case_count, (unsigned long long)result->runs,
	       (unsigned long long)result->operations, (unsigned long long)result->allocations_failed);
	if (broken)
		printf("%u rule%s broken\n", broken, broken == 1 ? " is" : "s are");
	else if (result->cases_done < result->case_count)
		printf("the rest could not be tried\n");
	else
		printf("the contract is kept\n");
}

static int code_of(const struct mh_contract_result *result)
{
	if (count_broken(result))
		return MH_EXIT_INCORRECT;
	return result->cases_done < result->case_count ? MH_EXIT_ENVIRONMENT : MH_EXIT_DONE;
}

static void print_text(const struct request *request, const struct mh_contract_result *result)
{
	if (!request->options.quiet || !request->check) {
		printf("%s, a module for the protocol of %s\n", request->contract.module, result->compat);
		print_listeners(result);
	}
	if (!request->check)
		return;
	for (unsigned rule = 0; rule < MH_CONTRACT_RULES; rule++)
		print_rule(request, (enum mh_contract_rule)rule, &result->findings[rule]);
	print_summary(result);
}

static json_t *listeners_json(const struct mh_contract_result *result)
{
	json_t *array = json_array();

	for (unsigned i = 0; i < result->listener_count; i++)
		(void)json_array_append_new(array, json_pack("{s:s, s:i, s:s}", "name", result->listeners[i].name,
							     "priority", result->listeners[i].priority, "chain",
							     result->listeners[i].node ? "node" : "memory"));
	return array;
}

static const char *status_of(const struct mh_contract_finding *finding)
{
	if (finding->broken)
		return "broken";
	return is_exercised(finding) ? "ok" : "not exercised";
}

static json_t *rule_json(enum mh_contract_rule rule, const struct mh_contract_finding *finding)
{
	json_t *object = json_pack("{s:s, s:s, s:s, s:I, s:I}", "rule", mh_contract_rules[rule].name, "status",
				   status_of(finding), "help", mh_contract_rules[rule].help, "exercised",
				   (json_int_t)finding->exercised, "broken", (json_int_t)finding->broken);

	if (finding->broken)
		(void)json_object_update_new(object, json_pack("{s:s, s:s, s:s}", "text", finding->text, "events",
							       finding->events, "case", finding->case_name));
	else if (!is_exercised(finding))
		(void)json_object_set_new(object, "reason", json_string(mh_contract_rules[rule].missing));
	return object;
}

static int print_json(const struct request *request, const struct mh_contract_result *result)
{
	json_t *root = json_pack("{s:s, s:s, s:o}", "module", request->contract.module, "compat", result->compat,
				 "listeners", listeners_json(result));
	json_t *rules = json_array();
	int ret;

	for (unsigned rule = 0; request->check && rule < MH_CONTRACT_RULES; rule++)
		(void)json_array_append_new(rules, rule_json((enum mh_contract_rule)rule, &result->findings[rule]));
	if (request->check)
		(void)json_object_update_new(
			root, json_pack("{s:O, s:I, s:I, s:I, s:I, s:I}", "rules", rules, "cases",
					(json_int_t)result->case_count, "cases_done", (json_int_t)result->cases_done,
					"runs", (json_int_t)result->runs, "operations", (json_int_t)result->operations,
					"allocations_failed", (json_int_t)result->allocations_failed));
	json_decref(rules);
	ret = root ? json_dumpf(root, stdout, JSON_INDENT(2)) : -1;
	printf("\n");
	json_decref(root);
	return ret;
}

static int refuse(int ret, const struct mh_error *error)
{
	fprintf(stderr, "memhp-bench module: error: %s\n", error->text);
	switch (ret) {
	case -ECANCELED:
	case -ENOMEM:
	case -EAGAIN:
	case -EOPNOTSUPP:
		return MH_EXIT_ENVIRONMENT;
	default:
		return MH_EXIT_USAGE;
	}
}

static int look(struct request *request)
{
	struct mh_contract_result *result;
	struct mh_error error = {.text = "no memory"};
	int ret, code;

	request->shows_progress = request->options.format == MH_FORMAT_TEXT && !request->options.quiet &&
				  request->options.progress != MH_WHEN_NEVER && isatty(STDERR_FILENO);
	request->contract.progress = progress;
	request->contract.data = request;
	if (request->diff.module) {
		request->diff.contract = request->contract;
		request->diff.quiet = request->options.quiet;
		code = mh_module_diff(&request->diff);
		progress_end(request);
		return code;
	}
	ret = request->check ? mh_contract_check(&request->contract, &result, &error)
			     : mh_contract_list(&request->contract, &result, &error);
	progress_end(request);
	if (ret < 0)
		return refuse(ret, &error);
	code = code_of(result);
	if (request->options.format == MH_FORMAT_TEXT)
		print_text(request, result);
	else if (print_json(request, result) < 0)
		code = MH_EXIT_INTERNAL;
	mh_contract_result_free(result);
	return code;
}

int mh_cmd_module(int argc, char **argv)
{
	static const struct argp_option own[] = {
		{"check", KEY_CHECK, NULL, 0, "try the contract of each of its listeners", 1},
		{"case", KEY_CASE, "NAME", 0,
		 "with --check or --kernel: only this case, as a BROKEN or DIFFERS line "
		 "names it",
		 1},
		{"kernel", KEY_KERNEL, "FILE.ko", 0,
		 "the same cases with the same source as a module of this machine's kernel; as root", 1},
		{"blocks", KEY_BLOCKS, "RANGE", 0, "with --kernel: four blocks of one node, which are taken offline",
		 1},
		{"kernel-root", KEY_KERNEL_ROOT, "DIR", 0, "with --kernel: the kernel's files are below DIR", 1},
		{0},
	};
	static const struct argp_child children[] = {{&mh_print_options_argp, 0, NULL, 0}, {0}};
	static const struct argp argp = {
		own,
		parse,
		"FILE.so [NAME=VALUE...]",
		"What a module registers; with --check, whether its listeners keep the protocol's contract.\v"
		"--check needs no scenario. It tries each listener alone and among the kernel's own, with neighbours "
		"that "
		"stop or refuse each event, on a node's first, middle and last block, registered or unregistered in "
		"the "
		"midst of an operation, with each allocation failing; one line a rule. Exit 0, or 3 when a rule is "
		"broken; "
		"2 for what is no module, 6 when its init fails. --kernel plays those cases that a stock kernel can, "
		"here and there, and exits 3 when an operation differs; scripts/kernel-diff does it in a virtual "
		"machine.",
		children,
		NULL,
		NULL};
	struct request request = {.check = false};

	mh_options_init(&request.options);
	if (mh_options_parse(&argp, "module", argc, argv, &request))
		return MH_EXIT_USAGE;
	return look(&request);
}
