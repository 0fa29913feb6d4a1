# SPDX-License-Identifier: GPL-2.0-or-later
# A callback that never comes back: the run ends, tells where it hangs, and keeps what was measured.

load cli

# hang ARGUMENT…: runs the tiny scenario with a module whose callback hangs in its 500th call.
hang()
{
	gcc -std=gnu11 -g -O2 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" \
		"$ROOT/tests/fixtures/modules/hangs.c" -o hangs.so
	bench run "$TINY" --module ./hangs.so -D phases.steady.ops=1000000 -D verify.hang_after=300ms \
		-D verify.deadline=100ms -o result "$@"
}

@test "watchdog: exit 7 with the sentence, the place and the stack" {
	hang
	exits 7
	last_line_says 7
	stderr_has "workload 'toggle', worker 0: for 0."
	stderr_has "in listener 'hangs'"
	stderr_has hangs_callback
	stdout_has 'has not come back after verify.hang_after'
}

@test "watchdog: the phase's series and its history are kept" {
	hang
	run=result/cells/main/run-001
	jq -e '.status == "aborted" and (.status_reasons | join(" ") | test("numbers cover"))' $run/run.json
	jq -e '.series[] | select(.tag == "steady/service") | .count > 100' $run/run.json
	jq -e '[.phases[].workloads[].ops.ok] | add > 100' $run/run.json
	jq -e '.verify.checked > 100' $run/run.json
	[ "$(jq -s length $run/history.ndjson)" -gt 100 ]
	jq -e '.status == "aborted" and (.files | length > 4)' result/manifest.json
	[ -z "$(find result -name '*.tmp*')" ]
}

@test "watchdog: the last 20 operations of the history stand on stderr" {
	hang
	[ "$(grep -c '^{"phase":"steady"' <<<"$stderr")" -eq 20 ]
	[ "$(tail -n 1 result/cells/main/run-001/history.ndjson)" = "$(grep '^{"phase"' <<<"$stderr" | tail -n 1)" ]
}

@test "watchdog: several threads are told one by one, those that could end as ended" {
	hang -D workloads.toggle.threads=2 -D machine.hotplug_lock=node
	exits 7
	stderr_has 'worker 0: '
	stderr_has 'worker 1: '
	stderr_has hangs_callback
}

@test "watchdog: who waits for the lock that the hung thread has" {
	for wait in queue poll; do
		rm -rf result
		hang -D workloads.toggle.threads=2 -D machine.lock_wait=$wait
		exits 7
		hung=$(sed -n "s/^watchdog: .* worker \\([01]\\): .* in listener 'hangs'$/\\1/p" <<<"$stderr")
		stderr_has "worker $((1 - hung)): for "
		stderr_has "waits for the hotplug lock, which worker $hung of 'toggle' has"
	done
}

@test "watchdog: an unregister waits for the walk that hangs, on each type of chain" {
	for type in rcu-array rcu-list rwlock mutex; do
		rm -rf result
		hang -D chain.type=$type -D 'workloads=[{name: toggle, kind: hotplug-cycle}, {name: churn, kind: chain-churn}]'
		exits 7
		grep "'churn', worker 0: .*worker 0 of 'toggle'" <<<"$stderr" || {
			printf '%s: %s\n' "$type" "$stderr" >&2
			return 1
		}
	done
}

@test "watchdog: the firings of the hung phase are in faults.ndjson" {
	hang -D 'faults=[{name: veto, kind: notifier-veto, where: {callback: low}, trigger: {probability: 10%}, expect: rollback}]'
	exits 7
	run=result/cells/main/run-001
	fired=$(jq '.faults[0].fired' $run/run.json)
	[ "$fired" -gt 5 ]
	[ "$(wc -l <$run/faults.ndjson)" -eq "$fired" ]
}

@test "watchdog: no further scenario is run beside the threads left behind" {
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" \
		"$ROOT/tests/fixtures/modules/hangs.c" -o hangs.so
	bench run "$TINY" "$TINY" --module ./hangs.so -D phases.steady.ops=1000000 -D verify.hang_after=300ms
	exits 7
	[ "$(ls -d tiny-* | wc -l)" -eq 1 ]
}
