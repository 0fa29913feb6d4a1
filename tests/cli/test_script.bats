# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/test itself, on a made-up tree whose programs say what we want: a test that vanished, a plan that was not kept, a
# leak that nobody told of and a step without tests are failures.

load cli

# A tree with one unit program and one race program, a cmake that builds nothing, and no need for packages.
made_up_tree()
{
	mkdir -p scripts docs tests/unit/base tests/race bin build/test/unit build/tsan/race
	cp "$ROOT/scripts/test" "$ROOT/scripts/sanitized" scripts/
	echo 'base:' >docs/layers.txt
	touch tests/unit/base/a_test.c tests/race/a.c tests/race/tsan.supp
	printf '#!/bin/sh\nexit 0\n' >bin/cmake
	chmod +x bin/cmake
	PATH=$PWD/bin:$PATH
}

# unit_says EXIT LINE…: the unit program writes these lines as its TAP and ends with EXIT.
unit_says()
{
	local code=$1
	shift

	printf '%s\n' "$@" >tap
	printf '#!/bin/sh\ncat "%s/tap" >"${1#--tap=}"\nexit %s\n' "$PWD" "$code" >build/test/unit/unit_base
	chmod +x build/test/unit/unit_base
}

race_says()
{
	printf '#!/bin/sh\necho "%s"\nexit %s\n' "$2" "$1" >build/tsan/race/race_a
	chmod +x build/tsan/race/race_a
}

# closes EXIT LINE STEP…: scripts/test STEP… ends with that exit code and exactly that line.
closes()
{
	local code=$1 line=$2
	shift 2

	run scripts/test --no-install "$@"
	[ "$status" -eq "$code" ] && [ "${lines[-1]}" = "$line" ] || {
		printf 'exit %s, expected %s and "%s":\n%s\n' "$status" "$code" "$line" "$output" >&2
		return 1
	}
}

@test "test: all that passed is counted" {
	made_up_tree
	unit_says 0 1..3 'ok - a::one  (0.00s)' 'ok - a::two  (0.00s)' 'ok - a::three  # SKIP not here'
	race_says 0 fine
	closes 0 '3 passed, 0 failed, 1 skipped' unit race
}

@test "test: a failed test fails the whole" {
	made_up_tree
	unit_says 1 1..2 'ok - a::one  (0.00s)' 'not ok - a::two  (0.00s)'
	closes 1 '1 passed, 1 failed, 0 skipped' unit
}

@test "test: a program that died half way is a failure" {
	made_up_tree
	unit_says 139 1..5 'ok - a::one  (0.00s)'
	run scripts/test --no-install unit
	[ "$status" -eq 1 ]
	[[ $output == *'1 results of 5 announced'* ]]
}

@test "test: a program without a result, a program that is missing" {
	made_up_tree
	unit_says 0
	: >tap
	closes 1 '0 passed, 1 failed, 0 skipped' unit
	rm build/test/unit/unit_base
	closes 1 '0 passed, 1 failed, 0 skipped' unit
}

@test "test: a filter that matched nothing is a failure, though every line says ok" {
	made_up_tree
	unit_says 0 1..2 'ok - a::one  # SKIP test was skipped' 'ok - a::two  # SKIP test was skipped'
	closes 1 '0 passed, 1 failed, 2 skipped' unit
}

@test "test: an exit code without a failed test is a failure" {
	made_up_tree
	unit_says 1 1..1 'ok - a::one  (0.00s)'
	closes 1 '1 passed, 1 failed, 0 skipped' unit
}

@test "test: a sanitizer's report is a failure, whatever the exit code" {
	made_up_tree
	mkdir -p build/asan/unit
	printf '%s\n' 1..1 'ok - a::one  (0.00s)' >tap
	cat >build/asan/unit/unit_base <<END
#!/bin/sh
cat "$PWD/tap" >"\${1#--tap=}"
echo leak >"\$(echo "\$ASAN_OPTIONS" | sed 's/.*log_path=//; s/:.*//').123"
END
	chmod +x build/asan/unit/unit_base
	closes 1 '1 passed, 1 failed, 0 skipped' asan
}

@test "test: a race program may fail, skip or be missing" {
	made_up_tree
	race_says 66 'WARNING: ThreadSanitizer: data race'
	closes 1 '0 passed, 1 failed, 0 skipped' race
	race_says 77 'no membarrier here'
	closes 0 '0 passed, 0 failed, 1 skipped' race
	rm build/tsan/race/race_a
	closes 1 '0 passed, 1 failed, 0 skipped' race
}

@test "test: a race program that tells its tests is counted by them" {
	made_up_tree
	race_says 0 'ok 1 - a
ok 2 - b
1..2'
	closes 0 '2 passed, 0 failed, 0 skipped' race
	race_says 0 'ok 1 - a'
	closes 1 '1 passed, 1 failed, 0 skipped' race
	race_says 66 'ok 1 - a
1..1'
	closes 1 '1 passed, 1 failed, 0 skipped' race
}

@test "test: the seeded bugs are run, too" {
	made_up_tree
	race_says 0 fine
	printf '#!/bin/sh\necho "not ok 1 - x: not reported"\necho 1..1\nexit 1\n' >tests/race/seeded.sh
	chmod +x tests/race/seeded.sh
	closes 1 '1 passed, 1 failed, 0 skipped' race
}

@test "test: a folder without tests is a failure" {
	made_up_tree
	rm tests/unit/base/a_test.c tests/race/a.c
	closes 1 '0 passed, 1 failed, 0 skipped' race
	closes 1 '0 passed, 1 failed, 0 skipped' unit
}

@test "test: what does not build is a failure" {
	made_up_tree
	printf '#!/bin/sh\necho "x.c:1: error: no"\nexit 1\n' >bin/cmake
	closes 1 '0 passed, 2 failed, 0 skipped' unit race
	[[ $output == *'x.c:1: error: no'* ]]
}

# proofs_say NAME EXIT…: scripts/proof knows these, each ends so; "gone" is killed, and with it whoever ran it.
proofs_say()
{
	local list= cases=

	while [ $# -gt 0 ]; do
		list="$list$1\\\\twhat $1 shows\\\\n"
		cases="$cases$1) echo $1 ends; exit $2 ;; "
		shift 2
	done
	printf '#!/bin/bash\ncase $1 in --list) printf "%b" ;; %s esac\n' "$list" "$cases" >scripts/proof
	chmod +x scripts/proof
}

@test "test: each proof is counted once, though they run beside each other" {
	made_up_tree
	proofs_say race 0 soak 1 random 77 fuzz 0 gone '$(kill -KILL $PPID)'
	closes 1 '2 passed, 2 failed, 1 skipped' proof
	[[ $output == *'FAILED: proof soak (what soak shows): exit 1'*'skipped: proof random: random ends'*'FAILED: proof gone (what gone shows)'* ]]
	proofs_say
	closes 1 '0 passed, 1 failed, 0 skipped' proof
}

@test "test: what was built is not built again by the proofs" {
	made_up_tree
	unit_says 0 1..1 'ok - a::one  (0.00s)'
	proofs_say race 0
	sed -i 's/^case/echo "$MEMHP_PROOF_BUILT" >>built; &/' scripts/proof
	closes 0 '2 passed, 0 failed, 0 skipped' unit proof
	grep -qx ' test' built
}
