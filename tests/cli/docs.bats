# SPDX-License-Identifier: GPL-2.0-or-later
# Every command that the documents show is run: the lines that begin with "$ " inside ```console blocks, in order, from the
# top of the tree, with the program on PATH. A command may end in "# exit N"; without it must exit 0.

load cli

# commands FILE: the commands of its console blocks, one a line; a backslash at the end joins.
commands()
{
	awk '
		/^```console$/ { inside = 1; next }
		/^```/ { inside = 0 }
		inside && joined != "" { joined = joined " " $0 }
		inside && joined == "" && /^\$ / { joined = substr($0, 3) }
		inside && joined != "" {
			if (sub(/\\$/, "", joined))
				next
			print joined
			joined = ""
		}' "$1"
}

# The tree, but with a build folder and working folder of its own: results that the commands leave go with the test.
work_tree()
{
	local entry

	for entry in "$ROOT"/*; do
		[ "$(basename "$entry")" = build ] || ln -s "$entry" .
	done
	mkdir build
	ln -s "$(dirname "$BENCH")" build/release
	PATH=$PWD/build/release:$PATH
}

run_commands()
{
	local command expected count=0

	work_tree
	while IFS= read -r command; do
		expected=0
		[[ $command =~ \#\ exit\ ([0-9]+)$ ]] && expected=${BASH_REMATCH[1]}
		run timeout 120 bash -c "$command"
		[ "$status" -eq "$expected" ] || {
			printf '%s: exit %s, expected %s:\n%s\n' "$command" "$status" "$expected" "$output" >&2
			return 1
		}
		count=$((count + 1))
	done < <(commands "$1")
	[ "$count" -gt 0 ] || { echo "$1 shows no command" >&2; return 1; }
}

@test "docs: the commands of README.md do what they say" {
	run_commands "$ROOT/README.md"
}

@test "docs: the commands of docs/faults.md" {
	run_commands "$ROOT/docs/faults.md"
}

@test "docs: the commands of docs/scenarios.md" {
	run_commands "$ROOT/docs/scenarios.md"
}

@test "docs: the commands of docs/from-failure-to-cause.md" {
	run_commands "$ROOT/docs/from-failure-to-cause.md"
}

@test "docs: the commands of docs/gate.md" {
	run_commands "$ROOT/docs/gate.md"
}

@test "docs: the commands of docs/contract.md" {
	run_commands "$ROOT/docs/contract.md"
}

@test "docs: the commands of docs/writing-a-notifier.md" {
	run_commands "$ROOT/docs/writing-a-notifier.md"
}

@test "docs: the commands of docs/writing-a-fault.md" {
	run_commands "$ROOT/docs/writing-a-fault.md"
}

@test "docs: the commands of docs/writing-a-workload.md" {
	run_commands "$ROOT/docs/writing-a-workload.md"
}

@test "docs: the commands of docs/export.md" {
	run_commands "$ROOT/docs/export.md"
}

@test "docs: the commands of docs/performance.md" {
	run_commands "$ROOT/docs/performance.md"
}

@test "docs: the commands of docs/micro.md" {
	run_commands "$ROOT/docs/micro.md"
}

@test "docs: the commands of docs/costs.md" {
	run_commands "$ROOT/docs/costs.md"
}

@test "docs: the commands of docs/report.md" {
	run_commands "$ROOT/docs/report.md"
}

@test "docs: the commands of docs/conform.md" {
	[ -e "$ROOT/../shared/oracle/cases.jsonl" ] || skip "no recordings beside the checkout"
	ln -s "$(cd "$ROOT/.." && pwd)/shared" ../shared
	run_commands "$ROOT/docs/conform.md"
}

@test "docs: no document with commands is left out above" {
	for file in "$ROOT"/README.md "$ROOT"/docs/*.md; do
		[ -z "$(commands "$file")" ] || grep -q "run_commands \"\$ROOT/${file#"$ROOT"/}\"" "$BATS_TEST_FILENAME" ||
			{ echo "$file shows commands that nothing runs" >&2; return 1; }
	done
}

@test "docs: every relative link leads somewhere" {
	cd "$ROOT"
	broken=0
	while IFS=: read -r file link; do
		[ -e "$(dirname "$file")/$link" ] || { echo "$file: $link" >&2; broken=1; }
	done < <(grep -oE '\]\([^)#:]+' README.md docs/*.md */README.md */*/README.md 2>/dev/null | sed 's/\](//')
	[ $broken -eq 0 ]
}

@test "docs: the commands of docs/kernel-mode.md" {
	run_commands "$ROOT/docs/kernel-mode.md"
}
