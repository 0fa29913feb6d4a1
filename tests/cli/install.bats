# SPDX-License-Identifier: GPL-2.0-or-later
# What `cmake --install` leaves, used from there alone: neither the source tree nor the folder that it was installed to
# first is needed for it.

load cli

# Installed once, then moved: whatever had kept the first place would be lost.
setup_file()
{
	local bench=${MEMHP_BENCH:-$BATS_TEST_DIRNAME/../../build/release/memhp-bench}

	BUILD=$(cd "$(dirname "$bench")" && pwd)
	PREFIX=$BATS_FILE_TMPDIR/moved
	export BUILD PREFIX
	cmake --install "$BUILD" --prefix "$BATS_FILE_TMPDIR/first" >"$BATS_FILE_TMPDIR/log" 2>&1 ||
		{ cat "$BATS_FILE_TMPDIR/log" >&2; return 1; }
	mv "$BATS_FILE_TMPDIR/first" "$PREFIX"
}

flags()
{
	PKG_CONFIG_PATH=$PREFIX/share/pkgconfig pkg-config "$@" memhp
}

# keeps_contract FILE.so: the installed program loads it and has nothing to say against it.
keeps_contract()
{
	run timeout 60 "$PREFIX/bin/memhp-bench" module "$1" --check
	[ "$status" -eq 0 ] || { printf '%s: exit %s:\n%s\n' "$1" "$status" "$output" >&2; return 1; }
}

# needs_nothing FILE.so: no library but libc.
needs_nothing()
{
	run readelf -d "$1"
	[ "$status" -eq 0 ]
	! grep NEEDED <<<"$output" | grep -v 'libc\.so'
}

@test "install: every header, scenario and example is there, and nothing else of the tree" {
	diff -r "$ROOT/bench/scenarios" "$PREFIX/share/memhp-bench/scenarios"
	diff -r "$ROOT/examples" "$PREFIX/share/memhp-bench/examples"
	diff <(cd "$ROOT/include" && find . -name '*.h' | sort) <(cd "$PREFIX/include" && find . -type f | sort)
	[ "$(ls "$PREFIX/bin")" = memhp-bench ]
}

@test "install: the man pages of the build are there, where help2man is" {
	grep -q '^HELP2MAN:.*NOTFOUND' "$BUILD/CMakeCache.txt" && skip "help2man was not there when the build was configured"
	diff -r "$BUILD/man" "$PREFIX/share/man/man1"
	[ -s "$PREFIX/share/man/man1/memhp-bench-run.1" ]
}

@test "install: the completion is what the program says, and bash takes it" {
	diff <("$PREFIX/bin/memhp-bench" completion bash) "$PREFIX/share/bash-completion/completions/memhp-bench"
	bash -n "$PREFIX/share/bash-completion/completions/memhp-bench"
	bash -c '. "$1" && complete -p memhp-bench' - "$PREFIX/share/bash-completion/completions/memhp-bench"
}

@test "install: nothing names the folder that it was built from, built in, or installed to first" {
	for folder in "$ROOT" "$BUILD" "$BATS_FILE_TMPDIR/first"; do
		run grep -rlF "$folder" "$PREFIX"
		[ "$status" -eq 1 ] || { echo "$folder is named in: $output" >&2; return 1; }
	done
}

@test "install: the version is the program's" {
	version=$("$PREFIX/bin/memhp-bench" version --json | jq -r .version)
	[ "$(flags --modversion)" = "$version" ]
	grep -qF "\"$version\"" "$PREFIX/share/cmake/memhp/memhp-config-version.cmake"
}

@test "install: DESTDIR goes in front of an absolute prefix, and nothing is written outside" {
	DESTDIR=$PWD/stage run cmake --install "$BUILD" --prefix /opt/memhp
	[ "$status" -eq 0 ]
	[ "$(ls stage)" = opt ]
	[ -x stage/opt/memhp/bin/memhp-bench ]
	[ ! -e /opt/memhp ]
}

@test "install: a module by the flags of pkg-config" {
	# shellcheck disable=SC2046
	gcc $(flags --cflags) -Wall -Werror -shared -fPIC "$PREFIX/share/memhp-bench/examples/modules/hello.c" -o hello.so
	# shellcheck disable=SC2046
	gcc $(flags --variable=modulecflags) "$PREFIX/share/memhp-bench/examples/modules/per_node.c" -o per_node.so
	[ -z "$(flags --libs)" ]
	needs_nothing hello.so
	keeps_contract ./hello.so
	keeps_contract ./per_node.so
}

@test "install: a module by the CMake package" {
	cat >CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.16)
project(mine C)
find_package(memhp 0.1 REQUIRED)
memhp_add_module(hello ${EXAMPLES}/hello.c)
CMAKE
	run cmake -S . -B build -DCMAKE_PREFIX_PATH="$PREFIX" -DEXAMPLES="$PREFIX/share/memhp-bench/examples/modules"
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
	run cmake --build build
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
	needs_nothing build/hello.so
	keeps_contract build/hello.so
}

@test "install: a version of the package that is not there is refused" {
	printf 'cmake_minimum_required(VERSION 3.16)\nproject(mine C)\nfind_package(memhp 99 REQUIRED)\n' >CMakeLists.txt
	run cmake -S . -B build -DCMAKE_PREFIX_PATH="$PREFIX"
	[ "$status" -ne 0 ]
	[[ $output == *99* ]]
}

# alone NAME COMPILER…: each header of the list on stdin in a file of its own, all given to one call.
alone()
{
	local header count=0 files=()

	mkdir -p "$1"
	while IFS= read -r header; do
		count=$((count + 1))
		printf '#include <%s>\n#include <%s>\nextern int header_%d;\n' "$header" "$header" $count >"$1/$count.${1##*-}"
		files+=("$1/$count.${1##*-}")
	done
	[ $count -gt 0 ]
	run "${@:2}" "${files[@]}"
	[ "$status" -eq 0 ] || { echo "$output" >&2; return 1; }
}

@test "install: each header compiles alone, as C" {
	# shellcheck disable=SC2046
	(cd "$PREFIX/include/memhp/kernel" && find linux -name '*.h') | alone kernel-c gcc -fsyntax-only -Wall -Werror $(flags --cflags)
	# shellcheck disable=SC2046
	(cd "$PREFIX/include" && find memhp -maxdepth 1 -name '*.h') | alone host-c gcc -fsyntax-only -Wall -Werror $(flags --cflags)
}

@test "install: each header of the host's side is valid C++" {
	command -v g++ >/dev/null || skip "no C++ compiler"
	(cd "$PREFIX/include" && find memhp -maxdepth 1 -name '*.h') |
		alone host-cc g++ -std=c++11 -fsyntax-only -Wall -Wextra -Werror "-I$PREFIX/include"
}

@test "install: the installed program checks each installed scenario" {
	for scenario in "$PREFIX"/share/memhp-bench/scenarios/*.yaml; do
		[ "$(basename "$scenario")" != broken-on-purpose.yaml ] || continue
		run timeout 60 "$PREFIX/bin/memhp-bench" check "$scenario"
		[ "$status" -eq 0 ] || { echo "$scenario: exit $status: $output" >&2; return 1; }
	done
}
