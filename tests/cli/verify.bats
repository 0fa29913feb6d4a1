# SPDX-License-Identifier: GPL-2.0-or-later
# The checkers over the stored history: a whole folder passes and says how much it covers, each edit of a line is found
# and named, what is hostile is refused, and where there is nothing to check nothing passes.

load cli

HISTORY=cells/main/run-001/history.ndjson

# scenario FILE [FAULTS [VERIFY]]
scenario()
{
	cat >"$1" <<-EOF
		name: checked
		machine: {topology: "pack:2 [numa(memory=1GiB)] core:1 pu:1", block_size: 64MiB, initial_online: 50%}
		chain: {notifiers: [{name: high, priority: 10}, {name: low, count: 2, priority: -10}]}
		workloads: [{name: storm, kind: hotplug-storm, threads: ${THREADS-1}}]
		phases: [{name: one, role: measure, ops: 400}, {name: two, role: measure, ops: 600}]
		faults: [${2-}]
		verify: {history: ${3-file}}
	EOF
}

# made [FAULTS [VERIFY]]: the folder `result`
made()
{
	rm -rf result
	scenario s.yaml "$@"
	bench run s.yaml --seed 5 -o result
	[ "$status" -eq 0 ] || { echo "$stderr"; return 1; }
}

VETO='{name: veto, kind: notifier-veto, where: {callback: "low.0", event: [going_online, going_offline]}, trigger: {probability: 5%}}'

@test "verify: a whole history passes, and says of how much" {
	made "$VETO"
	bench verify result
	exits 0
	last_line_says 0
	stdout_has "one: 400 of 400 operations"
	stdout_has "two: 600 of 600 operations"
	stdout_has "and its blocks' states"
	bench verify result --format json
	exits 0
	jq -e '.schema == "memhp-bench/verify" and .exit == 0 and .changed_files == [] and
		(.runs[0] | .operations == 1000 and .violations == [] and ([.phases[].states] | all))' <<<"$output"
}

@test "verify: several threads, a ring that keeps the end, a chain of each kind" {
	THREADS=4 made "$VETO" ring:4096
	bench verify result
	exits 0
	scenario s.yaml "" ring:4096
	sed -i 's/ops: 600/ops: 60000/' s.yaml
	rm -rf result
	bench run s.yaml -o result
	bench verify result
	exits 0
	[[ $output =~ two:\ ([0-9]+)\ of\ 60000\ operations,\ from\ [1-9] ]]
	[ "${BASH_REMATCH[1]}" -lt 60000 ]
	for set in chain.type=mutex chain.type=rcu-list chain.cancel=heard machine.compat=v7.3 machine.compat=v6.12; do
		scenario s.yaml "$VETO"
		rm -rf result
		bench run s.yaml --seed 5 -D "$set" -o result
		exits 0
		bench verify result
		[ "$status" -eq 0 ] || { echo "$set: $output"; return 1; }
	done
}

# broken INVARIANT JQ: the program edits the first line that it can; that line is then named
broken()
{
	local line

	cp -r result edited
	line=$(jq -c "$2" <result/$HISTORY 2>/dev/null | diff --unchanged-line-format= --old-line-format= \
		--new-line-format='%dn ' <(jq -c . result/$HISTORY) - | cut -d' ' -f1) || true
	[ -n "$line" ] || { echo "nothing to edit for '$2'"; return 1; }
	jq -c . result/$HISTORY | sed "${line}s/.*/$(sed -n "${line}p" result/$HISTORY | jq -c "$2" | sed 's/[\/&]/\\&/g')/" >edited/$HISTORY
	bench verify edited
	rm -rf edited
	[ "$status" -eq 3 ] || { echo "'$2': exit $status: $output $stderr"; return 1; }
	last_line_says 3
	stdout_has "history.ndjson:$line: $1:"
	stderr_has "'$HISTORY' is not as it was written"
}

@test "verify: an edited line is exit 3 and named: events, order, stop, errno, states" {
	made "$VETO"
	broken I05 'if .result == 0 and .op == "online" then .calls[-1][0] = "cancel_online" else . end'
	broken I05 'if .result == 0 then .calls |= map(select(.[0] | startswith("going"))) else . end'
	broken I06 'if .result == 0 and .op == "online" then .calls[0][0] = "going_offline" else . end'
	broken I05 'if .result == 0 and .op == "offline" then .calls |= reverse else . end'
	broken I01 'if .result == 0 then .calls[0][3] = -20 else . end'
	broken I02 'if .result == 0 then .calls[1][1] = "high" else . end'
	broken I03 'if .result == 0 then .calls[0][2] = 32769 else . end'
	broken I07 'if .result == 0 then .calls |= del(.[-1]) else . end'
	broken I07 'if .result == 0 then .calls[-1][1] = "who" else . end'
	broken I27 'if .result == 0 then .calls |= .[0:2] + .[3:] else . end'
	broken I32 'if .result == 0 then .result = -12 else . end'
	broken I32 'if .outcome == "vetoed" then .result = -22 else . end'
	broken I32 'if .result == 0 then .outcome = "vetoed" else . end'
	broken return-encoding 'if .result == 0 then .calls[-1][2] = 7 else . end'
	broken I40 'if .result == 0 and .phase == "two" and .op == "online" and .index > 300 then .op = "offline" | .calls[][0] |= sub("online"; "offline") else . end'
}

@test "verify: a line edited within the protocol, another file, a file that is gone: exit 2" {
	made
	cp -r result edited
	sed -i '3s/"service_ns":[0-9]*/"service_ns":1/' edited/$HISTORY
	bench verify edited
	exits 2
	last_line_says 2
	stderr_has "'$HISTORY' is not as it was written"
	cp result/$HISTORY edited/$HISTORY
	bench verify edited
	exits 0
	echo "# no more" >>edited/scenario.yaml
	bench verify edited
	exits 2
	stderr_has "'scenario.yaml' is not"
	rm edited/scenario.yaml
	bench verify edited
	exits 2
	stderr_has "'scenario.yaml' is missing"
}

@test "verify: hostile histories and manifests: a sentence and exit 2" {
	made
	for line in 'no JSON' '[]' '{}' '{"phase":"one"}' '{"a":1,"a":2}'; do
		rm -rf edited
		cp -r result edited
		printf '%s\n' "$line" >edited/$HISTORY
		bench verify edited
		[ "$status" -eq 2 ] || { echo "'$line': exit $status"; return 1; }
		stderr_has "history.ndjson:1"
	done
	for edit in '1s/"phase":"one"/"phase":"none"/' '1h;2G' '5s/"index":[0-9]*/"index":1/' '9s/"t_ns":[0-9]*/"t_ns":0/' \
		'2s/"result":[-0-9]*/"result":7/' '4s/"outcome":"[a-z]*"/"outcome":"fine"/' '6s/"block":/"block":-/' \
		'7s/going_o/going_x/' '$s/.$//'; do
		rm -rf edited
		cp -r result edited
		sed -i "$edit" edited/$HISTORY
		bench verify edited
		[ "$status" -eq 2 ] || { echo "$edit: exit $status: $stderr"; return 1; }
	done
	head -c 20000000 /dev/zero | tr '\0' x >edited/$HISTORY
	bench verify edited
	exits 2
	stderr_has "longer than any operation"
	rm edited/$HISTORY
	mkfifo edited/$HISTORY
	bench verify edited
	exits 2
	rm edited/$HISTORY
	ln -s /etc/passwd edited/$HISTORY
	bench verify edited
	exits 2
	cp result/$HISTORY edited/
	rm -rf edited
	cp -r result edited
	jq '.files[0].path = "../../../etc/passwd"' result/manifest.json >edited/manifest.json
	bench verify edited
	exits 2
	stderr_has "no path within the folder"
	bench verify "$BATS_TEST_TMPDIR"
	exits 2
	last_line_says 2
	bench verify
	exits 2
}

@test "verify: nothing to check is exit 4, and says what to do" {
	made "" off
	bench verify result
	exits 4
	last_line_says 4
	stderr_has "verify.history=file"
}

@test "verify: what a fault breaks on purpose is told apart; a module's bug is exit 3, as of the run" {
	made '{name: drop, kind: event-drop, where: {event: online}, trigger: {probability: 2%}, expect: detected}'
	bench verify result
	exits 0
	stdout_has "breaks the protocol on purpose"
	bench run "$ROOT/examples/bugs/raw_errno.yaml" --module "$MODULES/raw_errno.so" -D "machine.topology=pack:2 [numa(memory=1GiB)] core:1 pu:1" -o bug
	exits 3
	bench verify bug
	exits 3
	stdout_has "return-encoding"
	stderr_has "the run itself found"
}

@test "verify: a run that was killed has no sums and may end in the midst of a line" {
	made
	jq '.status = "aborted" | .reason = "not finished" | .cells[0].runs[0] |= (.status = "aborted" | .reason = "not finished")' \
		result/manifest.json >m && mv m result/manifest.json
	jq '.status = "aborted"' result/cells/main/run-001/run.json >m && mv m result/cells/main/run-001/run.json
	head -c -5 result/$HISTORY >h && mv h result/$HISTORY
	bench verify result
	exits 0
	stderr_has "no sums yet"
	stdout_has "two: 599 of 600 operations"
	rm result/cells/main/run-001/run.json
	bench verify result
	exits 4
}
