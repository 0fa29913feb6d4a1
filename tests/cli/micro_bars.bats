#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The table of bars: the form of its lines, whatever the figures are on a machine that tests something else meanwhile.

load cli.bash

# rehearse ARGUMENT…: all bars, as shortly as they can be.
rehearse()
{
	bench micro --bars --benchmark_dry_run "$@"
}

@test "each bar has a line of its own, in one of three forms" {
	rehearse
	exits 0
	[ "${#lines[@]}" -gt 20 ]
	for line in "${lines[@]}"; do
		[[ $line =~ ^B[1-6][a-z](-[a-z0-9.-]+)?\ [0-9]+\.[0-9]+\ [0-9]+\.[0-9]+\ (held|missed)$ ]] ||
			[[ $line =~ ^B[1-6][a-z](-[a-z0-9.-]+)?\ -\ [0-9]+\.[0-9]+\ not-measurable:\ .+$ ]] ||
			{ echo "no line of a bar: '$line'"; false; }
	done
	stderr_has 'no figure means anything'
}

@test "the table is whole and in order" {
	rehearse
	exits 0
	[ "$(cut -c1-3 <<<"$output" | uniq | tr '\n' ' ')" = \
		"B1a B1b B1c B1d B1f B1g B2a B2b B2c B3a B3b B3c B4a B4b B4c B4d B4e B4f B4g B4h B4i B5a B5b B5c B6a B6b " ]
}

@test "a filter picks bars by their ids" {
	rehearse --benchmark_filter='^B1b-1'
	exits 0
	[ "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" = "B1b-10 B1b-100 B1b-1000 " ]
	rehearse --benchmark_filter=B9
	exits 2
	stderr_has "the filter 'B9' matches no bar"
}

@test "a size is the same everywhere, and judged" {
	bench micro --bars --benchmark_filter='^B2b$'
	exits 0
	[ "$output" = 'B2b 36.00 40.00 held' ]
}

@test "how a bar was measured is told on request" {
	rehearse -v --benchmark_filter='^B1a$'
	exits 0
	stderr_has 'chain/memb/listeners:3'
	[ "${#lines[@]}" -eq 1 ]
}

@test "one CPU: what needs two is not measurable, and nothing else" {
	run --separate-stderr taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "$BENCH" micro --bars \
		--benchmark_dry_run --benchmark_filter='^B1[acdf]'
	exits 0
	[[ $output == *$'B1d - 1.15 not-measurable: one CPU: '* ]]
	[[ $output == *$'B1f-memb - 3.00 not-measurable: one CPU: '* ]]
	[[ $output =~ B1a\ [0-9] ]]
	[[ $output =~ B1c\ [0-9] ]]
}

@test "nothing measurable is no success" {
	run --separate-stderr taskset -c "$(taskset -cp $$ | sed 's/.*: \([0-9]*\).*/\1/')" "$BENCH" micro --bars \
		--benchmark_filter='^B1d$'
	exits 4
}

@test "an absent rival is named, with where it comes from" {
	cp "$BENCH" alone
	run --separate-stderr ./alone micro --bars --benchmark_dry_run --benchmark_filter='^(B2a-hdr|B6a)$'
	exits 0
	[[ $output == *'B2a-hdr - 0.35 not-measurable: rival absent: install by scripts/rivals'* ]]
	[[ $output == *'B6a - 1.10 not-measurable: rival absent: install by scripts/rivals'* ]]
}

@test "a rival that breaks is an error, not a number" {
	cp "$BENCH" alone
	mkdir micro
	printf '#!/bin/sh\necho nothing\n' >micro/rival_gbench
	chmod +x micro/rival_gbench
	run --separate-stderr ./alone micro --bars --benchmark_dry_run --benchmark_filter='^B6a$'
	exits 6
	stderr_has 'printed no time: build it anew'
}

@test "flags of benchmarks are refused with bars, and those of bars without" {
	bench micro --bars --benchmark_repetitions=3
	exits 2
	stderr_has '--benchmark_repetitions says nothing of bars'
	bench micro --bars walk.so
	exits 2
	stderr_has "not of 'walk.so'"
	bench micro -v
	exits 2
	stderr_has 'it wants --bars'
}

@test "scripts/bars: a row a bar" {
	run --separate-stderr "$ROOT/scripts/bars" --program "$BENCH" --filter '^B2b$' 2
	exits 0
	[ "${lines[2]}" = '| B2b | KiB of a series of two digits in one thread | 40.00 | 36.00, 36.00 | held |' ]
	[ "${#lines[@]}" -eq 3 ]
	run --separate-stderr "$ROOT/scripts/bars" --program ./none
	exits 2
	run --separate-stderr "$ROOT/scripts/bars" --program "$BENCH" --filter B9
	exits 6
}
