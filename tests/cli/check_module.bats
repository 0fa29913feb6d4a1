# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/check-module: what it refuses, and one module through the plain check. The sanitizers' are run by hand and by
# `scripts/proof module`: they need two more builds.

load cli

@test "check-module: what cannot be asked for is refused" {
	run --separate-stderr "$ROOT/scripts/check-module"
	exits 2
	stderr_has "a FILE.c is needed"
	run --separate-stderr "$ROOT/scripts/check-module" --compat 5 x.c
	exits 2
	stderr_has "61, 612 or 73"
	run --separate-stderr "$ROOT/scripts/check-module" --only fast x.c
	exits 2
	run --separate-stderr timeout 10 "$ROOT/scripts/check-module" --only
	exits 2
	stderr_has '--only wants a value'
	run --separate-stderr "$ROOT/scripts/check-module" nosuch.c
	exits 2
	stderr_has "nosuch.c: cannot be read"
}
