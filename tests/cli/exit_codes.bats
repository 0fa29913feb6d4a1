# SPDX-License-Identifier: GPL-2.0-or-later
# The exit codes of what runs two sides, one by one, and which of them wins. Those of `run` alone are in failure.bats
# and many_runs.bats, the verdicts in gate.bats.

load cli
load gated

# A fault whose expectation is not met: every run is incorrect.
incorrect()
{
	gated
	cat >>gated.yaml <<-'END'
		faults:
		  - {name: veto, kind: notifier-veto, where: {callback: low}, trigger: {probability: 1%}, expect: ignored}
	END
}

# A program that says it is a memhp-bench, and does something else when it is to run.
stranger()
{
	printf '#!/bin/sh\n[ "$1" = version ] && exec "%s" "$@"\n%s\n' "$BENCH" "$1" >stranger
	chmod +x stranger
}

# start ARGUMENT…: in the background, until the first pair's second run has begun
start()
{
	local turns=0

	"$BENCH" "$@" -o out 2>stderr >stdout &
	pid=$!
	until [ -s out/b/cells/main/run-001/run.hlog ] && [ -s out/a/cells/main/run-001/run.hlog ]; do
		sleep 0.05
		turns=$((turns + 1))
		[ $turns -lt 400 ] || return 1
	done
}

ended()
{
	wait $pid && status=0 || status=$?
	stderr=$(cat stderr)
	output=$(cat stdout)
	exits "$1"
}

@test "exit 0, 1: see gate.bats; a threshold alone is 1" {
	gated
	echo 'slo: [{expr: "steady/response.p50 < 1ns"}]' >>gated.yaml
	bench run gated.yaml -o base
	exits 1
	bench gate base base
	exits 1
	verdict regressed 1
}

@test "exit 2: a module that is none, found when it is loaded, leaves no folder" {
	gated
	echo none >none.so
	for command in 'gate --counts' ab; do
		# shellcheck disable=SC2086
		bench $command gated.yaml --b module:drv=none.so -o out
		exits 2
		verdict refused 2
		[ ! -e out ]
	done
}

@test "exit 3: a violation on one side ends it, without a verdict on times" {
	incorrect
	for command in gate 'gate --counts' ab calibrate; do
		rm -rf out
		side='--b set:chain.type=rwlock'
		[ "$command" = calibrate ] && side=
		# shellcheck disable=SC2086
		bench $command gated.yaml $side -o out
		exits 3
		[ "$(ls out/a/cells/main out/b/cells/main 2>/dev/null | grep -c run)" -le 2 ]
		[ "$command" = calibrate ] || verdict incorrect 3
	done
}

@test "exit 3 wins over 1: incorrect runs that breach a threshold, too" {
	incorrect
	echo 'slo: [{expr: "steady/response.p50 < 1ns"}]' >>gated.yaml
	bench gate gated.yaml --b set:chain.type=rwlock
	exits 3
	verdict incorrect 3
}

@test "exit 4: a fault that never fires is invalid data, at once" {
	gated
	echo 'faults: [{name: veto, kind: notifier-veto, where: {callback: low, attempt: retry}}]' >>gated.yaml
	bench gate gated.yaml --b set:chain.type=rwlock -o out
	exits 4
	verdict invalid 4
	stdout_has 'never fired'
	[ "$(ls out/a/cells/main out/b/cells/main 2>/dev/null | grep -c run)" -le 2 ]
	bench gate gated.yaml --b set:chain.type=rwlock --undecided warn
	exits 4
}

@test "exit 6: a module whose init fails, or a folder that cannot be made" {
	gated
	cat >fails.c <<-'END'
		#include <linux/errno.h>
		#include <linux/module.h>
		static int __init fails_init(void) { return -EIO; }
		module_init(fails_init);
		MODULE_LICENSE("GPL");
	END
	compile fails.c fails.so
	bench gate gated.yaml --counts --b module:drv=fails.so -o out
	exits 6
	verdict cannot-run 6
	bench gate gated.yaml --counts --b set:chain.type=rwlock -o /proc/none
	exits 6
}

@test "exit 7: --timeout, and a limit of the scenario" {
	gated
	bench gate gated.yaml -D phases.steady.ops=1000000000 --b set:chain.type=rwlock --timeout 1s -o out
	exits 7
	verdict aborted 7
	jq -e '.status == "stopped"' out/pairs.json
	bench ab gated.yaml -D phases.steady.ops=1000000000 -D limits.max_duration=200ms --b set:chain.type=rwlock
	exits 7
}

@test "exit 8: a side that crashes" {
	gated
	stranger 'kill -SEGV $$'
	bench gate gated.yaml --counts --b ./stranger -o out
	exits 8
	verdict internal-error 8
	stdout_has 'side B'
}

@test "exit 130, 143: a signal keeps what there was; both folders stay readable" {
	gated
	for signal in INT:130 TERM:143; do
		rm -rf out
		start gate gated.yaml -D phases.steady.ops=3000000 --b set:chain.type=rwlock
		kill -"${signal%:*}" $pid
		ended "${signal#*:}"
		verdict interrupted "${signal#*:}"
		jq -e '.status == "stopped"' out/pairs.json
		jq -e '.status == "aborted"' out/a/manifest.json out/b/manifest.json
		grep -q 'ended by a signal' out/report.txt
	done
}

@test "kill -9: pairs that were whole are compared, and the rest is named" {
	gated
	start ab gated.yaml -D phases.steady.ops=300000 --b set:chain.type=rwlock --pairs 50
	until [ -e out/b/cells/main/run-002/run.json ]; do sleep 0.05; done
	kill -KILL $pid
	wait $pid || true
	jq -e '.status == "aborted" and .reason == "not finished"' out/pairs.json
	bench compare out/a out/b
	exits 0
	bench show out/a
	exits 0
}

@test "compare: a pair of which one side is gone is left out and named" {
	gated
	bench ab gated.yaml --b set:chain.type=rwlock --pairs 12 -o out
	[ "$status" -ne 4 ] || skip "this host is too busy"
	exits 0
	rm "out/b/cells/main/$(ls out/b/cells/main | tail -n 1)/run.json"
	bench compare out/a out/b
	exits 0
	stdout_has 'its pair is not whole'
}
