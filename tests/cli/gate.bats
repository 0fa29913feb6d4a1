# SPDX-License-Identifier: GPL-2.0-or-later
# gate: two sides, a verdict and an exit code.

load cli
load gated

@test "gate --counts: the same source twice is a PASS, and leaves two result folders and its report" {
	gated
	modules
	bench gate gated.yaml --counts --a module:drv=base.so --b module:drv=same.so -o out
	exits 0
	verdict pass 0
	stderr_has 'memhp-bench gate: A: module drv=base.so; B: module drv=same.so'
	stdout_has 'PASS: '
	jq -e '.verdict == "PASS"' out/gate.json
	jq -e '.status == "ok" and (.pairs | length) == 1 and .treatment == "A: module drv=base.so; B: module drv=same.so"' \
		out/pairs.json
	jq -e '.pair.side == "B" and .pair.index == 0 and (.pair.treatment | test("same.so")) and .env.probes.after.add_ns > 0' \
		out/b/cells/main/run-001/run.json
	# What listeners are called is the name of the side, not of the file.
	jq -e '[.series[].tag] | index("steady/cb.drv")' out/a/cells/main/run-001/run.json
	[ "$(jq -c '[.counts[].name]' out/a/cells/main/run-001/run.json)" = \
		"$(jq -c '[.counts[].name]' out/b/cells/main/run-001/run.json)" ]
	grep -q '^PASS: ' out/report.txt
	bench show out
	exits 0
	stdout_has 'PASS: '
	bench show --format json out
	exits 0
	[ "$(jq -S 'del(.command)' <<<"$output")" = "$(jq -S 'del(.command)' out/gate.json)" ]
}

@test "gate --counts: one grace period more in OFFLINE is REGRESSED, and named" {
	gated
	modules
	bench gate gated.yaml --counts --a module:drv=base.so --b module:drv=grace.so
	exits 1
	verdict regressed 1
	stdout_has 'REGRESSED: '
	stdout_has 'synchronize_rcu'
	stdout_has 'drv'
	[[ ${output,,} == *offline* ]]
}

@test "gate --counts: one allocation more in GOING_ONLINE is REGRESSED; with the sides exchanged it is none" {
	gated
	modules
	bench gate gated.yaml --counts --a module:drv=base.so --b module:drv=memory.so
	exits 1
	stdout_has 'kzalloc'
	[[ ${output,,} == *going_online* ]]
	bench gate gated.yaml --counts --b module:drv=base.so --a module:drv=memory.so
	exits 0
	verdict 'improved|pass' 0 || verdict improved 0 || verdict pass 0
}

@test "gate --counts: the module of the scenario, or of --module, is replaced and keeps its arguments" {
	gated
	modules
	mkdir own
	cp base.so own/drv.so
	bench gate gated.yaml --counts --module own/drv.so --b module:drv=grace.so -o out
	exits 1
	stdout_has 'synchronize_rcu'
	[ "$(grep -c 'path:' out/b/scenario.resolved.yaml)" -eq 1 ]
	stderr_has '--module own/drv.so'
}

@test "gate: counts come first, and where they decide no time is run" {
	gated
	modules
	bench gate gated.yaml --a module:drv=base.so --b module:drv=grace.so -o out
	exits 1
	verdict regressed 1
	stdout_has 'counts decide: times were not run'
	[ "$(ls out/a/cells/main)" = run-001 ]
}

@test "gate: times are run in pairs of the same seed, in balanced order, until they are decided" {
	gated
	bench gate gated.yaml --b set:machine.lock_wait=poll -o out
	[ "$status" -eq 0 ] || [ "$status" -eq 4 ]
	if [ "$status" -eq 4 ]; then
		stdout_has 'were disturbed'
		skip "this host is too busy"
	fi
	verdict pass 0
	jq -e '[.pairs[] | select(.discarded == null)] | length == 8' out/pairs.json
	jq -e '[.pairs[] | select(.discarded == null)] | sort_by(.index) | [range(0; 8; 2) as $i | (.[$i].order != .[$i + 1].order)] | all' \
		out/pairs.json
	jq -e '.verdict == "PASS" and ([.lines[] | select(.kind == "time")] | length) == 1' out/gate.json
	# The pairs are found again as such.
	bench gate out/a out/b
	exits 0
	verdict pass 0
	stdout_has 'A: the scenario as it is; B: set machine.lock_wait=poll'
	[[ $output != *unpaired* ]]
	bench gate out/b out/a
	exits 0
	stdout_has 'unpaired'
}

@test "gate: a disturbed pair is discarded by its monitor, kept, named, and there may be one in four" {
	gated
	sed -i 's/threads: 1}/threads: 1, arrival: constant, rate: 3000000\/s, max_outstanding: 1}/' gated.yaml
	bench gate gated.yaml --b set:machine.lock_wait=poll -o out
	exits 4
	verdict invalid 4
	stdout_has 'INVALID: 3 of 8 pairs were disturbed, and at most 2 may be'
	stdout_has 'the load generator was late'
	jq -e '.status == "stopped" and .discarded == 3' out/pairs.json
	jq -e '[.cells[].runs[].discarded] | all' out/a/manifest.json
	bench compare out/a out/b
	exits 5
	stderr_has 'no run that can be compared'
}

@test "gate: two result folders of one run a side are UNDERPOWERED: 4, or 0 by --undecided warn" {
	gated
	sed -i 's/tolerance: 100%/tolerance: 1%/' gated.yaml
	for side in base candidate; do
		bench run gated.yaml -o $side
		exits 0
	done
	bench gate base candidate
	exits 4
	verdict underpowered 4
	stdout_has 'unpaired: drift'
	bench gate base candidate --undecided warn
	exits 0
	verdict underpowered 0
	bench gate base candidate --counts
	exits 0
	verdict pass 0
	bench gate base candidate --undecided perhaps
	exits 2
}

@test "gate: two folders whose times differ by far are REGRESSED, the other way round IMPROVED" {
	gated
	sed 's/name: low, priority: -1/&, cost: 200us/' gated.yaml >slow.yaml
	bench run gated.yaml --runs 8 -D phases.steady.ops=200 -o base
	exits 0
	bench run slow.yaml --runs 8 -D phases.steady.ops=200 -o slow
	exits 0
	bench gate base slow
	exits 5
	verdict not-comparable 5
	stderr_has 'they differ in: chain; --across'
	bench gate base slow --across
	exits 1
	verdict regressed 1
	stdout_has 'steady/response.p50'
	bench gate slow base --across
	exits 0
	verdict improved 0
}

@test "gate: an SLO is held against the bound of all runs" {
	gated
	echo 'slo: [{expr: "steady/response.p50 < 1ns"}, {expr: "steady/response.p50 < 2ns", require: false}]' >>gated.yaml
	for side in base candidate; do
		bench run gated.yaml -o $side
		exits 1
	done
	bench gate base candidate
	exits 1
	verdict regressed 1
	stdout_has 'steady/response.p50 < 1ns'
	[[ $output != *'< 2ns'* ]]
}

@test "gate: what check --gate refuses is refused, and nothing runs" {
	gated
	bench gate gated.yaml --b set:verify.level=off -o out
	exits 2
	stderr_has 'cannot be gated'
	bench gate gated.yaml --counts --b set:verify.level=off -o out
	exits 2
	sed -i 's/ops: 2000/for: 1s/' gated.yaml
	bench gate gated.yaml --b set:chain.type=rwlock -o out
	exits 2
	stderr_has "is bounded by 'for'"
	bench gate "$TINY" --b set:chain.type=rwlock -o out
	exits 2
	stderr_has "no section 'gate'"
	[ ! -e out ]
}

@test "gate: wrong arguments are told" {
	gated
	for words in '' 'gated.yaml' 'absent.yaml --b set:x=1' 'gated.yaml --b set:x' 'gated.yaml --b set:seed=1' \
		'gated.yaml --b module:drv' 'gated.yaml --b module:drv=absent.so' 'gated.yaml --b ./absent' \
		'gated.yaml --b set:chain.typ=rwlock' 'gated.yaml gated.yaml gated.yaml' '. --b set:x=1' '. .' \
		'gated.yaml --b set:chain.type=rwlock --across' 'gated.yaml --b set:chain.type=rwlock --shard 1/2'; do
		# shellcheck disable=SC2086
		bench gate $words
		[ "$status" -eq 2 ] || { echo "gate $words: exit $status: $stderr" >&2; return 1; }
	done
	bench gate --help
	exits 0
	[ "$(wc -l <<<"$output")" -le 40 ]
}

@test "gate: one JSON document on stdout; -q says what went well by the last line alone" {
	gated
	modules
	bench gate gated.yaml --counts --b module:drv=base.so --format json -q
	exits 1
	jq -e '.schema == "memhp-bench/gate" and .verdict == "REGRESSED"' <<<"$output"
	bench gate gated.yaml --counts --a module:drv=base.so --b module:drv=same.so -q
	exits 0
	[ -z "$output" ]
	[ "$(wc -l <<<"$stderr")" -eq 1 ]
}
