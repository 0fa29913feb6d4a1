#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Puts its bug into each way to keep a chain and sees that ThreadSanitizer reports it: a race test that cannot fail shows
# nothing.
#
# tests/race/seeded.sh [RACE_CHAIN]   default build/tsan/race/race_chain; exit 0 all caught, 1 not, 77 cannot run here
set -u

here=$(cd "$(dirname -- "$0")/../.." && pwd)
program=${1-$here/build/tsan/race/race_chain}
[ -x "$program" ] || { echo "seeded: no '$program': build the tsan preset" >&2; exit 77; }

number=0
missed=0
for name in $("$program" --list); do
	number=$((number + 1))
	report=$("$here/scripts/sanitized" "$program" --seeded "$name" 2>&1 >/dev/null)
	status=$?
	[ $status -eq 77 ] && { echo "$report" >&2; exit 77; }
	if [ $status -eq 66 ] && printf '%s\n' "$report" | grep -q 'WARNING: ThreadSanitizer'; then
		echo "ok $number - $name: caught"
	else
		echo "not ok $number - $name: exit $status, not reported"
		missed=$((missed + 1))
	fi
done
echo "1..$number"
[ $number -eq 12 ] && [ $missed -eq 0 ]
