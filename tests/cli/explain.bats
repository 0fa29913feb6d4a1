# SPDX-License-Identifier: GPL-2.0-or-later
# explain DIR: the worst operations of each series, taken apart.

load cli

slow()
{
	bench run "$TINY" -o result -D phases.steady.ops=500 \
		-D 'faults=[{name: late, kind: notifier-delay, delay: 5ms, where: {callback: low, event: going_offline}, trigger: {nth: 40}}]' "$@"
	exits 0
}

@test "explain: the longest operation, what it consisted of, and the fault that was in it" {
	slow
	bench explain result
	exits 0
	stdout_has "% of it in listener 'low' on MEM_GOING_OFFLINE"
	stdout_has "fault 'late' fired in 'low' on MEM_GOING_OFFLINE: held it up for 5.0"
	stdout_has 'hotplug lock'
	stdout_has 'scheduler: '
	stdout_has 'cb.high'
	stdout_has 'faulted'
}

@test "explain: fits 100 columns, with block characters and without" {
	slow
	for locale in C.UTF-8 C; do
		LC_ALL=$locale TERM=xterm bench explain -v result
		exits 0
		printf '%s\n' "$output" | python3 -c 'import sys; sys.exit(any(len(l.rstrip("\n")) > 100 for l in sys.stdin))'
	done
}

@test "explain: every series of the run has its longest operation, with the maximum that the run tells" {
	slow
	bench explain result --format json
	exits 0
	printf '%s' "$output" >explained.json
	jq -e --slurpfile run result/cells/main/run-001/run.json '
		[.runs[0].operations[].longest_of[] | {key: .series, value: .value_ns}] | from_entries as $longest
		| $run[0].series | map(select((.tag | split("/") | length) == 2 and .max > 0))
		| all((.tag | split("/")[1]) as $name | $longest[$name] == .max)' explained.json
}

@test "explain: parts add up to the response, as JSON" {
	slow
	bench explain -v result --format json
	jq -e '.schema == "memhp-bench/explain"' <<<"$output"
	jq -e '[.runs[].operations[] | .response_ns - ([.parts[] | select(.part != "listener") | .took_ns] | add)]
		| length > 30 and all(. > -20 and . < 20)' <<<"$output"
	jq -e '.runs[0].operations[0] | .parts[.longest_part].listener == "low" and .faults[0].fault == "late"' <<<"$output"
}

@test "explain: --series picks" {
	slow
	bench explain result --series 'cb.high'
	exits 0
	stdout_has '1 of '
	bench explain result --series nothing
	exits 0
	stdout_has "is the longest of a series 'nothing'"
}

@test "explain: a run without steps says how to get them, one without operations why" {
	slow -D record.stamps=op
	bench explain result
	exits 0
	stdout_has 'record.stamps: event'
	rm -r result
	slow -D record.exemplars=0
	bench explain result
	exits 0
	stdout_has 'The run kept no operation'
}

@test "explain: folders that are none of ours, exit 2 in one sentence" {
	bench explain nowhere
	exits 2
	stderr_has "cannot open 'nowhere'"
	mkdir foreign
	bench explain foreign
	exits 2
	stderr_has 'is no result folder'
	slow
	echo '{' >result/cells/main/run-001/run.json
	bench explain result
	exits 2
	stderr_has 'holds no run that can be read'
	bench explain
	exits 2
	bench explain a b
	exits 2
}

@test "explain: a fault outside of any listener names none, also on a chain without listeners" {
	bench run "$TINY" -o result -D phases.steady.ops=200 -D chain.notifiers=[] \
		-D 'faults=[{name: held, kind: lock-hold, delay: 20ms, trigger: {every: 50}}]'
	exits 0
	jq -e '[.exemplars[].faults[]] | length > 0 and all(.event != null and .listener == null)' \
		result/cells/main/run-001/run.json
	bench explain result -v
	exits 0
	[[ $output =~ fault\ \'held\'\ fired\ on\ MEM_GOING_O[NF]+LINE:\ held\ it\ up\ for\ 2[0-9.]+\ ms,\ answer\ 0 ]]
}
