# SPDX-License-Identifier: GPL-2.0-or-later
# Several runs and cells in one command: what a signal and a time limit leave, and what a shard has of them.

load cli

# Three runs of most of a second each.
long_runs()
{
	sed 's/ops: 2000/for: 800ms/' "$TINY" >long.yaml
	"$BENCH" run long.yaml --runs 3 -o result "$@" 2>stderr >stdout &
	pid=$!
}

# The stream of intervals appears when the run has begun; at most 10 s.
sleep_until_second_run()
{
	local turns=0

	until [ -s result/cells/main/run-002/run.hlog ] || [ $turns -ge 200 ]; do
		sleep 0.05
		turns=$((turns + 1))
	done
	[ $turns -lt 200 ]
}

# The first run as it was, the second with what it had, the third never begun.
ends_in_second_run()
{
	wait $pid && status=0 || status=$?
	stderr=$(cat stderr)
	output=$(cat stdout)
	exits "$1"
	last_line_says "$1"
	jq -e '.status == "ok"' result/cells/main/run-001/run.json
	jq -e '.status == "aborted" and ([.phases[].workloads[].ops.ok] | add > 0)' result/cells/main/run-002/run.json
	[ ! -e result/cells/main/run-003 ]
	jq -e '.status == "aborted" and (.cells[0].runs | map(.status) == ["ok", "aborted"])' result/manifest.json
}

@test "many runs: SIGINT ends the one that runs, keeps what it had, and begins no other: 130" {
	long_runs
	sleep_until_second_run
	kill -INT $pid
	ends_in_second_run 130
}

@test "many runs: SIGTERM likewise: 143" {
	long_runs
	sleep_until_second_run
	kill -TERM $pid
	ends_in_second_run 143
}

@test "many runs: --timeout is over all of them: 7" {
	bench run "$TINY" -D phases.steady.ops=1000000000 --runs 2 --timeout 1s -o result
	exits 7
	last_line_says 7
	jq -e '.status == "aborted" and (.status_reasons | join(" ") | test("--timeout"))' \
		result/cells/main/run-001/run.json
	[ ! -e result/cells/main/run-002 ]
}

@test "many runs: a command killed by -9 leaves no run behind that goes on" {
	long_runs -D phases.steady.for=60s
	local turns=0

	until [ -s result/cells/main/run-001/run.hlog ] || [ $turns -ge 200 ]; do
		sleep 0.05
		turns=$((turns + 1))
	done
	child=$(ps -o pid= --ppid $pid)
	[ -n "$child" ]
	kill -KILL $pid
	wait $pid || true
	turns=0
	while kill -0 $child 2>/dev/null && [ "$(ps -o stat= -p $child | cut -c1)" != Z ] && [ $turns -lt 100 ]; do
		sleep 0.05
		turns=$((turns + 1))
	done
	[ $turns -lt 100 ]
}

@test "many runs: shards have disjoint cells, and all of them together" {
	{
		sed 's/ops: 2000/ops: "${sweep.ops}"/; s/^machine:/&\n  movable: "${sweep.movable}"/' "$TINY"
		printf 'sweep:\n  params:\n    movable: [0%%, 25%%, 50%%, 75%%, 100%%]\n    ops: [10, 20]\n'
	} >cells.yaml
	bench run cells.yaml --list
	exits 0
	sort <<<"$output" >all
	[ "$(wc -l <all)" -eq 10 ]
	for shard in 1 2 3; do
		bench run cells.yaml --list --shard $shard/3
		exits 0
		echo "$output"
	done | sort >shards
	cmp all shards
	bench run cells.yaml --shard 2/3 -o result
	exits 0
	bench run cells.yaml --list --shard 2/3
	[ "$(ls result/cells | sort)" = "$(sort <<<"$output")" ]
	bench run cells.yaml --shard 4/3
	exits 2
}
