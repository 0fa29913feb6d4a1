# SPDX-License-Identifier: GPL-2.0-or-later
# Shards of one scenario as one result folder.

load cli

sweep()
{
	sed 's/^chain:/&\n  type: "${sweep.design}"/' "$TINY" >sweep.yaml
	printf 'runs: 2\nsweep:\n  params:\n    design: [rcu-array, rcu-list, mutex]\n' >>sweep.yaml
}

# Cells and runs of a folder, sorted.
runs_of()
{
	jq -r '.cells[] | .id as $cell | .runs[] | "\($cell)/\(.name) \(.status)"' "$1/manifest.json" | sort
}

# The count of a series of a run.
count_of()
{
	jq ".series[] | select(.tag == \"steady/response\").count" "$1"
}

@test "merge: two shards are the set of cells of the whole" {
	sweep
	"$BENCH" run sweep.yaml -o whole -q 2>/dev/null
	"$BENCH" run sweep.yaml --shard 1/2 -o one -q 2>/dev/null
	"$BENCH" run sweep.yaml --shard 2/2 -o two -q 2>/dev/null
	bench merge two one -o both
	exits 0
	[ "$(runs_of both)" = "$(runs_of whole)" ]
	[ "$(runs_of both | wc -l)" -eq 6 ]
	bench show both
	exits 0
	[ -e both/scenario.resolved.yaml ]
	[ "$(find both -name run.hlog | wc -l)" -eq 6 ]
	cmp sweep.yaml both/scenario.yaml
	jq -e '.status == "ok" and (.files | length > 12)' both/manifest.json
}

@test "merge: the same run twice is added up, not averaged" {
	"$BENCH" run "$TINY" -o one -q 2>/dev/null
	"$BENCH" run "$TINY" -o two -q 2>/dev/null
	bench merge one two -o both
	exits 0
	[ "$(runs_of both)" = "main/run-001 ok" ]
	run_json=both/cells/main/run-001/run.json
	[ "$(count_of $run_json)" -eq 4000 ]
	[ "$(jq '[.phases[0].workloads[].ops.ok] | add' $run_json)" -eq 4000 ]
	jq -e '.warnings | join(" ") | test("added up")' $run_json
	[ ! -e both/cells/main/run-001/run.hlog ]
	bench show both
	exits 0
	bench export both --format junit
	exits 0
}

@test "merge: an aborted run is left out and named" {
	"$BENCH" run "$TINY" --runs 2 -o one -q 2>/dev/null
	rm one/cells/main/run-002/run.json
	bench merge one -o both
	exits 0
	stderr_has "one/cells/main/run-002 is left out: it was aborted"
	[ "$(runs_of both)" = "main/run-001 ok" ]
	rm one/cells/main/run-001/run.json
	bench merge one -o none
	exits 2
	stderr_has "nothing to add up"
	[ ! -e none ]
}

@test "merge: another seed, scenario or precision: 5, and no folder" {
	"$BENCH" run "$TINY" -o one -q 2>/dev/null
	"$BENCH" run "$TINY" --seed 7 -o seed -q 2>/dev/null
	"$BENCH" run "$TINY" -D record.digits=2 -o digits -q 2>/dev/null
	sed 's/name: tiny/name: other/' "$TINY" >other.yaml
	"$BENCH" run other.yaml -o other -q 2>/dev/null
	for differs in seed digits other; do
		bench merge one $differs -o both
		exits 5
		stderr_has "'$differs': "
		[ ! -e both ]
	done
}

@test "merge: what is no result folder: 2; a folder that is not empty: 6" {
	"$BENCH" run "$TINY" -o one -q 2>/dev/null
	bench merge one nowhere -o both
	exits 2
	bench merge one -o one
	exits 6
	bench merge one
	exits 2
	stderr_has "where to?"
}
