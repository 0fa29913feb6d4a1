# SPDX-License-Identifier: GPL-2.0-or-later
# Exact counts: the same in every run of a scenario, under whatever load; what depends on threads or time says so; and
# a module that calls one thing more is found by name.

load cli

setup_file()
{
	# Other work on every CPU, as on a shared runner.
	for cpu in $(seq "$(nproc)"); do
		nice -n 5 sh -c 'while :; do :; done' 3>&- &
		echo $! >>"$BATS_FILE_TMPDIR/load"
	done
}

teardown_file()
{
	xargs kill <"$BATS_FILE_TMPDIR/load"
}

# counted OUT.so [OPTION…]: the fixture, compiled
counted()
{
	mkdir -p "${1%/*}"
	compile "$ROOT/tests/fixtures/modules/counted.c" "$@"
}

# scenario FILE WORKLOADS PHASES [FAULTS]
scenario()
{
	cat >"$1" <<-EOF
		name: counted
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1", block_size: 64MiB, initial_online: 50%}
		chain: {notifiers: [{name: before, priority: 10}, {name: after, count: 2, priority: -10}]}
		workloads: [$2]
		phases: [$3]
		faults: [${4-}]
	EOF
}

CYCLE='{name: cycle, kind: hotplug-cycle, order: random}'
STORM='{name: storm, kind: hotplug-storm}'
CHURN='{name: churn, kind: alloc-churn}'
WARM='{name: warm, role: warmup, for: 20ms}'
MAIN='{name: main, role: measure, ops: 2000}'

# counts_of FOLDER [RUN]: "NAME VALUE" of each exact count
counts_of()
{
	jq -r '.counts[] | select(.inexact == null) | "\(.name) \(.value)"' "$1/cells/main/run-${2-001}/run.json"
}

inexact_of()
{
	jq -r '.counts[] | select(.inexact != null) | "\(.name): \(.inexact)"' "$1/cells/main/run-${2-001}/run.json"
}

# same_in_many SCENARIO [ARGUMENT…]: all exact counts of many runs are alike, and there are some
same_in_many()
{
	local n

	rm -rf r[0-9]*
	for n in $(seq "${MEMHP_COUNT_RUNS:-4}"); do
		bench run "$@" --seed 7 -o "r$n"
		[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
		counts_of "r$n" >"counts.$n"
		diff counts.1 "counts.$n" || return 1
	done
	grep -q "^main/calls/before/going_offline [1-9]" counts.1
}

@test "counts: the same in every run: faults by probability, count and event, a warm-up by time" {
	scenario s.yaml "$CYCLE" "$WARM, $MAIN" \
		'{name: veto, kind: notifier-veto, where: {callback: "before"}, trigger: {probability: 2%}},
		{name: no, kind: notifier-errno, errno: ENOMEM, where: {callback: "after.1"}, trigger: {every: 17, times: 40}},
		{name: slow, kind: notifier-delay, delay: 3us, trigger: {burst: {good: 0%, bad: 5%, mean_good: "100", mean_bad: "10", domain: events}}}'
	same_in_many s.yaml
	[ -z "$(inexact_of r1)" ]
	grep -q "^main/operations/offline/vetoed [1-9]" counts.1
	grep -q "^main/calls/after.1/cancel_online [1-9]" counts.1
	grep -q "^main/hotplug_locks 2000$" counts.1
}

@test "counts: the same at each verify level, with stamps and without, open or closed, by file or ring" {
	scenario s.yaml "$STORM" "$WARM, $MAIN" '{name: veto, kind: notifier-veto, trigger: {probability: 2%}}'
	same_in_many s.yaml
	cp counts.1 as-is
	for set in verify.level=full record.stamps=pair record.stamps=none verify.history=off verify.history=file \
		chain.type=mutex; do
		rm -rf other
		bench run s.yaml --seed 7 -D "$set" -o other
		[ "$status" -eq 0 ] || { echo "$set: $stderr"; return 1; }
		counts_of other | diff as-is - || { echo "$set"; return 1; }
	done
	scenario s.yaml "{name: storm, kind: hotplug-storm, arrival: poisson, rate: 20000/s}" "$WARM, $MAIN" \
		'{name: veto, kind: notifier-veto, trigger: {probability: 2%}}'
	rm -rf other
	bench run s.yaml --seed 7 -D limits.max_dropped=100% -o other
	counts_of other | diff as-is -
}

@test "counts: of a module's kernel API, by listener, event and symbol; and of its init and exit" {
	counted base/counted.so
	scenario s.yaml "$CYCLE" "$WARM, $MAIN" '{name: veto, kind: notifier-veto, where: {callback: "after.*"}, trigger: {probability: 2%}}'
	same_in_many s.yaml --module base/counted.so
	onlines=$(sed -n 's,^main/calls/counted/going_online ,,p' counts.1)
	grep -q "^main/kapi/counted/going_online/kmalloc $onlines$" counts.1
	grep -q "^main/kapi/counted/going_online/kmalloc.bytes $((onlines * 100))$" counts.1
	grep -q "^main/kapi/counted/going_online/mutex_lock $onlines$" counts.1
	[ "$(grep -c ^main/kapi/ counts.1)" -eq 3 ]
	grep -q "^init/kapi/counted/register_memory_notifier 1$" counts.1
	[[ $(inexact_of r1) == *"exit/kapi/counted/unregister_memory_notifier"*"warm"* ]]
}

# gained MORE: names of the counts that are new or have risen in the later version
gained()
{
	counted base/counted.so
	counted more/counted.so "$1"
	scenario s.yaml "$CYCLE" "$WARM, $MAIN"
	bench run s.yaml --seed 7 --module base/counted.so -o a
	exits 0
	bench run s.yaml --seed 7 --module more/counted.so -o b
	exits 0
	counts_of a | sort >a.txt
	counts_of b | sort >b.txt
	join -a 2 -o 0,1.2,2.2 -e 0 a.txt b.txt | awk '$3 > $2 { print $1 }' >gained
	join -v 1 a.txt b.txt >lost
	[ ! -s lost ]
}

@test "counts: one synchronize_rcu() more in MEM_OFFLINE is one count more" {
	gained -DMORE_GRACE
	[ "$(cat gained)" = main/kapi/counted/offline/synchronize_rcu ]
	[ "$(sed -n 's,^main/kapi/counted/offline/synchronize_rcu ,,p' b.txt)" = "$(sed -n 's,^main/calls/counted/offline ,,p' b.txt)" ]
}

@test "counts: one kzalloc() more in MEM_GOING_ONLINE is that one, and its bytes" {
	gained -DMORE_MEMORY
	[ "$(cat gained)" = "main/kapi/counted/going_online/kmalloc.bytes
main/kapi/counted/going_online/kzalloc" ]
}

@test "counts: a thread of a module's own is inexact, the callback that wakes it is not" {
	counted base/counted.so -DWORKER
	scenario s.yaml "$CYCLE" "$MAIN"
	same_in_many s.yaml --module base/counted.so
	grep -q "^main/kapi/counted/offline/queue_work [1-9]" counts.1
	[[ $(inexact_of r1) == *"main/kapi/thread/mutex_lock: threads of modules"* ]]
}

# inexact WHY: all counts of the phase main say why
inexact()
{
	rm -rf result
	bench run s.yaml --seed 7 -o result
	[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
	[ -z "$(counts_of result | grep ^main/)" ] || { counts_of result; return 1; }
	[[ $(inexact_of result) == *"main/hotplug_locks: "*"$1"* ]] || { inexact_of result; return 1; }
}

@test "counts: inexact where threads interleave: an allocator, a second hotplug thread, listeners that come and go" {
	scenario s.yaml "$CYCLE, $CHURN" "$MAIN"
	inexact "workload 'churn' takes and gives back pages"
	scenario s.yaml "{name: cycle, kind: hotplug-cycle, threads: 2}" "$MAIN"
	inexact "2 hotplug threads"
	scenario s.yaml "$CYCLE, {name: come-and-go, kind: chain-churn}" "$MAIN"
	inexact "workload 'come-and-go' registers"
}

@test "counts: inexact where time decides: the end, a window, bursts of time, what a phase before left" {
	scenario s.yaml "$CYCLE" "{name: main, role: measure, for: 100ms}"
	inexact "ends by time"
	scenario s.yaml "$CYCLE" "$MAIN" '{name: f, kind: notifier-veto, optional: true, trigger: {window: {from: 0s, to: 1ms}}}'
	inexact "fault 'f' acts in a window"
	scenario s.yaml "$CYCLE" "$MAIN" '{name: f, kind: notifier-veto, optional: true, trigger: {burst: {good: 0%, bad: 5%, mean_good: 1ms, mean_bad: 1ms}}}'
	inexact "fault 'f' comes in bursts of time"
	scenario s.yaml "$CYCLE" "$WARM, {name: main, role: measure, ops: 2000, keep_state: true}"
	inexact "phase 'warm' left"
}

@test "counts: what a module does now and then is inexact when it holds more since a warm-up by time" {
	compile "$ROOT/examples/modules/section_table.c" ./section_table.so
	scenario s.yaml "$STORM" "{name: warm, role: warmup, for: 300ms}, $MAIN"
	bench run s.yaml --seed 7 --module ./section_table.so -o a
	exits 0
	[[ $(inexact_of a) == *"main/kapi/section_table/"*": not each call makes it, and modules hold"*"phase 'warm'"* ]]
	scenario s.yaml "$STORM" "{name: warm, role: warmup, ops: 100}, $MAIN"
	same_in_many s.yaml --module ./section_table.so
	grep -q ^main/kapi/section_table counts.1
}
