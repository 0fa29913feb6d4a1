# SPDX-License-Identifier: GPL-2.0-or-later
# The man pages say what the program says: a page a command, with each of its options.

load cli

setup_file()
{
	export PAGES=$BATS_FILE_TMPDIR/pages

	command -v help2man >/dev/null || return 0
	"$BATS_TEST_DIRNAME/../../scripts/man-pages" \
		"${MEMHP_BENCH:-$BATS_TEST_DIRNAME/../../build/release/memhp-bench}" "$PAGES"
}

pages()
{
	command -v help2man >/dev/null || skip "help2man is not installed"
	cp -r "$PAGES" pages
}

commands()
{
	"$BENCH" --help | sed -n 's/^  \([a-z][a-z-]*\)  *.*/\1/p'
}

# words PAGE: its text as it was before roff: no fonts, no escapes.
words()
{
	sed 's/\\f[A-Z]//g; s/\\[,/]//g; s/\\-/-/g; s/\\e/\\/g' "$1"
}

@test "man: one page a command, one for the program, and no other" {
	pages
	[ "$(commands | wc -l)" -ge 13 ]
	diff <({ echo memhp-bench.1; commands | sed 's/.*/memhp-bench-&.1/'; } | sort) <(LC_ALL=C ls pages | sort)
}

@test "man: each option of --help is on its command's page" {
	pages
	for command in $(commands); do
		options=$("$BENCH" "$command" --help | grep -oE -- '(^|[ ,])--[a-z][a-z-]*' | tr -d ' ,' | sort -u)
		[ -n "$options" ]
		for option in $options; do
			words "pages/memhp-bench-$command.1" | grep -q -- "$option" ||
				{ echo "$command: $option is on no page" >&2; return 1; }
		done
	done
}

@test "man: the program's page names each command with what it does, and each exit code" {
	pages
	for command in $(commands); do
		words pages/memhp-bench.1 | grep -qx -- "$command" || { echo "no '$command'" >&2; return 1; }
		words pages/memhp-bench.1 | grep -q -- "^.BR memhp-bench-$command (1)"
	done
	for code in 0 1 2 3 4 6 7 8 '130, 143'; do
		words pages/memhp-bench.1 | grep -qx "$code" || { echo "no exit code $code" >&2; return 1; }
	done
	words pages/memhp-bench.1 | grep -qx 'manifest.json'
}

@test "man: the synopsis is the usage, the examples are commands that the documents run" {
	pages
	words pages/memhp-bench-show.1 | grep -qx '.B memhp-bench show'
	words pages/memhp-bench-run.1 | grep -qx 'memhp-bench run bench/scenarios/first-run.yaml'
}

@test "man: groff has nothing to say against any page" {
	command -v groff >/dev/null || skip "groff is not installed"
	pages
	for page in pages/*.1; do
		run groff -man -ww -z -Tascii "$page"
		[ "$status" -eq 0 ] && [ -z "$output" ] || { echo "$page: $output" >&2; return 1; }
	done
}

@test "man: without help2man it says so and exits 6, and a wrong call 2" {
	mkdir bin
	for tool in bash sh sed env dirname realpath; do
		ln -s "$(command -v $tool)" bin/
	done
	PATH=$PWD/bin run "$ROOT/scripts/man-pages" "$BENCH" pages
	[ "$status" -eq 6 ]
	[[ $output == *"apt-get install help2man"* ]]
	run "$ROOT/scripts/man-pages"
	[ "$status" -eq 2 ]
}
