# SPDX-License-Identifier: GPL-2.0-or-later
# Formats for other tools, from the command line. What the tools themselves make of them: tests/interop/export.bats.

load cli
load gated

# One short run in ./out.
short_run()
{
	"$BENCH" run "$TINY" -o out -q 2>/dev/null
}

@test "export: every format of --help is written, to stdout and to a file alike, not executable" {
	short_run
	bench export --help
	formats=$(printf '%s\n' "$output" | awk '/^  [a-z]+  +[a-zA-Z]/ { print $1 }')
	[ "$(echo "$formats" | wc -w)" -eq 8 ]
	umask 022
	for format in $formats; do
		bench export out --format "$format"
		exits 0
		printf '%s' "$output" >stdout
		bench export out --format "$format" -o "file.$format"
		exits 0
		[ -z "$output" ]
		[ "$(stat -c %a "file.$format")" = 644 ]
		[ "$(cat "file.$format")" = "$(cat stdout)" ]
	done
}

@test "export: an unknown format, a missing one, and an option that the format would ignore: 2" {
	short_run
	bench export out --format hgmr
	exits 2
	stderr_has "did you mean 'hgrm'"
	bench export out
	exits 2
	stderr_has "which format?"
	bench export out --format junit --series steady/response
	exits 2
	stderr_has "leave --series out"
	bench export out --format hgrm --series steady/respones
	exits 2
	stderr_has "did you mean 'steady/response'"
	bench export out --format hgrm --unit minutes
	exits 2
	bench export nowhere --format md
	exits 2
	bench export out --format md --cell 'nodes=*'
	exits 2
	stderr_has "the first is 'main'"
}

@test "export: a file that cannot be written is left as it was: 6" {
	short_run
	echo before >kept
	chmod 555 . || true
	[ ! -w . ] || skip "root writes everywhere"
	bench export out --format md -o kept
	chmod 755 .
	exits 6
	[ "$(cat kept)" = before ]
}

@test "export: a folder in the place of the file: 6" {
	short_run
	mkdir target
	bench export out --format md -o target
	exits 6
	[ -z "$(ls target)" ]
}

@test "export: a run that was killed is named and left out, and an error in junit" {
	"$BENCH" run "$TINY" --runs 2 -o out -q 2>/dev/null
	rm out/cells/main/run-002/run.json
	bench export out --format hgrm
	exits 0
	stderr_has "main/run-002 is left out: it did not end"
	bench export out --format hgrm -q
	[ -z "$stderr" ]
	bench export out --format junit
	exits 0
	stdout_has 'tests="3" failures="0" errors="1"'
	rm out/cells/main/run-001/run.json
	bench export out --format gbench
	exits 2
	stderr_has "no run whose numbers could be used"
}

@test "export: runs of several cells are not added up" {
	sed 's/^chain:/&\n  type: "${sweep.design}"/' "$TINY" >sweep.yaml
	printf 'sweep:\n  params:\n    design: [rcu-array, rcu-list]\n' >>sweep.yaml
	"$BENCH" run sweep.yaml -o out -q 2>/dev/null
	bench export out --format hgrm
	exits 2
	stderr_has "choose with --cell"
	cell=$(jq -r '.cells[0].id' out/manifest.json)
	bench export out --format hgrm --cell "$cell"
	exits 0
	stdout_has "Total count    =         2000"
	bench export out --format csv --series '*/response'
	[ "${#lines[@]}" -eq 3 ]
}

@test "export: github fills the summary and the outputs of a step, and only where they are named" {
	cat >broken.yaml <<-YAML
		$(cat "$TINY")
		slo: [{expr: "steady/response.p50 < 1ns"}]
	YAML
	"$BENCH" run broken.yaml -o out -q 2>/dev/null || true
	export GITHUB_STEP_SUMMARY=$PWD/summary GITHUB_OUTPUT=$PWD/outputs
	echo before >outputs
	bench export out --format github
	exits 0
	[[ $output == "::error title=tiny/main%3A steady/response.p50 < 1ns::"* ]]
	[ "$(cat outputs)" = "$(printf 'before\nverdict=breached\nexit=1')" ]
	grep -q '^| FAILED | tiny/main | steady/response.p50 &lt; 1ns |' summary
	# What others have written leaves less room, and a table is cut at a line.
	head -c 899000 /dev/zero | tr '\0' x >summary
	bench export out --format github
	exits 0
	[ "$(stat -c %s summary)" -le 900000 ]
	tail -n 1 summary | grep -q 'The rest is left out'
	unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT
	rm summary outputs
	bench export out --format github
	exits 0
	[ ! -e summary ]
}

@test "export: hgrm is what a scenario reads as a distribution" {
	short_run
	bench export out --format hgrm -o recorded.hgrm
	exits 0
	sed 's/priority: 100}/priority: 100, cost: {empirical: recorded.hgrm}}/' "$TINY" >again.yaml
	grep -q recorded.hgrm again.yaml
	bench run again.yaml -q
	exits 0
	bench export out --format csv -o recorded.hgrm
	bench check again.yaml
	exits 2
}

@test "export: what a gate has left, in the formats that a gate can be written in" {
	gated
	modules
	bench gate gated.yaml --counts --a module:drv=base.so --b module:drv=grace.so -o judged
	exits 1
	bench export judged --format junit
	exits 0
	[[ $output == *'<property name="seed" value="0x5eed"/>'* ]]
	[[ $output == *'<failure type="regression" message="REGRESSED: drv calls synchronize_rcu '* ]]
	bench export judged --format md
	exits 0
	[[ $output == "## gated: REGRESSED"* ]]
	GITHUB_OUTPUT=outputs GITHUB_STEP_SUMMARY=summary.md bench export judged --format github
	exits 0
	[[ $output == "::error title=gated/main"* ]]
	[ "$(cat outputs)" = "verdict=regressed
exit=1" ]
	grep -q '^## gated: REGRESSED' summary.md
	bench export judged --format csv
	exits 2
	[[ $stderr == *"'judged' holds a gate, of which csv says nothing"*"export 'judged/a'"* ]]
	bench export judged --format md --cell main
	exits 2
	[[ $stderr == *"--series, --cell and --unit are for runs"* ]]
	echo '{"schema": "memhp-bench/gate", "schema_version": 1}' >judged/gate.json
	bench export judged --format md
	exits 2
	[[ $stderr == *"judged/gate.json"* ]]
}
