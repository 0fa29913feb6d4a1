# SPDX-License-Identifier: GPL-2.0-or-later
# Where a result may go, what stops it half way, and that nothing half-written is left.

load cli

@test "output: a folder that is not empty is refused and left alone" {
	mkdir taken
	echo mine >taken/file
	bench run "$TINY" -o taken
	exits 6
	stderr_has taken
	[ "$(ls -A taken)" = file ]
}

@test "output: an empty folder is taken" {
	mkdir empty
	bench run "$TINY" -o empty
	exits 0
	[ -s empty/manifest.json ]
}

@test "output: a file in the way, a parent that is missing, a place that cannot be written: exit 6, nothing left" {
	echo mine >file
	bench run "$TINY" -o file/below
	exits 6
	stderr_has file
	bench run "$TINY" -o /proc/memhp-result
	exits 6
	stderr_has /proc/memhp-result
	[ "$(ls -A)" = file ]
}

@test "output: a full disk is exit 7, with one sentence" {
	mkdir disk
	mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null || skip "cannot mount a tmpfs here"
	dd if=/dev/zero of=disk/filler bs=1k count=56 2>/dev/null
	bench run "$TINY" -o disk/result
	umount disk
	exits 7
	last_line_says 7
	stderr_has 'No space left'
}

@test "output: SIGINT in the middle writes what there is and says so, 130" {
	"$BENCH" run "$TINY" -o result -D phases.steady.ops=1000000000 2>stderr >stdout &
	pid=$!
	sleep_until_started
	kill -INT $pid
	wait $pid && status=0 || status=$?
	stderr=$(cat stderr)
	output=$(cat stdout)
	exits 130
	last_line_says 130
	jq -e '.status == "aborted"' result/cells/main/run-001/run.json
	[ "$(jq '[.phases[].workloads[].ops.ok] | add' result/cells/main/run-001/run.json)" -gt 0 ]
}

@test "output: SIGTERM likewise, 143" {
	"$BENCH" run "$TINY" -o result -D phases.steady.ops=1000000000 2>stderr >stdout &
	pid=$!
	sleep_until_started
	kill -TERM $pid
	wait $pid && status=0 || status=$?
	stderr=$(cat stderr)
	output=$(cat stdout)
	exits 143
	last_line_says 143
	jq -e '.status == "aborted"' result/cells/main/run-001/run.json
}

# The first interval has been written: operations have ended. At most 10 s.
sleep_until_started()
{
	local turns=0

	until grep -qs '^[0-9]' result/cells/main/run-001/run.hlog || [ $turns -ge 100 ]; do
		sleep 0.1
		turns=$((turns + 1))
	done
	[ $turns -lt 100 ]
}

@test "output: kill -9 in the second of two runs leaves the first as it was" {
	"$BENCH" run "$TINY" -o result --runs 2 -D phases.steady.ops=300000 2>/dev/null >/dev/null &
	pid=$!
	turns=0
	until [ -s result/cells/main/run-002/run.hlog ] || [ $turns -ge 200 ]; do
		sleep 0.05
		turns=$((turns + 1))
	done
	kill -KILL $pid
	wait $pid || true
	jq -e '.status == "aborted" and .reason == "not finished"' result/manifest.json
	jq -e '.cells[0].runs | map(.status) == ["ok", "aborted"]' result/manifest.json
	bench show result
	stdout_has 'main/run-001  CORRECT'
	stdout_has 'ABORTED: not finished'
}

@test "output: after kill -9 what was flushed is readable and the result says aborted" {
	"$BENCH" run "$TINY" -o result -D phases.steady.ops=1000000000 2>/dev/null >/dev/null &
	pid=$!
	sleep_until_started
	kill -KILL $pid
	wait $pid || true
	jq -e '.status == "aborted" and .reason == "not finished"' result/manifest.json
	jq -e '.cells[0].runs[0] | .status == "aborted" and .reason == "not finished"' result/manifest.json
	bench show result
	stdout_has 'ABORTED: not finished'
	[ -s result/cells/main/run-001/run.hlog ]
}

@test "output: a history that finds no room is exit 7 and said under --quiet; what had room is kept, whole" {
	(ulimit -f 128 && "$BENCH" run "$ROOT/tests/cli/killed.yaml" --runs 1 -q -o result 2>stderr >stdout) && status=0 || status=$?
	stderr=$(cat stderr)
	exits 7
	last_line_says 7
	stderr_has 'history.ndjson'
	stderr_has 'File too large'
	history='result/cells/chain=mutex/run-001/history.ndjson'
	[ "$(wc -l <"$history")" -ge 200 ]
	jq -s 'length' "$history"
	bench show result
	exits 0
	stdout_has 'chain=mutex/run-001  ABORTED'
	stdout_has 'File too large'
}
