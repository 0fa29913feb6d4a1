#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Did this branch make a notifier module worse? Builds it as it was where the branch began and as it is now, and lets
# memhp-bench judge the difference: first exact counts, which know no noise, then times as the scenario's `gate` says.
#
# gate-module.sh SCENARIO NAME SOURCE.c…   from inside a git repository; paths from its top; NAME: the module's, "drv" for
# drv.so. MEMHP_BASE: what the branch began from (origin/main). MEMHP_TIMES=no: counts only, where others use the machine,
# too, and every measurement would be INVALID. MEMHP_RESULTS: where the results go (gate-results). MEMHP_BENCH: the program.
# CC, CFLAGS: -DMEMHP_COMPAT=73 for Linux 7.3. Exit: that of `memhp-bench gate`, 1 for worse; 2 usage, 6 what is needed is
# not there.
set -eu

fail()
{
	echo "gate-module: $1" >&2
	exit "$2"
}

# build COMMIT FOLDER SOURCE…: NAME.so of that commit. Not of the working tree: both sides are what is committed.
build()
{
	commit=$1
	folder=$2
	shift 2
	git worktree add --quiet --detach "$folder/tree" "$commit" || fail "cannot check out $commit" 6
	(
		cd "$folder/tree"
		# shellcheck disable=SC2046,SC2086
		${CC:-gcc} -g -O2 ${CFLAGS-} $(pkg-config --variable=modulecflags memhp) "$@" -o "$folder/$name.so"
	) || fail "the module of $commit does not compile" 2
}

clean()
{
	for side in base head; do
		git worktree remove --force "$work/$side/tree" 2>/dev/null || true
	done
	rm -rf "$work"
}

case ${MEMHP_TIMES:-yes} in yes | no) ;; *) fail "MEMHP_TIMES is 'yes' or 'no', not '$MEMHP_TIMES'" 2 ;; esac
[ $# -ge 3 ] || fail 'say SCENARIO NAME SOURCE.c…' 2
scenario=$1
name=$2
shift 2
program=${MEMHP_BENCH:-memhp-bench}
results=${MEMHP_RESULTS:-gate-results}
command -v "$program" >/dev/null || fail "'$program' is not installed: set MEMHP_BENCH" 6
pkg-config --exists memhp || fail 'pkg-config does not find memhp: set PKG_CONFIG_PATH to PREFIX/share/pkgconfig' 6
cd "$(git rev-parse --show-toplevel)"
base=$(git merge-base "${MEMHP_BASE:-origin/main}" HEAD) ||
	fail "HEAD and '${MEMHP_BASE:-origin/main}' share no commit here: set MEMHP_BASE, or fetch all of the history" 6

work=$(mktemp -d)
trap clean EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir "$work/base" "$work/head"
build HEAD "$work/head" "$@"
if ! git cat-file -e "$base:$1" 2>/dev/null; then
	echo "gate-module: '$1' is new: nothing to compare it with; its contract is checked instead"
	"$program" module "$work/head/$name.so" --check
	exit
fi
build "$base" "$work/base" "$@"

mkdir -p "$results"

# gate FOLDER [OPTION…]: judges, and leaves the verdict where a CI shows it: FOLDER.xml for those that read JUnit's, and
# in a job of GitHub's actions its annotations and summary.
gate()
{
	folder=$results/$1
	shift
	code=0
	"$program" gate "$scenario" --a "module:$name=$work/base/$name.so" --b "module:$name=$work/head/$name.so" \
		-o "$folder" "$@" || code=$?
	if [ -e "$folder/gate.json" ]; then
		"$program" export "$folder" --format junit -o "$folder.xml"
		[ "${GITHUB_ACTIONS-}" != true ] || "$program" export "$folder" --format github
	fi
	return $code
}

# With set -e the first that fails ends the script, with its exit code.
gate counts --counts
[ "${MEMHP_TIMES:-yes}" = no ] || gate times
