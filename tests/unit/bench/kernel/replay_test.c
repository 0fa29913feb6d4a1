/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cases replayed on made-up kernels: what passes, what fails by which difference, what is skipped by which reason, and
 * that all is then as it was.
 */
#include "bench/kernel/replay.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/parameterized.h>

#include "bench/kernel/module.h"
#include "made_up_kernel.h"

#define AUTO_ONLINE MH_KERNEL_MEMORY "/auto_online_blocks"
#define POLICY      "/sys/module/memory_hotplug/parameters/online_policy"

#define DIMM(N, START)                                                                                                 \
	"{\"block\":" N ",\"node\":3,\"start_pfn\":" START ",\"pages\":32768,\"dimm\":\"d0\",\"state\":\"offline\"}"
#define WORLD(KERNEL, NODES)                                                                                           \
	"{\"kernel\":\"" KERNEL "\",\"block_bytes\":134217728,\"pages_per_block\":32768,\"cmdline_extra\":\"\","       \
	"\"nodes\":[{\"node\":0,\"cpu\":0},{\"node\":3,\"cpu\":null}],\"auto_online_blocks\":\"offline\","             \
	"\"online_policy\":\"contig-zones\",\"movable_node\":false,\"next_hotplug_block\":36,\"has_memory\":\"0\","    \
	"\"has_normal_memory\":\"0\",\"node_online\":\"" NODES                                                         \
	"\",\"blocks\":[{\"block\":0,\"node\":0,\"start_pfn\":0,"                                                      \
	"\"pages\":32768,\"early\":true,\"state\":\"online\",\"zone\":\"DMA32\"}," DIMM("32", "1048576") "," DIMM(     \
		"33",                                                                                                  \
		"1081344") "," DIMM("34",                                                                              \
				    "1114112") "," DIMM("35",                                                          \
							"1146880") "],\"zones_at_start\":{\"0/DMA32\":"                \
								   "{\"spanned\":32768,\"present\":32768,\"start_"     \
								   "pfn\":0}},\"builtin_chain\":[\"100 ksm\"]}"

/* The masks of the made-up kernel: all of its memory is a kernel zone's on node 0, and any on node 3. */
#define MASKS(MEMORY) "\"has_memory\":[" MEMORY "],\"has_normal_memory\":[0],\"node_online\":[0,3]"
#define SHOWN_OFF     "{\"state\":\"offline\",\"valid_zones\":[\"Normal\",\"Movable\"]," MASKS("0") "}"
#define SHOWN_ON      "{\"state\":\"online\",\"valid_zones\":[\"Movable\"]," MASKS("0,3") "}"

#define OPERATION(VALUE)    "\"op\":{\"kind\":\"state\",\"value\":\"" VALUE "\",\"block\":32}"
#define CALL(EVENT)         "[0,\"" EVENT "\",1048576,32768,3,3]"
#define FULL(EVENT, ANSWER) "[\"ksm\",100,\"" EVENT "\",\"OK\",0,0],[0,-5,\"" EVENT "\",\"" ANSWER "\",0,0]"
#define RESULT(ERRNO, NAME, RET, BEFORE, FINAL, TRACE, FULL_TRACE)                                                     \
	"\"errno\":" ERRNO ",\"errname\":\"" NAME "\",\"ret\":" RET ",\"before\":" BEFORE ",\"final\":" FINAL          \
	",\"uevents\":[],\"trace\":[" TRACE "],\"full_trace\":[" FULL_TRACE "]"

#define ONLINE                                                                                                         \
	OPERATION("online_movable")                                                                                    \
	"," RESULT("0", "0", "14", SHOWN_OFF, SHOWN_ON, CALL("GOING_ONLINE") "," CALL("ONLINE"),                       \
		   FULL("GOING_ONLINE", "DONE") "," FULL("ONLINE", "DONE"))
#define OFFLINE                                                                                                        \
	OPERATION("offline")                                                                                           \
	"," RESULT("0", "0", "7", SHOWN_ON, SHOWN_OFF, CALL("GOING_OFFLINE") "," CALL("OFFLINE"),                      \
		   FULL("GOING_OFFLINE", "DONE") "," FULL("OFFLINE", "DONE"))
#define REFUSED                                                                                                        \
	OPERATION("online_movable")                                                                                    \
	"," RESULT("12", "ENOMEM", "-12", SHOWN_OFF, SHOWN_OFF, CALL("GOING_ONLINE") "," CALL("CANCEL_ONLINE"),        \
		   FULL("GOING_ONLINE", "errno:-12") "," FULL("CANCEL_ONLINE", "DONE"))
/* A word that is none, of which nobody hears. */
#define NONSENSE OPERATION("offline") "," RESULT("22", "EINVAL", "-22", SHOWN_OFF, SHOWN_OFF, "", "")

#define CASE(NAME, RETURNS, SETUP, OP, POST)                                                                           \
	"{\"name\":\"" NAME "\",\"world\":\"U\",\"chain\":[{\"cb\":0,\"prio\":-5,\"returns\":{" RETURNS                \
	"}}],\"setup\":[" SETUP "]," OP ",\"post\":[" POST "]}\n"
#define ENOMEM_ONCE "\"GOING_ONLINE\":\"errno:-12\""

#define INSMOD(NAME) "{\"insmod\":\"" NAME "\",\"err\":0}"
#define RMMOD(NAME)  "{\"rmmod\":\"" NAME "\",\"err\":0}"
#define ARM(VALUE)   "{\"write\":\"" MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error\",\"value\":\"" VALUE "\",\"err\":0}"
#define INJECTED                                                                                                       \
	CASE("e-enomem", "",                                                                                           \
	     INSMOD("notifier-error-inject") "," INSMOD("memory-notifier-error-inject") "," ARM("-12\\n"), REFUSED,    \
	     RMMOD("memory_notifier_error_inject") "," RMMOD("notifier_error_inject"))

struct replaying {
	struct made_up_kernel kernel;
	char cases[64], worlds[64];
	struct mh_kernel_replay_request request;
	enum mh_run_end end;
	struct mh_conform_counts counts;
	struct mh_text judged, announced, failures;
	struct mh_error error;
};

static void put(char ret_path[64], const char *text)
{
	int fd;

	snprintf(ret_path, 64, "/tmp/memhp-unit-replay.XXXXXX");
	fd = mkstemp(ret_path);
	cr_assert(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void announce(void *data, const char *text)
{
	struct replaying *replaying = data;

	mh_text_add(&replaying->announced, "%s", text);
}

static void judged(void *data, const struct mh_conform_judgement *judgement)
{
	struct replaying *replaying = data;

	mh_text_add(&replaying->judged, "%s %s: %s\n", judgement->name, mh_conform_verdict_names[judgement->verdict],
		    judgement->text);
}

static void set_up_on(struct replaying *replaying, const char *release)
{
	struct made_up_tree *made_up = &replaying->kernel.made_up;

	*replaying = (struct replaying){
		.judged = MH_TEXT_INIT, .announced = MH_TEXT_INIT, .failures = MH_TEXT_INIT, .error = {.text = ""}};
	made_up_kernel_init(&replaying->kernel, release);
	made_up_modules(made_up);
	made_up_block(made_up, 0, "online\n", "DMA32\n", 0);
	made_up_file(made_up, "/sys/devices/system/node/online", "0,3\n");
	made_up_file(made_up, AUTO_ONLINE, "online\n");
	made_up_file(made_up, POLICY, "contig-zones\n");
	put(replaying->worlds, "{\"U\":" WORLD("6.1.0-56-amd64", "0,3") "}");
	replaying->request = (struct mh_kernel_replay_request){
		.tree = &made_up->tree, .blocks = "32-35", .announce = announce, .data = replaying};
}

static void set_up(struct replaying *replaying)
{
	set_up_on(replaying, MADE_UP_RELEASE);
}

static void replay(struct replaying *replaying, const char *cases)
{
	if (!replaying->cases[0])
		put(replaying->cases, cases);
	replaying->request.conform.cases = replaying->cases;
	replaying->request.conform.worlds = replaying->worlds;
	replaying->request.conform.judged = judged;
	replaying->request.conform.data = replaying;
	replaying->end =
		mh_kernel_replay_run(&replaying->request, &replaying->counts, &replaying->failures, &replaying->error);
}

static void release(struct replaying *replaying)
{
	mh_text_release(&replaying->judged);
	mh_text_release(&replaying->announced);
	mh_text_release(&replaying->failures);
	unlink(replaying->cases);
	unlink(replaying->worlds);
	made_up_kernel_release(&replaying->kernel);
}

static void expect_as_before(struct replaying *replaying)
{
	struct made_up_tree *made_up = &replaying->kernel.made_up;
	char shown[MH_KERNEL_VALUE_SIZE];

	for (unsigned index = 32; index < 36; index++)
		cr_expect_str_eq(made_up_state(made_up, index, shown), "offline", "block %u", index);
	cr_expect_eq(strncmp(made_up_content(made_up, AUTO_ONLINE, shown), "online\n", 7), 0, "%s", shown);
	cr_expect_not(mh_kernel_has(&made_up->tree, MADE_UP_INSTANCE));
	cr_expect_not(mh_kernel_module_is_loaded(&made_up->tree, "memory_notifier_error_inject"));
	cr_expect_not(mh_kernel_module_is_loaded(&made_up->tree, "notifier_error_inject"));
}

static void expect_counts(const struct replaying *replaying, unsigned long passed, unsigned long failed,
			  unsigned long skipped)
{
	cr_expect_eq(replaying->end, MH_RUN_ENDED, "end %d: %s", replaying->end, replaying->error.text);
	cr_expect(replaying->counts.of[MH_CONFORM_PASSED] == passed &&
			  replaying->counts.of[MH_CONFORM_FAILED] == failed &&
			  replaying->counts.of[MH_CONFORM_SKIPPED] == skipped,
		  "%lu passed, %lu failed, %lu skipped:\n%s", replaying->counts.of[MH_CONFORM_PASSED],
		  replaying->counts.of[MH_CONFORM_FAILED], replaying->counts.of[MH_CONFORM_SKIPPED],
		  replaying->judged.data);
}

static void expect_judged(const struct replaying *replaying, const char *text)
{
	cr_expect_not_null(strstr(replaying->judged.data, text), "no '%s' in:\n%s", text, replaying->judged.data);
}

Test(kernel_replay, passes_what_the_kernel_does_as_recorded)
{
	struct replaying replaying;

	set_up(&replaying);
	replay(&replaying, CASE("n-online", "", "", ONLINE, "") CASE("n-offline", "", "{" ONLINE "}", OFFLINE, "")
				   CASE("i-offline", "", "", NONSENSE, ""));
	expect_counts(&replaying, 3, 0, 0);
	cr_expect_not_null(strstr(replaying.announced.data, "memory35  offline  node 3"), "%s",
			   replaying.announced.data);
	expect_as_before(&replaying);
	release(&replaying);
}

/* In the callback's place, or by the case itself; before each the injector is not there. */
Test(kernel_replay, refuses_by_the_kernels_own_injector)
{
	struct replaying replaying;

	set_up(&replaying);
	replay(&replaying, CASE("m-errno", ENOMEM_ONCE, "", REFUSED, "") INJECTED CASE("n-online", "", "", ONLINE, "")
				   CASE("m-again", ENOMEM_ONCE, "", REFUSED, ""));
	expect_counts(&replaying, 4, 0, 0);
	expect_as_before(&replaying);
	release(&replaying);
}

/* "ret" in the middle of a case: it fails twice, then succeeds. */
Test(kernel_replay, tells_the_injector_what_a_callback_is_told)
{
	struct replaying replaying;

	set_up(&replaying);
	replay(&replaying, CASE("f-twice", "",
				"{\"ctl\":\"ret 0 GOING_ONLINE errno:-12 0 2\",\"err\":0},{" REFUSED "},{" REFUSED "}",
				ONLINE, ""));
	expect_counts(&replaying, 1, 0, 0);
	expect_as_before(&replaying);
	release(&replaying);
}

/* Kernels that do what none should: each is a difference, shown with both sides. */
static const struct {
	enum misdeed misdeed;
	const char *cases, *says;
} misdeeds[] = {
	{MISDEED_NO_CANCEL, CASE("c", ENOMEM_ONCE, "", REFUSED, ""),
	 "> [\"CANCEL_ONLINE\",1048576,32768,3,3,null]        -"},
	{MISDEED_WRONG_ERRNO, CASE("c", ENOMEM_ONCE, "", REFUSED, ""), "> \"ENOMEM\"  \"EIO\""},
	{MISDEED_DEAF_INJECTOR, CASE("c", ENOMEM_ONCE, "", REFUSED, ""), "[\"ONLINE\",1048576,32768,3,3,null]"},
	{MISDEED_STATE_KEPT, CASE("c", "", "", ONLINE, ""), "> state        \"online\"     \"offline\""},
	{MISDEED_SILENT, CASE("c", "", "", ONLINE, ""), "> [\"ONLINE\",1048576,32768,3,3,null]        -"},
	{MISDEED_GARBLED_TRACE, CASE("c", "", "", ONLINE, ""), "op: a line of the trace cannot be read"},
	{MISDEED_LOST_EVENTS, CASE("c", "", "", ONLINE, ""), "op: the trace lost events"},
	{MISDEED_OTHER_WRITER, CASE("c", "", "", REFUSED, ""), "others changed memory meanwhile"},
};

ParameterizedTestParameters(kernel_replay, fails_what_differs)
{
	static int rows[sizeof(misdeeds) / sizeof(misdeeds[0])];

	for (int i = 0; i < (int)(sizeof(misdeeds) / sizeof(misdeeds[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(misdeeds) / sizeof(misdeeds[0]));
}

ParameterizedTest(const int *row, kernel_replay, fails_what_differs)
{
	struct replaying replaying;

	set_up(&replaying);
	replaying.kernel.misdeed = misdeeds[*row].misdeed;
	replay(&replaying, misdeeds[*row].cases);
	expect_counts(&replaying, 0, 1, 0);
	expect_judged(&replaying, misdeeds[*row].says);
	expect_as_before(&replaying);
	release(&replaying);
}

/* What a kernel without a module of ours cannot be made to do. */
#define BESIDE                                                                                                         \
	"\"op\":{\"kind\":\"state\",\"value\":\"offline\",\"block\":32,\"meanwhile\":[{\"after_ms\":5,\"do\":\"sig "   \
	"9\"}]}," RESULT("0", "0", "7", SHOWN_ON, SHOWN_OFF, "", "")
#define PATH(PLACE)                                                                                                    \
	"\"op\":{\"kind\":\"path\",\"path\":\"" PLACE "\",\"value\":\"1\"}," RESULT("0", "0", "1", "{}", "{}", "", "")

static const struct {
	const char *cases, *says;
} unreached[] = {
	{CASE("c", "\"ONLINE\":\"errno:-12\"", "", ONLINE, ""),
	 "callback 0 answers ONLINE by errno:-12, which the kernel's injector cannot"},
	{CASE("c", "\"GOING_ONLINE\":\"STOP\"", "", ONLINE, ""), "callback 0 answers GOING_ONLINE by STOP"},
	{CASE("c", "", "{\"ctl\":\"ret 0 OFFLINE BAD\",\"err\":0}", ONLINE, ""), "callback 0 answers OFFLINE by BAD"},
	{CASE("c", "", "{\"ctl\":\"add 1 5\",\"err\":0}", ONLINE, ""), "a callback of ours in the kernel would have"},
	{CASE("c", "", "{\"ctl\":\"delay 0 GOING_ONLINE 50\",\"err\":0}", ONLINE, ""), "a callback of ours"},
	{CASE("c", "", "", BESIDE, ""), "something is done beside the operation"},
	{CASE("c", "", "{\"use\":\"anon\",\"node\":3,\"mb\":1,\"err\":0}", ONLINE, ""), "a process would have to use"},
	{CASE("c", "", "", PATH("/etc/passwd"), ""), "it writes to '/etc/passwd', which is neither"},
	{CASE("c", "", "{\"write\":\"/proc/sys/kernel/panic\",\"value\":\"1\",\"err\":0}", ONLINE, ""),
	 "it writes to '/proc/sys/kernel/panic'"},
	{CASE("c", "", "{\"query\":\"/dev/zero\",\"value\":\"0\"}", ONLINE, ""),
	 "it reads '/dev/zero', which is outside"},
	{CASE("c", "", "{\"query\":\"/sys/../dev/zero\",\"value\":\"0\"}", ONLINE, ""), "it reads '/sys/../dev/zero'"},
	{CASE("c", "", INSMOD("evil"), ONLINE, ""), "module 'evil' with '' is not the injector's"},
	{CASE("c", "", "{\"insmod\":\"notifier-error-inject\",\"params\":\"x=1\",\"err\":0}", ONLINE, ""),
	 "with 'x=1' is not the injector's"},
	{CASE("c", ENOMEM_ONCE, INSMOD("notifier-error-inject"), REFUSED, ""), "it needs the injector twice"},
	{CASE("c", "",
	      "{\"op\":{\"kind\":\"state\",\"value\":\"offline\",\"block\":0}," RESULT("0", "0", "7", SHOWN_ON,
										       SHOWN_OFF, "", "") "}",
	      ONLINE, ""),
	 "block 0 is not among the --blocks"},
};

ParameterizedTestParameters(kernel_replay, skips_what_it_cannot_do_and_says_why)
{
	static int rows[sizeof(unreached) / sizeof(unreached[0])];

	for (int i = 0; i < (int)(sizeof(unreached) / sizeof(unreached[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(unreached) / sizeof(unreached[0]));
}

ParameterizedTest(const int *row, kernel_replay, skips_what_it_cannot_do_and_says_why)
{
	char cases[16384];
	struct replaying replaying;

	set_up(&replaying);
	snprintf(cases, sizeof(cases), "%s%s", unreached[*row].cases, CASE("i-offline", "", "", NONSENSE, ""));
	replay(&replaying, cases);
	expect_counts(&replaying, 1, 0, 1);
	expect_judged(&replaying, unreached[*row].says);
	cr_expect_null(strstr(replaying.kernel.made_up.log.data, "/etc/passwd"));
	expect_as_before(&replaying);
	release(&replaying);
}

/* Machines on which it was not recorded. */
static const struct {
	const char *path, *content, *says; /* a file that is another there; a NULL content: a folder more */
} others[] = {
	{"/proc/sys/kernel/osrelease", "6.12.5\n", "it runs Linux 6.12.5, and that one 6.1.0-56-amd64"},
	{MH_KERNEL_MEMORY "/block_size_bytes", "10000000\n",
	 "/block_size_bytes' shows '10000000' instead of '8000000'"},
	{"/sys/devices/system/node/online", "0-3\n", "/node/online' shows '0-3' instead of '0,3'"},
	{MH_KERNEL_MEMORY "/memory36/state", "offline\n", "it has a block 36"},
	{"/sys/module/memory_hotplug/parameters/memmap_on_memory", "Y\n", "it was booted with memmap_on_memory"},
	{"/proc/cmdline", "quiet movable_node x\n", "it was booted with movable_node"},
};

ParameterizedTestParameters(kernel_replay, is_for_the_machine_of_the_recording)
{
	static int rows[sizeof(others) / sizeof(others[0])];

	for (int i = 0; i < (int)(sizeof(others) / sizeof(others[0])); i++)
		rows[i] = i;
	return cr_make_param_array(int, rows, sizeof(others) / sizeof(others[0]));
}

ParameterizedTest(const int *row, kernel_replay, is_for_the_machine_of_the_recording)
{
	struct replaying replaying;
	char text[256];

	set_up(&replaying);
	made_up_file(&replaying.kernel.made_up, others[*row].path, others[*row].content);
	replay(&replaying, CASE("n-online", "", "", ONLINE, ""));
	cr_expect_eq(replaying.end, MH_RUN_REFUSED_ENVIRONMENT, "end %d", replaying.end);
	cr_expect_eq(replaying.counts.of[MH_CONFORM_SKIPPED], 1u);
	snprintf(text, sizeof(text), "n-online skipped: this machine is not world U: ");
	expect_judged(&replaying, text);
	expect_judged(&replaying, others[*row].says);
	cr_expect_not_null(strstr(replaying.error.text, "no case was replayed: "), "%s", replaying.error.text);
	expect_as_before(&replaying);
	release(&replaying);
}

Test(kernel_replay, touches_nothing_without_blocks_or_with_wrong_ones)
{
	static const struct {
		const char *blocks, *says;
		enum mh_run_end end;
	} rows[] = {
		{NULL, "name the blocks that it may touch, such as --blocks 32-40", MH_RUN_REFUSED_INPUT},
		{"34-32", "'34-32' is no list of blocks", MH_RUN_REFUSED_INPUT},
		{"32-36", "memory36/state': No such file", MH_RUN_REFUSED_ENVIRONMENT},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct replaying replaying;

		set_up(&replaying);
		replaying.request.blocks = rows[i].blocks;
		replay(&replaying, CASE("n-online", "", "", ONLINE, ""));
		cr_expect_eq(replaying.end, rows[i].end, "row %zu: end %d", i, replaying.end);
		cr_expect_not_null(strstr(replaying.error.text, rows[i].says), "row %zu: %s", i, replaying.error.text);
		cr_expect_str_eq(replaying.kernel.made_up.log.data, "");
		release(&replaying);
	}
}

/* What came before leaves no trace: neither in the files nor in what a block remembers. */
Test(kernel_replay, begins_each_case_where_it_was_recorded)
{
	struct replaying replaying;

	set_up(&replaying);
	replay(&replaying,
	       CASE("z-policy", "",
		    "{\"write\":\"" POLICY "\",\"value\":\"auto-movable\\n\",\"err\":0},{\"query\":\"" POLICY
		    "\",\"value\":\"auto-movable\"},{\"query\":\"" AUTO_ONLINE "\",\"value\":\"offline\"}",
		    ONLINE,
		    "{" OPERATION("online_kernel") "," RESULT("22", "EINVAL", "-22", SHOWN_ON, SHOWN_ON, "", "") "}")
		       CASE("z-next", "", "{\"query\":\"" POLICY "\",\"value\":\"contig-zones\"}", ONLINE, ""));
	expect_counts(&replaying, 2, 0, 0);
	cr_expect_not_null(strstr(replaying.kernel.made_up.log.data,
				  "memory32/state online_kernel\n" POLICY " contig-zones\n" MH_KERNEL_MEMORY
				  "/memory32/state offline\n" MH_KERNEL_MEMORY
				  "/memory32/state online_movable\n" MH_KERNEL_MEMORY "/memory32/state offline\n"),
			   "%s", replaying.kernel.made_up.log.data);
	expect_as_before(&replaying);
	release(&replaying);
}

Test(kernel_replay, fails_a_case_that_cannot_begin)
{
	struct replaying replaying;

	set_up(&replaying);
	replaying.request.blocks = "33-35";
	made_up_block(&replaying.kernel.made_up, 32, "online\n", "Movable\n", 3);
	replay(&replaying, "{\"name\":\"c\",\"world\":\"U\",\"chain\":[],\"setup\":[]," PATH(AUTO_ONLINE) "}");
	expect_counts(&replaying, 0, 1, 0);
	expect_judged(&replaying, "c failed: where it began cannot be reached: block 32 is online, and was offline: it "
				  "is not among the --blocks");
	release(&replaying);
}

Test(kernel_replay, uses_an_injector_that_is_loaded_but_does_not_load_it_anew)
{
	struct made_up_tree *made_up;
	struct replaying replaying;
	char shown[MH_KERNEL_VALUE_SIZE];

	set_up(&replaying);
	made_up = &replaying.kernel.made_up;
	made_up_folder(made_up, "/sys/module/notifier_error_inject");
	made_up_folder(made_up, "/sys/module/memory_notifier_error_inject");
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", "0\n");
	made_up_file(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_OFFLINE/error", "0\n");
	replay(&replaying, CASE("m-errno", ENOMEM_ONCE, "", REFUSED, "") INJECTED CASE("n-online", "", "", ONLINE, ""));
	expect_counts(&replaying, 2, 0, 1);
	expect_judged(&replaying, "e-enomem skipped: it loads the injector, which is loaded already: rmmod "
				  "memory_notifier_error_inject notifier_error_inject");
	cr_expect(mh_kernel_module_is_loaded(&made_up->tree, "memory_notifier_error_inject"));
	made_up_content(made_up, MH_KERNEL_INJECTOR "/MEM_GOING_ONLINE/error", shown);
	cr_expect_eq(strncmp(shown, "0\n", 2), 0, "%s", shown);
	release(&replaying);
}

Test(kernel_replay, skips_what_refuses_where_there_is_no_injector)
{
	struct replaying replaying;

	set_up(&replaying);
	made_up_file(&replaying.kernel.made_up, MADE_UP_MODULES "/modules.dep", "");
	replay(&replaying, CASE("m-errno", ENOMEM_ONCE, "", REFUSED, "") INJECTED CASE("n-online", "", "", ONLINE, ""));
	expect_counts(&replaying, 1, 0, 2);
	expect_judged(&replaying, "m-errno skipped: it needs the kernel's error injector, and there is no module "
				  "memory_notifier_error_inject to load");
	expect_as_before(&replaying);
	release(&replaying);
}

static volatile sig_atomic_t stop;

static int stop_at_online(struct made_up_tree *made_up, const char *path, const char *value)
{
	(void)made_up;
	(void)path;
	stop |= strcmp(value, "online_movable") == 0;
	return 0;
}

Test(kernel_replay, ends_by_a_signal_between_two_steps)
{
	struct replaying replaying;

	set_up(&replaying);
	replaying.kernel.made_up.answer = stop_at_online;
	replaying.request.conform.stop = &stop;
	replay(&replaying, CASE("n-online", "", "", ONLINE, "") CASE("n-next", "", "", ONLINE, ""));
	cr_expect_eq(replaying.end, MH_RUN_ENDED_BY_SIGNAL);
	cr_expect_null(strstr(replaying.judged.data, "n-next"), "%s", replaying.judged.data);
	release(&replaying);
}

Test(kernel_replay, tells_what_could_not_be_put_back)
{
	struct replaying replaying;

	set_up(&replaying);
	replaying.kernel.made_up.failure = (struct made_up_failure){CALL_WRITE, "memory32/state", 1, 0, -EBUSY};
	replay(&replaying, CASE("n-online", "", "", ONLINE, ""));
	cr_expect_eq(replaying.end, MH_RUN_ENDED_BY_LIMIT);
	cr_expect_not_null(
		strstr(replaying.failures.data, "block 32 cannot be put back ('offline': Device or resource"), "%s",
		replaying.failures.data);
	cr_expect_not_null(strstr(replaying.failures.data, "not everything was put back; as root:\nrmmod "), "%s",
			   replaying.failures.data);
	release(&replaying);
}

/* In the middle of a case, armed, with a block away. */
Test(kernel_replay, killed_it_is_put_back_by_its_guard, .timeout = 30)
{
	struct replaying replaying;
	int life[2], status;
	pid_t child;
	char byte;

	set_up(&replaying);
	replaying.kernel.kill_at = 2;
	put(replaying.cases, CASE("m-offline", "\"GOING_OFFLINE\":\"errno:-12\"", "{" ONLINE "}", OFFLINE, ""));
	cr_assert_eq(pipe(life), 0);
	child = fork();
	cr_assert_geq(child, 0);
	if (child == 0) {
		replay(&replaying, NULL);
		_exit(0);
	}
	close(life[1]);
	cr_assert_eq(waitpid(child, &status, 0), child);
	cr_expect(WIFSIGNALED(status), "status %#x", (unsigned)status);
	cr_expect_eq(read(life[0], &byte, 1), 0); /* until its guard has ended, too */
	expect_as_before(&replaying);
	release(&replaying);
}
