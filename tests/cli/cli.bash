# SPDX-License-Identifier: GPL-2.0-or-later
# What every test of the command line starts from: the tree, the program, a folder of its own.

bats_require_minimum_version 1.5.0

setup()
{
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	ROOT=$PWD
	BENCH=${MEMHP_BENCH:-$ROOT/build/release/memhp-bench}
	MODULES=${BENCH%/*}/modules
	TINY=$ROOT/tests/cli/tiny.yaml
	unset NO_COLOR MEMHP_PROOF_SECONDS
	# Not BATS_TEST_TMPDIR itself: bats keeps files of its own there.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

# bench ARGUMENT…: runs the program; $status, $output (stdout), $lines and $stderr hold what came of it, as after bats' own
# run --separate-stderr, whose many processes take three times as long as the program does: there are thousands of calls.
bench()
{
	status=0
	timeout 60 "$BENCH" "$@" >"$BATS_TEST_TMPDIR/bench.stdout" 2>"$BATS_TEST_TMPDIR/bench.stderr" || status=$?
	take output lines "$BATS_TEST_TMPDIR/bench.stdout"
	take stderr stderr_lines "$BATS_TEST_TMPDIR/bench.stderr"
}

# take TEXT LINES FILE: what it holds into the two variables: without line ends behind it, and without empty lines.
take()
{
	local -n text=$1 list=$2

	IFS= read -r -d '' text <"$3" || true
	while [[ $text == *$'\n' ]]; do
		text=${text%$'\n'}
	done
	IFS=$'\n' read -r -d '' -a list <<<"$text" || true
}

# The program's words must hold a text; both are shown when not.
stdout_has()
{
	[[ $output == *"$1"* ]] || { printf 'stdout lacks "%s":\n%s\nstderr:\n%s\n' "$1" "$output" "$stderr" >&2; return 1; }
}

stderr_has()
{
	[[ $stderr == *"$1"* ]] || { printf 'stderr lacks "%s":\n%s\nstdout:\n%s\n' "$1" "$stderr" "$output" >&2; return 1; }
}

exits()
{
	[ "$status" -eq "$1" ] || {
		printf 'exit %s, expected %s\nstdout:\n%s\nstderr:\n%s\n' "$status" "$1" "$output" "$stderr" >&2
		return 1
	}
}

# The last line on stderr of `run`: verdict, exit code, seed, repro.
last_line_says()
{
	local last=${stderr##*$'\n'}

	[[ $last =~ ^memhp-bench:\ verdict=[^\ ]+\ exit=$1\ seed=[^\ ]+\ repro=\'.*\'$ ]] || {
		printf 'the last line on stderr does not say exit=%s: %s\n' "$1" "$last" >&2
		return 1
	}
}

# each_header: headers/NAME.c for each of the kernel's headers, which includes it and nothing else.
each_header()
{
	mkdir headers
	for header in "$ROOT"/include/memhp/kernel/linux/*.h; do
		echo "#include <linux/$(basename "$header")>" >"headers/$(basename "$header" .h).c"
	done
}

# compile FILE.c OUT.so [OPTION…]: as docs/kernel-api.md says.
compile()
{
	gcc -std=gnu11 -shared -fPIC -I"$ROOT/include/memhp/kernel" -I"$ROOT/include" "${@:3}" "$1" -o "$2"
}
