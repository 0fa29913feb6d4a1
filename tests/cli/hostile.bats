# SPDX-License-Identifier: GPL-2.0-or-later
# Result folders that somebody cut off, edited, or made to hurt. Whatever reads a folder refuses it in a sentence, or reads
# what is there: no crash, no hang, no exit 0 with nothing said, and nothing of it drives the terminal.

load cli

setup_file()
{
	local bench=${MEMHP_BENCH:-$BATS_TEST_DIRNAME/../../build/release/memhp-bench}

	GOOD=$BATS_FILE_TMPDIR/good
	READERS=$("$bench" --help | sed -n 's/^  \(show\|explain\|compare\|gate\|export\|merge\|report\|verify\)  .*/\1/p')
	CALLS=$(for reader in $READERS; do command_lines "$reader"; done)
	export GOOD READERS CALLS
	"$bench" run "$BATS_TEST_DIRNAME/tiny.yaml" -D phases.steady.ops=200 --quiet -o "$GOOD" 2>"$BATS_FILE_TMPDIR/log" ||
		{ cat "$BATS_FILE_TMPDIR/log" >&2; return 1; }
}

# The file of the one run that a broken folder has.
RUN=cells/main/run-001

# fresh: a good folder to be broken.
fresh()
{
	rm -rf broken out out.html
	cp -r "$GOOD" broken
}

# call ARGUMENT…: runs the program as `bench` does, without what bats adds to that: there are very many calls.
call()
{
	status=0
	timeout 10 "$BENCH" "$@" >stdout 2>stderr || status=$?
}

# spoke WHAT CODES: what came of the last call. By builtins, for the same reason.
spoke()
{
	local out err

	IFS= read -r -d '' out <stdout || true
	IFS= read -r -d '' err <stderr || true
	[[ " $2 " == *" $status "* && -n $out$err && $out$err != *$'\e'* ]] && return 0
	printf '%s: exit %s, expected one of %s:\n' "$1" "$status" "$2" >&2
	head -c 2000 stdout stderr | cat -v >&2
	return 1
}

# command_lines READER: its calls for the folder 'broken', one a line.
command_lines()
{
	case $1 in
	show) printf '%s\n' 'show broken' 'show broken --format json' ;;
	explain) printf '%s\n' 'explain broken --format json' ;;
	compare) printf '%s\n' "compare $GOOD broken" ;;
	gate) printf '%s\n' "gate broken $GOOD --counts" ;;
	export) printf '%s\n' 'export broken --format csv' 'export broken --format hlog' ;;
	merge) printf '%s\n' "merge broken $GOOD -o out" ;;
	report) printf '%s\n' 'report broken -o out.html' ;;
	verify) printf '%s\n' 'verify broken' ;;
	esac
}

# ask CODES: each reader of the folder 'broken' ends with one of them. What is exported, reported or merged may be that
# its run cannot be read.
ask()
{
	local line codes

	while IFS= read -r line; do
		[ ! -e out ] && [ ! -e out.html ] || rm -rf out out.html
		# shellcheck disable=SC2086
		call $line
		[ ! -e out ] && [ ! -s out.html ] || echo 'a file was written' >>stdout
		case $line in export* | merge* | report*) codes="0 $1" ;; *) codes=$1 ;; esac
		spoke "$line" "$codes" || return 1
	done <<<"$CALLS"
}

# What is broken beyond reading; and what may be read in part, or differs only in its values.
refused='2 4 5 6'
any='0 1 2 3 4 5 6'

# breaks CODES COMMAND…: of a fresh folder, from inside it; then each reader is asked.
breaks()
{
	fresh
	(cd broken && eval "${*:2}") || { echo "cannot break: ${*:2}" >&2; return 1; }
	ask "$1" || { echo "after: ${*:2}" >&2; return 1; }
}

# edits CODES FILE FILTER: the same by jq.
edits()
{
	breaks "$1" "jq '$3' $2 >x && mv x $2"
}

@test "hostile: a folder that nobody broke is read" {
	[ -n "$READERS" ]
	fresh
	ask '0 1 3 4'
}

@test "hostile: no folder, no result, another's" {
	for path in nothing /dev/null /proc/self "$TINY" .; do
		for command in show explain; do
			call $command "$path"
			spoke "$command $path" 2
			call $command "$path" --format json
			spoke "$command $path" 2
		done
	done
	call show ''
	spoke "show ''" 2
}

@test "hostile: a manifest or a run.json that is cut off" {
	for file in manifest.json $RUN/run.json; do
		size=$(stat -c %s "$GOOD/$file")
		for kept in 0 $((size / 3)) $((size - 3)); do
			breaks "$refused" truncate -s $kept "$file"
		done
	done
}

@test "hostile: a log, a list or a history that is cut off" {
	for file in $RUN/run.hlog $RUN/exemplars.json scenario.yaml report.txt; do
		for kept in 0 100; do
			breaks "$any" truncate -s $kept "$file"
		done
	done
}

@test "hostile: bytes that have turned" {
	for file in manifest.json $RUN/run.json $RUN/run.hlog $RUN/exemplars.json; do
		size=$(stat -c %s "$GOOD/$file")
		for part in 1 4; do
			breaks "$any" "printf '\\377' | dd of=$file bs=1 seek=$((size * part / 7)) conv=notrunc status=none"
			breaks "$any" "printf '}' | dd of=$file bs=1 seek=$((size * part / 7)) conv=notrunc status=none"
		done
	done
}

@test "hostile: the JSON of others" {
	for text in '{}' 'null' '1e999' '{"schema": "another/run", "schema_version": 1}' '{"schema": 7}' \
		'{"benchmarks": [{"name": "a", "cpu_time": 1}]}'; do
		for file in manifest.json $RUN/run.json; do
			breaks "$refused" "printf %s '$text' >$file"
		done
	done
}

@test "hostile: a schema of another version, a key twice, a NUL, no UTF-8" {
	for file in manifest.json $RUN/run.json; do
		edits "$refused" $file '.schema_version = 2'
		edits "$refused" $file '.schema_version = "1"'
		edits "$refused" $file 'del(.schema)'
		breaks "$refused" "sed -i '1s/{/{\"schema\": \"x\",/' $file"
		breaks "$refused" "printf '\\0' | dd of=$file bs=1 seek=9 conv=notrunc status=none"
	done
	edits "$refused" manifest.json '.name = "a\u0000b"'
	breaks "$refused" "sed -i 's/tiny/\\xff\\xfe/' manifest.json"
}

@test "hostile: numbers beyond all bounds" {
	for number in -1 1e30 99999999999999999999 '{}'; do
		edits "$any" $RUN/run.json ".series[0].count = $number"
		edits "$any" $RUN/run.json ".phases[0].workloads[0].ops.ok = $number"
		edits "$any" manifest.json ".start_unix_ns = $number"
	done
	edits "$refused" manifest.json '.seed = "0x10000000000000000"'
	edits "$refused" manifest.json '.files[0].size = -1'
	edits "$refused" $RUN/run.json '.series[0].hist = "HISTFAAAAAAAAAAA"'
	edits "$refused" $RUN/run.json '.series[0].hist = "no base64 at all!"'
}

@test "hostile: names that lead out of the folder" {
	for name in ../../.. /etc . '' "$(printf 'x%.0s' {1..300})"; do
		edits "$refused" manifest.json ".cells[0].id = \"$name\""
		edits "$refused" manifest.json ".cells[0].runs[0].name = \"run-001/$name\""
	done
}

@test "hostile: nesting without end, lists without end, a manifest of 100 MB" {
	breaks "$refused" "head -c 200000 /dev/zero | tr '\\0' '[' >$RUN/run.json"
	breaks "$refused" "head -c 200000 /dev/zero | tr '\\0' '[' >manifest.json"
	breaks "$refused" "truncate -s 100M manifest.json"
	breaks "$refused" "truncate -s 300M $RUN/run.json"
	breaks "$any" "truncate -s 300M $RUN/run.hlog"
	edits "$refused" $RUN/run.json '.series = [range(20000) | {}]'
}

@test "hostile: what is no file: folders, pipes, devices, links that lead in a circle or nowhere" {
	for file in manifest.json $RUN/run.json; do
		breaks "$refused" "rm $file && mkdir $file"
		breaks "$refused" "rm $file && mkfifo $file"
		breaks "$refused" "ln -sf /dev/zero $file"
		breaks "$refused" "ln -sf /nowhere $file"
		breaks "$refused" "rm $file && ln -s $(basename $file) $file"
		breaks "$refused" "ln -sf /etc/passwd $file"
	done
	for file in $RUN/run.hlog $RUN/exemplars.json; do
		breaks "$any" "rm $file && mkdir $file"
		breaks "$any" "rm -f $file && mkfifo $file"
		breaks "$any" "ln -sf /dev/zero $file"
	done
}

@test "hostile: runs that are not there" {
	breaks "$refused" rm -r cells
	breaks "$refused" "rm -r $RUN && ln -s / $RUN"
	edits "$refused" manifest.json '.cells = []'
	edits "$refused" manifest.json 'del(.cells)'
	edits "$any" manifest.json '.cells[0].runs += [.cells[0].runs[0]]'
	edits "$any" manifest.json '.cells[0].runs += [{"name": "run-002", "status": "ok"}]'
}

@test "hostile: text that would drive the terminal" {
	edits "$any" $RUN/run.json '.scenario.name = "\u001b[2J\u009b31m"'
	edits "$any" $RUN/run.json '.series[0].tag = "\u001b]0;title\u0007"'
	edits "$any" $RUN/run.json '.schema = "\u001b[2J"'
	edits "$any" $RUN/run.json '.repro = "\u001b[2J"'
	edits "$any" $RUN/run.json '.warnings = ["\u001b[2J"]'
	edits "$any" manifest.json '.seed = "\u001b[2J"'
	edits "$any" manifest.json '.cells[0].id = "\u001b[2J"'
	edits "$any" manifest.json '.name = "\u001b[2J"'
}
