# SPDX-License-Identifier: GPL-2.0-or-later
# The scripts' own words: help, usage errors, what they say when they cannot.

load cli

@test "scripts: each one has a help that fits one screen" {
	for script in quickstart test proof format check-layers compare-builds install-packages sanitized man-pages parts \
		kernel-vm kernel-diff; do
		run "$ROOT/scripts/$script" --help
		[ "$status" -eq 0 ] || { echo "$script --help: exit $status" >&2; return 1; }
		[ "${#lines[@]}" -ge 2 ] && [ "${#lines[@]}" -le 24 ] || { echo "$script: ${#lines[@]} lines" >&2; return 1; }
	done
}

@test "scripts: an unknown argument is a usage error, exit 2" {
	for script in quickstart test proof format check-layers compare-builds install-packages parts kernel-vm kernel-diff; do
		run "$ROOT/scripts/$script" --no-such-option
		[ "$status" -eq 2 ] || { echo "$script: exit $status: $output" >&2; return 1; }
		[[ $output == *--help* || $output == *"there are:"* ]]
	done
}

@test "install-packages: build is a part of tests" {
	run "$ROOT/scripts/install-packages" tests --list
	[ "$status" -eq 0 ]
	tests=$output
	run "$ROOT/scripts/install-packages" build --list
	for package in $output; do
		grep -qx "$package" <<<"$tests"
	done
}

@test "install-packages: without apt it names the packages and exits 6" {
	mkdir bin
	for tool in sh dirname sed wc id; do
		ln -s "$(command -v $tool)" bin/
	done
	PATH=$PWD/bin run "$ROOT/scripts/install-packages" build
	[ "$status" -eq 6 ]
	[[ $output == *"no apt-get"*liburcu-dev* ]]
}

@test "install-packages: without root and sudo it says so and exits 6" {
	mkdir bin
	for tool in sh dirname sed wc; do
		ln -s "$(command -v $tool)" bin/
	done
	printf '#!/bin/sh\necho 1000\n' >bin/id
	printf '#!/bin/sh\nexit 1\n' >bin/dpkg-query
	printf '#!/bin/sh\nexit 1\n' >bin/apt-get
	chmod +x bin/id bin/dpkg-query bin/apt-get
	PATH=$PWD/bin run "$ROOT/scripts/install-packages" build
	[ "$status" -eq 6 ]
	[[ $output == *"needs root or sudo"* ]]
}

@test "install-packages: with nothing missing apt-get is not called" {
	mkdir bin
	for tool in sh dirname sed wc; do
		ln -s "$(command -v $tool)" bin/
	done
	printf '#!/bin/sh\nprintf installed\n' >bin/dpkg-query
	printf '#!/bin/sh\ntouch called\n' >bin/apt-get
	chmod +x bin/dpkg-query bin/apt-get
	PATH=$PWD/bin run "$ROOT/scripts/install-packages" build
	[ "$status" -eq 0 ]
	[ ! -e called ]
}

@test "format: a file that is not formatted is named, exit 1" {
	command -v clang-format >/dev/null || skip "clang-format is not installed"
	cp "$ROOT/.clang-format" .
	printf 'int  f( void );\n' >bad.c
	run "$ROOT/scripts/format" --check bad.c
	[ "$status" -eq 1 ]
	[[ $output == *bad.c:1:* ]]
	"$ROOT/scripts/format" bad.c
	run "$ROOT/scripts/format" --check bad.c
	[ "$status" -eq 0 ]
}

@test "proof: --list has a name and a sentence a line, and every name is known" {
	run "$ROOT/scripts/proof" --list
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 2 ]
	for line in "${lines[@]}"; do
		[[ $line == *$'\t'* ]]
		grep -q "^proof_${line%%$'\t'*}()" "$ROOT/scripts/proof"
	done
}

@test "proof: an unknown name, no name, seconds out of range" {
	run "$ROOT/scripts/proof" no-such-proof
	[ "$status" -eq 2 ]
	[[ $output == *soak* ]]
	run "$ROOT/scripts/proof"
	[ "$status" -eq 2 ]
	run "$ROOT/scripts/proof" soak --seconds 0
	[ "$status" -eq 2 ]
	run "$ROOT/scripts/proof" soak --seconds
	[ "$status" -eq 2 ]
}

@test "fuzz: each target has seeds, and the dictionary holds keys, kinds and defaults of the language" {
	command -v jq >/dev/null || skip "jq is not installed"
	run "$ROOT/tests/fuzz/seeds" "$BENCH" seeds
	[ "$status" -eq 0 ]
	for source in "$ROOT"/tests/fuzz/*.c; do
		[ -n "$(ls "seeds/$(basename "$source" .c)")" ]
	done
	for word in extends hotplug-cycle notifier-veto 128MiB I01; do
		grep -qx "\"$word\"" seeds/scenario.dict
	done
}

@test "proof: the scenarios of soak and tsan are good, and have as many cells as the proof says" {
	bench check "$ROOT/bench/scenarios/soak.yaml"
	exits 0
	stdout_has " $(sed -n '/^soak_under/,/^}/s/.*cells=\([0-9]*\).*/\1/p' "$ROOT/scripts/proof") cells "
	bench check "$ROOT/tests/race/whole.yaml"
	exits 0
	stdout_has " $(sed -n '/^proof_tsan/,/^}/s/.*cells=\([0-9]*\).*/\1/p' "$ROOT/scripts/proof") cells "
}

@test "proof: the soak has every kind of workload, and every kind of fault that leaves the machine sound" {
	# These break it on purpose, or end the run.
	unsound='notifier-mutate notifier-crash event-drop event-repeat block-corrupt'
	bench list --format json
	for kind in $(jq -r '.faults[].name' <<<"$output"); do
		[[ " $unsound " == *" $kind "* ]] || grep -Eq "kind: $kind,|stays: \[.*\b$kind\b" "$ROOT/bench/scenarios/soak.yaml" ||
			{ echo "no fault of the soak is of kind $kind" >&2; return 1; }
	done
	for kind in $(jq -r '.workloads[].name' <<<"$output"); do
		grep -Eq "kind: \"?$kind\"?[,}]" "$ROOT/bench/scenarios/soak.yaml" ||
			{ echo "no workload of the soak is of kind $kind" >&2; return 1; }
	done
}

# grown FROM TO: samples of a cell of 160 s that has so many KiB after a minute, and so many at its end.
grown()
{
	for ((second = 0; second < 160; second++)); do
		echo "$second 77 $((second < 110 ? $1 : $2))"
	done >samples
	source <(sed -n '/^memory_.*=/p; /^memory_is_flat()/,/^}/p' "$ROOT/scripts/proof")
	run memory_is_flat samples
}

@test "proof: memory that grows after the first minute of a cell is a failure, a cell that is too short is told" {
	grown 100000 110000
	exits 0
	[[ $output == *"at most 10000 KiB"* ]]
	grown 100000 120000
	exits 1
	echo '1 77 5000' >samples
	run memory_is_flat samples
	exits 0
	[[ $output == *"not judged"* ]]
}

@test "compare-builds: one build against itself, a row each of the benchmark's" {
	run "$ROOT/scripts/compare-builds" "${MEMHP_BENCH%/*}" "${MEMHP_BENCH%/*}" --runs 3 --bar 100
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(grep -c 'bar 100 held' <<<"$output")" -eq 6 ]
	run "$ROOT/scripts/compare-builds" "${MEMHP_BENCH%/*}" "${MEMHP_BENCH%/*}" --runs 3 --bar 0.01
	[ "$status" -eq 1 ]
	[ "$(grep -c 'bar 0.01 missed' <<<"$output")" -eq 6 ]
}

@test "compare-builds: what is no build is told" {
	run "$ROOT/scripts/compare-builds" no-such-build "${MEMHP_BENCH%/*}"
	[ "$status" -eq 2 ]
	[[ $output == *"'no-such-build' is neither a build folder"* ]]
	run "$ROOT/scripts/compare-builds" "${MEMHP_BENCH%/*}"
	[ "$status" -eq 2 ]
}

@test "parts: two sums, each of more than one part, beside what was reached" {
	run "$ROOT/scripts/parts" --program "$MEMHP_BENCH" --duration 200ms --min-time 0.001s
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 12 ]
	for workload in toggle alloc; do
		[[ $output =~ \|\ \*\*$workload\*\*\ \|\ \|\ sum\ [1-9][0-9]*\ \|\ reached\ [1-9][0-9]*\ \|\ \*\*[0-9.]+\*\*\ times\ \| ]]
	done
	[[ $output != *nan* && $output != *"| -"* ]]
	run "$ROOT/scripts/parts" --program "$MEMHP_BENCH" --duration never
	[ "$status" -eq 6 ]
	run "$ROOT/scripts/parts" --program ./none
	[ "$status" -eq 2 ]
}
