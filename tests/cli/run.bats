# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench run, check and show on a scenario that takes a moment.

load cli

@test "run: report on stdout, verdict in the last line of stderr, the folder as promised" {
	bench run "$TINY" -o result
	exits 0
	last_line_says 0
	stdout_has steady
	stdout_has p99.9
	stdout_has 'times: harness only'
	for file in manifest.json scenario.yaml scenario.resolved.yaml report.txt cells/main/run-001/run.json \
		cells/main/run-001/run.hlog; do
		[ -s "result/$file" ] || { echo "no $file" >&2; return 1; }
	done
	[ "$(ls -A | wc -l)" -eq 1 ]
	[ -z "$(find result -name '*.tmp*')" ]
}

@test "run: run.json counts every operation" {
	bench run "$TINY" -o result
	exits 0
	jq -e '.schema == "memhp-bench/run" and .schema_version == 1 and .status == "ok"' \
		result/cells/main/run-001/run.json
	jq -e '.seed == "0x5eed" and .status == "ok"' result/manifest.json
	[ "$(jq '[.phases[].workloads[].ops | .ok + .expected_fail + .fail + .unexpected] | add' \
		result/cells/main/run-001/run.json)" -eq 2000 ]
	[ "$(jq '.series[] | select(.tag == "steady/response").count' result/cells/main/run-001/run.json)" -eq 2000 ]
	[ "$(jq '.verify.violations | length' result/cells/main/run-001/run.json)" -eq 0 ]
}

@test "run: the same seed fires the same faults" {
	cat >faulty.yaml <<END
$(cat "$TINY")
faults:
  - {name: veto, kind: notifier-veto, where: {callback: low}, trigger: {probability: 5%}}
END
	for side in a b; do
		bench run faulty.yaml -o $side
		exits 0
		cp $side/cells/main/run-001/faults.ndjson faults-$side
	done
	[ "$(wc -l <faults-a)" -gt 50 ]
	cmp faults-a faults-b
	bench run faulty.yaml -o c --seed 0x5eee
	exits 0
	run cmp -s faults-a c/cells/main/run-001/faults.ndjson
	[ "$status" -eq 1 ]
}

@test "run: the repro of the last line runs, and to the same end" {
	bench run "$TINY" -o result
	exits 0
	repro=$(sed -n "\$s/.*repro='\(.*\)'$/\1/p" <<<"$stderr")
	[ -n "$repro" ]
	PATH=$(dirname "$BENCH"):$PATH run bash -c "$repro"
	[ "$status" -eq 0 ]
}

@test "run: without -o the folder is NAME-stamp-id below the working folder" {
	bench run "$TINY"
	exits 0
	[ -s tiny-*/manifest.json ]
}

@test "run: the working folder does not matter, nor where the result is moved" {
	mkdir elsewhere
	cd elsewhere
	bench run "$TINY" -o ../result
	exits 0
	cd ..
	mv result moved
	bench show moved
	exits 0
	stdout_has steady
}

@test "run: --seed, -D and -q" {
	bench run "$TINY" -o result --seed 0x1234 -D phases.steady.ops=500 -q
	exits 0
	last_line_says 0
	[[ ${stderr##*$'\n'} == *seed=0x1234* ]]
	[ "$(jq '[.phases[].workloads[].ops | .ok + .expected_fail + .fail + .unexpected] | add' \
		result/cells/main/run-001/run.json)" -eq 500 ]
	grep -q 500 result/scenario.resolved.yaml
}

@test "run: an override that is wrong is refused before anything runs" {
	bench run "$TINY" -o result -D machine.block_sise=1GiB
	exits 2
	last_line_says 2
	stderr_has "did you mean"
	[ ! -e result ]
	bench run "$TINY" -o result -D phases.steady.ops=0.5
	exits 2
	[ ! -e result ]
}

@test "run: --format json is one JSON document on stdout" {
	bench run "$TINY" -o result --format json
	exits 0
	[ "$(jq -s length <<<"$output")" -eq 1 ]
	bench check "$TINY" --format json
	exits 0
	[ "$(jq -s length <<<"$output")" -eq 1 ]
	bench show result --format json
	exits 0
	[ "$(jq -s length <<<"$output")" -eq 1 ]
}

@test "run: --list names the cells and runs nothing" {
	bench run "$TINY" --list
	exits 0
	stdout_has main
	[ -z "$(ls -A)" ]
}

@test "run: no colour in a pipe, with NO_COLOR, with --color=never" {
	bench run "$TINY" -o a
	[[ $output$stderr != *$'\e['* ]]
	NO_COLOR=1 bench run "$TINY" -o b
	[[ $output$stderr != *$'\e['* ]]
	bench run "$TINY" -o c --color=never
	exits 0
	[[ $output$stderr != *$'\e['* ]]
}

@test "run: an SLO that is breached is exit 1, one that holds is 0" {
	printf '%s\n' "$(cat "$TINY")" 'slo:' '  - {expr: "steady/response.count > 1000000"}' >slo.yaml
	bench run slo.yaml -o breached
	exits 1
	last_line_says 1
	sed -i 's/1000000/1000/' slo.yaml
	bench run slo.yaml -o held
	exits 0
}

@test "run: a fault that never fires is exit 4, unless it is optional" {
	printf '%s\n' "$(cat "$TINY")" 'faults:' \
		'  - {name: never, kind: notifier-veto, where: {callback: low}, trigger: {after: 1000000}}' >never.yaml
	bench run never.yaml -o a
	exits 4
	stderr_has never
	sed -i 's/kind: notifier-veto,/kind: notifier-veto, optional: true,/' never.yaml
	bench run never.yaml -o b
	exits 0
}

@test "run: no file, no such file, a folder, an empty file" {
	bench run
	exits 2
	bench run missing.yaml
	exits 2
	stderr_has missing.yaml
	mkdir folder
	bench run folder
	exits 2
	: >empty.yaml
	bench run empty.yaml
	exits 2
	[ "$(ls -A)" = "$(printf 'empty.yaml\nfolder')" ]
}

@test "check: a good file is told what it will do; nothing is written" {
	bench check "$TINY"
	exits 0
	stdout_has main
	[ -z "$(ls -A)" ]
}

@test "show: no folder, a folder that is no result, a damaged result" {
	bench show
	exits 2
	bench show missing
	exits 2
	stderr_has missing
	mkdir nothing
	bench show nothing
	exits 2
	bench run "$TINY" -o result
	echo '{' >result/cells/main/run-001/run.json
	bench show result
	exits 2
	stdout_has run.json
	stderr_has result
}

@test "show prints what run printed" {
	bench run "$TINY" -o result
	exits 0
	bench show result
	exits 0
	stdout_has steady
	stdout_has p99.9
}

@test "run: what a series' values are worth is told where its intervals can tell it" {
	# Bounded by time: how long a number of operations takes, and so how many intervals it has, is the host's.
	sed 's/ops: 2000/for: 1s/' "$TINY" >second.yaml
	bench run second.yaml -D record.interval=10ms -o many
	exits 0
	jq -e '[.series[] | select(.tag == "steady/service")][0] | .effective_count > 0 and .effective_count <= .count' \
		many/cells/main/run-001/run.json
	bench run "$TINY" -o few
	exits 0
	jq -e '[.series[] | select(.effective_count)] == []' few/cells/main/run-001/run.json
}
