# SPDX-License-Identifier: GPL-2.0-or-later
# The recipes of docs/ci.md: the documents hold the files themselves, the pipelines do the same steps, and the script that
# they call tells a module that got worse from one that did not.

load cli

# block LANGUAGE N: the N-th fenced block of docs/ci.md of that language.
block()
{
	awk -v language="$1" -v wanted="$2" '
		$0 == "```" language { inside = 1; count++; next }
		/^```/ { inside = 0 }
		inside && count == wanted' "$ROOT/docs/ci.md"
}

@test "ci: docs/ci.md holds the recipes as they are" {
	diff <(block sh 2) "$ROOT/examples/ci/gate-module.sh"
	diff <(block yaml 1) "$ROOT/examples/ci/gate.yaml"
	diff <(block yaml 2) "$ROOT/examples/ci/github.yml"
	diff <(block yaml 3) "$ROOT/examples/ci/gitlab.yml"
}

# steps FILE: the commands of a pipeline, one a line; what is no YAML ends it.
steps()
{
	python3 - "$1" <<'PYTHON'
import sys, yaml
pipeline = yaml.safe_load(open(sys.argv[1]))
jobs = pipeline.get("jobs")
if jobs:
    steps = [step["run"] for step in jobs["gate"]["steps"] if "run" in step]
else:
    steps = pipeline["memhp"]["script"]
print("\n".join(steps))
PYTHON
}

@test "ci: GitHub and GitLab run the same commands, the script last" {
	python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
	steps "$ROOT/examples/ci/github.yml" >github
	steps "$ROOT/examples/ci/gitlab.yml" >gitlab
	diff github gitlab
	[ "$(wc -l <github)" -ge 4 ]
	[[ $(tail -n 1 github) == *"/examples/ci/gate-module.sh ci/gate.yaml drv src/drv.c" ]]
}

@test "ci: each path that the pipelines name in our tree is there" {
	for path in $(grep -ohE '/tmp/memhp-bench/[a-z/.-]+' "$ROOT"/examples/ci/*.yml | sort -u); do
		[ -e "$ROOT/${path#/tmp/memhp-bench/}" ] || { echo "$path" >&2; return 1; }
	done
	jq -e '.buildPresets | map(.name) | index("release")' "$ROOT/CMakePresets.json"
}

@test "ci: the scenario is good, and its gate could fire" {
	bench check "$ROOT/examples/ci/gate.yaml"
	exits 0
	bench check --gate "$ROOT/examples/ci/gate.yaml" --module "$MODULES/hello.so"
	exits 0
	stdout_has 'counts of phases bounded by ops: exact'
}

# repository: a git repository with a module src/drv.c on 'main', and memhp.pc where pkg-config finds it.
repository()
{
	command -v git >/dev/null || skip "git is not installed"
	mkdir -p pc "repository/src"
	printf 'Name: memhp\nDescription: -\nVersion: 0\nmodulecflags=-std=gnu11 -shared -fPIC -I%s/include/memhp/kernel -I%s/include\n' \
		"$ROOT" "$ROOT" >pc/memhp.pc
	export PKG_CONFIG_PATH=$PWD/pc MEMHP_BENCH=$BENCH MEMHP_BASE=main
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b GIT_CONFIG_GLOBAL=/dev/null
	cd repository
	git init -q -b main .
	cp "$ROOT/examples/modules/per_node.c" src/drv.c
	cp "$ROOT/examples/ci/gate.yaml" gate.yaml
	commit 'the module as it was'
	git checkout -q -b change
}

commit()
{
	git add -A
	git commit -q --allow-empty -m "$1"
}

judge()
{
	run --separate-stderr timeout 120 "$ROOT/examples/ci/gate-module.sh" gate.yaml drv "${1:-src/drv.c}"
	[ "$(git worktree list | wc -l)" -eq 1 ] || { echo "worktrees are left: $(git worktree list)" >&2; return 1; }
}

@test "ci: the same source passes, exit 0" {
	repository
	commit 'something else'
	MEMHP_TIMES=no judge
	exits 0
	stdout_has PASS
	[ -e gate-results/counts/manifest.json ] || [ -e gate-results/counts/a ]
	[ ! -e gate-results/times ]
	grep -q '<testsuites .* failures="0" errors="0"' gate-results/counts.xml
}

@test "ci: times come after the counts; of the same source they say worse on no host, and INVALID on one that is busy" {
	repository
	sed -i 's/^gate:$/&\n  pairs: 8\n  adaptive: false/' gate.yaml
	commit 'fewer pairs'
	judge
	[ "$status" -eq 0 ] || exits 4
	[ -e gate-results/times ]
}

@test "ci: one kzalloc more in GOING_ONLINE is exit 1, and the listener, the event and the symbol are named" {
	repository
	sed -i 's/^\tcase MEM_GOING_ONLINE:$/&\n\t\tkfree(kzalloc(32, GFP_KERNEL));/' src/drv.c
	commit 'one more allocation'
	! git diff --quiet main -- src/drv.c
	GITHUB_ACTIONS=true GITHUB_STEP_SUMMARY=$PWD/summary.md judge
	exits 1
	[[ $output$stderr == *drv* && $output$stderr == *kzalloc* ]]
	[[ $output == *"::error title="* ]]
	grep -q REGRESSED summary.md
	grep -q '<failure type="regression"' gate-results/counts.xml
	[[ ${output,,} == *going_online* ]]
	[ ! -e gate-results/times ]
}

@test "ci: what is not committed is not judged" {
	repository
	echo 'this is no C' >>src/drv.c
	MEMHP_TIMES=no judge
	exits 0
}

@test "ci: a module that does not compile is exit 2, one that is new has its contract checked" {
	repository
	cp "$ROOT/examples/bugs/raw_errno.c" src/new.c
	commit 'a module with a bug'
	judge src/new.c
	exits 3
	stdout_has "'src/new.c' is new"
	echo 'this is no C' >src/new.c
	commit 'no C'
	judge src/new.c
	exits 2
	stderr_has 'does not compile'
}

@test "ci: without a common commit, without pkg-config's file, without the program: exit 6 and what to do" {
	repository
	MEMHP_BASE=no-such-branch judge
	exits 6
	stderr_has 'set MEMHP_BASE'
	PKG_CONFIG_PATH=/nowhere judge
	exits 6
	stderr_has PKG_CONFIG_PATH
	MEMHP_BENCH=no-such-program judge
	exits 6
	stderr_has MEMHP_BENCH
	run "$ROOT/examples/ci/gate-module.sh" gate.yaml
	[ "$status" -eq 2 ]
}
