#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts its bug into each way to keep a chain, and into a module that needs a lock or a grace period, and sees that
# ThreadSanitizer reports it: a race test that cannot fail shows nothing.
#
# tests/race/seeded.sh [DIRECTORY]   of the race programs, default build/tsan/race; exit 0 all caught, 1 not, 77 cannot
# run here
set -u

here=$(cd "$(dirname -- "$0")/../.." && pwd)
directory=${1-$here/build/tsan/race}

number=0
missed=0
for program in "$directory/race_chain" "$directory/race_kapi"; do
	[ -x "$program" ] || { echo "seeded: no '$program': build the tsan preset" >&2; exit 77; }
	for name in $("$program" --list); do
		number=$((number + 1))
		report=$("$here/scripts/sanitized" "$program" --seeded "$name" 2>&1 >/dev/null)
		status=$?
		[ $status -eq 77 ] && { echo "$report" >&2; exit 77; }
		if [ $status -eq 66 ] && printf '%s\n' "$report" | grep -q 'WARNING: ThreadSanitizer'; then
			echo "ok $number - $(basename "$program") $name: caught"
		else
			echo "not ok $number - $(basename "$program") $name: exit $status, not reported"
			missed=$((missed + 1))
		fi
	done
done
echo "1..$number"
# Twelve ways to keep a chain, three bugs of modules.
[ $number -eq 15 ] && [ $missed -eq 0 ]
