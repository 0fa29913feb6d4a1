# SPDX-License-Identifier: GPL-2.0-or-later
# What every test of the command line starts from: the tree, the program, a folder of its own.

bats_require_minimum_version 1.5.0

setup()
{
	ROOT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	BENCH=${MEMHP_BENCH:-$ROOT/build/release/memhp-bench}
	MODULES=$(dirname "$BENCH")/modules
	TINY=$ROOT/tests/cli/tiny.yaml
	unset NO_COLOR MEMHP_PROOF_SECONDS
	# Not BATS_TEST_TMPDIR itself: bats keeps files of its own there.
	mkdir "$BATS_TEST_TMPDIR/work"
	cd "$BATS_TEST_TMPDIR/work" || return 1
}

# bench ARGUMENT…: runs the program; $status, $output (stdout) and $stderr hold what came of it.
bench()
{
	run --separate-stderr timeout 60 "$BENCH" "$@"
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
