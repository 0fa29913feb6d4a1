# SPDX-License-Identifier: GPL-2.0-or-later
# -DMEMHP_COMPAT: a module sees the names of its kernel and no others, and runs only on a machine of that kernel.

load cli

# build COMPAT [COMPILER OPTION…] <TEXT: m.so from a module's text; $status and $output.
build()
{
	local compat=$1
	shift
	cat >m.c
	LC_ALL=C run "${CC:-gcc}" -std=gnu11 -Wall -Werror -shared -fPIC "-DMEMHP_COMPAT=$compat" "$@" \
		-I"$ROOT/include/memhp/kernel" -I"$ROOT/include" m.c -o m.so
}

builds()
{
	build "$@"
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
}

# lacks COMPAT NAME <TEXT: does not compile, and the error names NAME.
lacks()
{
	build "$1"
	[ "$status" -ne 0 ] || { echo "compiled for $1" >&2; return 1; }
	[[ $output == *"$2"* ]] || { printf 'no word of "%s":\n%s\n' "$2" "$output" >&2; return 1; }
}

nids='#include <linux/memory.h>
int f(struct memory_notify *arg);
int f(struct memory_notify *arg) { return arg->status_change_nid_normal + arg->status_change_nid; }'
node='#include <linux/node.h>
static int cb(struct notifier_block *nb, unsigned long action, void *data)
{
	struct node_notify *arg = data;
	return action == NODE_ADDED_FIRST_MEMORY && arg->nid ? NOTIFY_OK : NOTIFY_DONE;
}
int f(void);
int f(void) { return hotplug_node_notifier(cb, 3); }'
prepare='#include <linux/memory.h>
unsigned long f(unsigned long action, struct memory_notify *arg);
unsigned long f(unsigned long action, struct memory_notify *arg)
{
	return action == MEM_PREPARE_ONLINE || action == MEM_FINISH_OFFLINE ? arg->altmap_start_pfn + arg->altmap_nr_pages : 0;
}'

@test "module compat: the nids of an event are there up to 6.12" {
	builds 61 <<<"$nids"
	builds 612 <<<"$nids"
	lacks 73 status_change_nid_normal <<<"$nids"
}

@test "module compat: the chain of nodes is there in 7.3" {
	lacks 61 node_notify <<<"$node"
	lacks 612 NODE_ADDED_FIRST_MEMORY <<<"$node"
	builds 73 <<<"$node"
}

@test "module compat: PREPARE_ONLINE, FINISH_OFFLINE and the memmap's pages are there in 6.12" {
	lacks 61 MEM_PREPARE_ONLINE <<<"$prepare"
	builds 612 <<<"$prepare"
	lacks 73 MEM_FINISH_OFFLINE <<<"$prepare"
}

@test "module compat: numbers and priorities are the kernel's" {
	builds 61 <<<'#include <linux/memory.h>
_Static_assert(MEM_ONLINE == 1 && MEM_CANCEL_OFFLINE == 32 && IPC_CALLBACK_PRI == 10, "61");'
	builds 612 <<<'#include <linux/memory.h>
_Static_assert(MEM_ONLINE == 1 && MEM_PREPARE_ONLINE == 64 && MEM_FINISH_OFFLINE == 128 && HMAT_CALLBACK_PRI == 2, "612");'
	builds 73 <<<'#include <linux/memory.h>
_Static_assert(MEM_ONLINE == 0 && MEM_CANCEL_OFFLINE == 5 && HMAT_CALLBACK_PRI == 6 && CXL_CALLBACK_PRI == 5, "73");
_Static_assert(NODE_ADDING_FIRST_MEMORY == 1 && NODE_CANCEL_REMOVING_LAST_MEMORY == 32, "73");'
	lacks 60 'MEMHP_COMPAT is 61, 612 or 73' <<<'#include <linux/memory.h>'
}

@test "module compat: every header compiles alone for each kernel" {
	each_header
	for compat in 61 612 73; do
		gcc -std=gnu11 -Wall -Werror -fsyntax-only -DMEMHP_COMPAT=$compat -I"$ROOT/include/memhp/kernel" \
			-I"$ROOT/include" headers/*.c
	done
}

@test "module compat: kernel.h is valid C++ for each kernel" {
	command -v g++ >/dev/null || skip "no C++ compiler"
	cat >k.cc <<'END'
#include <memhp/kernel.h>
#include <memhp/kernel.h>
static int cb(struct notifier_block *, unsigned long action, void *data)
{
	const memory_notify *arg = static_cast<const memory_notify *>(data);
	return action == MEM_ONLINE && arg->nr_pages ? notifier_from_errno(-ENOMEM) : NOTIFY_OK;
}
#if MEMHP_COMPAT == 73 || MEMHP_COMPAT == 0
int node_init();
int node_init() { return hotplug_node_notifier(cb, 1); }
#endif
static int init() { return hotplug_memory_notifier(cb, 1); }
static void leave() { memhp_printk("%d", 1); }
module_init(init);
module_exit(leave);
END
	for compat in 0 61 612 73; do
		for standard in c++11 c++17; do
			run g++ -std=$standard -Wall -Wextra -Werror -fsyntax-only "-DMEMHP_COMPAT=$compat" -I"$ROOT/include" k.cc
			[ "$status" -eq 0 ] || { echo "$compat $standard: $output" >&2; return 1; }
		done
	done
}

@test "module compat: a machine of another kernel refuses it, its own takes it" {
	builds 73 <"$ROOT/tests/fixtures/modules/both_73.c"
	bench run "$TINY" --module ./m.so -o a
	exits 2
	stderr_has 'built for the protocol of kernel 73'
	[ ! -e a ]
	bench run "$TINY" --module ./m.so -o a -D machine.compat=v7.3 -D 'machine.topology=pack:2 [numa(memory=128MiB)] core:1 pu:1'
	exits 0
	jq -e '.series[] | select(.tag == "steady/cb.m").count == 8000' a/cells/main/run-001/run.json
	bench run "$TINY" --module ./m.so -o b -D machine.compat=v6.12
	exits 2
}
