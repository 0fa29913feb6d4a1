#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memhp-bench conform: the recordings pass, whatever is altered in them fails, and bad input is told by its line.

load cli

# The recordings lie beside the checkout.
setup_oracle()
{
	ORACLE=${MEMHP_ORACLE:-$ROOT/../shared/oracle}
	[ -e "$ORACLE/cases.jsonl" ] || skip "no recordings in $ORACLE (MEMHP_ORACLE says where)"
}

# one NAME [JQ]: that case, altered, into case.jsonl.
one()
{
	grep -F "{\"name\":\"$1\"," "$ORACLE/cases.jsonl" | jq -c "${2:-.}" > case.jsonl
	[ "$(wc -l < case.jsonl)" -eq 1 ]
}

conform()
{
	bench conform "$@" --worlds "$ORACLE/worlds.json"
}

# altered NAME JQ TEXT: that alteration fails, and TEXT is shown.
altered()
{
	one "$1" "$2"
	conform case.jsonl
	exits 3
	stdout_has "$3"
	[ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
}

@test "conform: every case of 6.1 passes, with each type of chain" {
	setup_oracle
	for chain in rwlock mutex rcu-array rcu-list; do
		conform "$ORACLE/cases.jsonl" --chain $chain
		exits 0
		[ "${lines[-1]}" = "288 passed, 0 failed, 6 skipped" ]
		stdout_has "6 of the skipped are not deterministic"
		last_line_says 0
	done
}

@test "conform: every case of 6.12 and 7.3 passes" {
	setup_oracle
	bench conform "$ORACLE/cases-6.12.jsonl" --worlds "$ORACLE/worlds-6.12.json"
	exits 0
	[ "${lines[-1]}" = "176 passed, 0 failed, 0 skipped" ]
	bench conform "$ORACLE/cases-7.3.jsonl" --worlds "$ORACLE/worlds-7.3.json"
	exits 0
	[ "${lines[-1]}" = "223 passed, 0 failed, 4 skipped" ]
}

@test "conform: an altered trace fails: order, length, a nid" {
	setup_oracle
	altered r-ten-equal '.trace |= [.[1], .[0]] + .[2:]' '  > [1,"GOING_OFFLINE",1048576,32768,-1,3]  [0,"GOING_OFFLINE"'
	altered u-anon-migrated '.trace |= .[:-1]' '  > -                                       [1,"OFFLINE",1048576'
	altered u-anon-migrated '.trace[0][5] = 2' '  > [0,"GOING_OFFLINE",1048576,32768,-1,2]  [0,"GOING_OFFLINE",1048576,32768,-1,3]'
	altered u-anon-migrated '.trace[0][4] = 3' '  > [0,"GOING_OFFLINE",1048576,32768,3,3]'
	altered u-anon-migrated '.full_trace[3][3] = "DONE"' '"GOING_OFFLINE","DONE",1,0]'
}

@test "conform: an altered result fails: errno, ret, answer, reason, uevents, states" {
	setup_oracle
	altered i-offline-of-offline '.errno = 16' '  > 16        22'
	altered i-offline-of-offline '.ret = -16' '  > -16       -22'
	altered h-add-del-offline '.answer = "kept"' '"deleted"'
	altered p-unmovable-kernel-page 'del(.reason)' '  > null      "failure to isolate range"'
	altered h-add-del-offline '.uevents |= [.[1], .[0]]' '  > "remove memory42"  "remove memory41"'
	altered t-watch-offline '.watched_states = ["online", "offline"]' '"going-offline"'
	altered t-par-same-block '.op.meanwhile[0].errno = 0' 'meanwhile:'
}

@test "conform: an altered picture fails: a mask, a zone, a block, and before" {
	setup_oracle
	altered u-anon-migrated '.final.has_memory = [0, 2, 3]' '  > has_memory  [0,2,3]   [0,2]'
	altered u-anon-migrated '.final.zones["0/DMA"].spanned = 4094' '  > zones.0/DMA.spanned  4094      4095'
	altered u-anon-migrated '.final.blocks["33"] = ["online", "Movable"]' 'blocks.33'
	altered u-anon-migrated '.before.state = "offline"' '  > state  "offline"  "online"'
	altered u-anon-migrated '.setup[0].op.zone = "Normal"' 'setup[0]: 1 result differs'
}

@test "conform: only the first step that differs is shown, with case, file and line" {
	setup_oracle
	one u-anon-migrated '.setup[0].ret = 1 | .ret = 1'
	conform case.jsonl
	exits 3
	[ "${lines[0]}" = "case.jsonl:1: u-anon-migrated failed: setup[0]: 1 result differs" ]
	[[ $output != *": op:"* ]]
	last_line_says 3
}

@test "conform: --only takes some, -v names them all" {
	setup_oracle
	conform "$ORACLE/cases.jsonl" --only '^u-(anon|mlock)' -v
	exits 0
	stdout_has "u-anon-full-block passed"
	[ "${lines[-1]}" = "3 passed, 0 failed, 0 skipped" ]
	conform "$ORACLE/cases.jsonl" --only 'no such case'
	exits 2
	stderr_has "no case in '$ORACLE/cases.jsonl' has a name that matches 'no such case'"
	conform "$ORACLE/cases.jsonl" --only '('
	exits 2
	stderr_has "'(' is no regular expression"
}

@test "conform: --format json is one document with every case" {
	setup_oracle
	conform "$ORACLE/cases.jsonl" --only '^[tu]-' --format json
	exits 0
	[ "$(jq -r .schema <<< "$output")" = memhp-bench/conform ]
	[ "$(jq '[.cases[] | select(.verdict == "passed")] | length == $passed' --argjson passed "$(jq .passed <<< "$output")" <<< "$output")" = true ]
	[ "$(jq -r '.cases[] | select(.verdict == "not judged").name' <<< "$output")" = t-signal-in-offline ]
}

@test "conform: a file that the simulator has not is skipped, never passed" {
	setup_oracle
	one u-anon-migrated '.setup += [{write: "/sys/devices/system/memory/hard_offline_page", value: "0x8000000", err: 0}]'
	conform case.jsonl
	exits 0
	stdout_has "skipped: setup[2]: the simulator has not /sys/devices/system/memory/hard_offline_page"
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "conform: what is absent outside of the machine's folders is not modelled" {
	setup_oracle
	for path in /sys/kernel/mm/transparent_hugepage/enabled /proc/sys/vm/drop_caches; do
		one u-anon-migrated ".setup += [{write: \"$path\", value: \"1\", err: 0}]"
		conform case.jsonl
		exits 0
		stdout_has "skipped: setup[2]: the simulator has not $path"
		one u-anon-migrated ".op = {kind: \"path\", path: \"$path\", value: \"1\"}"
		conform case.jsonl
		exits 0
		stdout_has "skipped: op: the simulator has not $path"
	done
	one u-anon-migrated '.setup += [{write: "/proc/nothing", value: "1", err: 2}]'
	conform case.jsonl
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
	altered u-anon-migrated '.setup += [{write: "/sys/devices/system/memory/nothing", value: "1", err: 0}]' 'setup[2]:'
}

# host CMD ANSWER LAST: the case of a DIMM with another command.
host()
{
	one h-add-del-offline ".setup += [.setup[0] * {op: {kind: \"host\", cmd: \"$1\"}, answer: \"$2\"}]"
	conform case.jsonl
	stdout_has "$3"
}

@test "conform: what the host refuses by itself is compared, or skipped with the reason" {
	setup_oracle
	host "del nope" deleted "skipped: setup[1]: there is no DIMM of that name"
	exits 0
	host "add x2 100 3" "ok ost status=0" "skipped: setup[1]: the DIMM is not whole blocks large"
	host "add x2 128 77" "ok ost status=0" "skipped: setup[1]: the world has no such node"
	host "add x1 128 3" "ok ost status=0" "skipped: setup[1]: there is a DIMM of that name already"
	host "del nope" "refused no such device" "setup[1]:"
	exits 3
	[[ $output != *answer:* ]]
	host "del dimm0" "ok" "setup[1]:"
	exits 3
	stdout_has '"deleted"'
}

@test "conform: a place of a DIMM that was unplugged is used again" {
	setup_oracle
	one h-add-del-offline '.setup = ([range(70) as $i | .setup[0], del(.name, .world, .chain, .setup)] + .setup)'
	conform case.jsonl
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
}

@test "conform: a file without a case, a folder, a line that begins with NUL" {
	setup_oracle
	printf '\n \n' > empty.jsonl
	conform empty.jsonl
	exits 2
	stderr_has "'empty.jsonl' holds no case"
	mkdir folder
	conform folder
	exits 2
	stderr_has "'folder' cannot be read: Is a directory"
	one u-anon-migrated
	{ cat case.jsonl; printf '\0garbage\n'; } > nul.jsonl
	conform nul.jsonl
	exits 2
	stderr_has "nul.jsonl:2: error: no valid JSON"
}

@test "conform: -q leaves the last line and the errors" {
	setup_oracle
	one u-anon-migrated '.ret = 1'
	conform case.jsonl -q
	exits 3
	[ "$output" = "0 passed, 1 failed, 0 skipped" ]
	echo '{' >> case.jsonl
	conform case.jsonl -q
	exits 3
	[ "$output" = "0 passed, 1 failed, 0 skipped" ]
	stderr_has "case.jsonl:2: error: no valid JSON"
}

@test "conform: a malformed line ends it, unless --keep-going" {
	setup_oracle
	one u-anon-migrated
	{ cat case.jsonl; echo '{"name": "torn"'; cat case.jsonl; } > three.jsonl
	conform three.jsonl
	exits 2
	stderr_has "three.jsonl:2: error: no valid JSON at column"
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
	conform three.jsonl --keep-going
	exits 2
	[ "${lines[-1]}" = "2 passed, 0 failed, 0 skipped" ]
	last_line_says 2
}

# refused JQ SENTENCE
refused()
{
	one u-anon-migrated "$1"
	conform case.jsonl
	exits 2
	stderr_has "case.jsonl:1: error: $2"
}

@test "conform: a case that says what no recording does" {
	setup_oracle
	refused 'del(.trace)' "'u-anon-migrated': op: 'trace' is missing"
	refused '.op.kind = "poke"' "'u-anon-migrated': op: 'kind' is 'poke'"
	refused '.world = "Q"' "'world': there is no 'Q'"
	refused '.op.block = 20' "op: block 20 is absent"
	refused '.op.block = 2000000000 | .errname = "ENOENT" | .watched_states = ["x"]' "op: block 2000000000 is absent"
	refused '.watched_states = "online"' "'u-anon-migrated': op: 'watched_states' is no list"
	refused '.kernel = "7.3.4"' "world A is of Linux 6.1.0-56-amd64, the case of 7.3.4"
	refused '.setup[1].use = "swap"' "'u-anon-migrated': setup[1]: 'use' is 'swap'"
}

@test "conform: registrations beside an operation that are done are not waited for" {
	setup_oracle
	one u-anon-migrated '.op.meanwhile = [range(256) | {after_ms: 0, do: (if . % 2 == 0 then "add 7 0" else "del 7" end), errno: 0}]'
	start=$(date +%s%N)
	conform case.jsonl
	(( $(date +%s%N) - start < 5000000000 )) # 1000 turns of 20 us each would be more
	[[ $stderr != *error:* ]]
	refused '.op.meanwhile = [range(257) | {after_ms: 0, do: "free"}]' "'u-anon-migrated': op: 'meanwhile' has 257 entries, more than 256"
}

@test "conform: callbacks told beside a walk, also one that nothing else names" {
	setup_oracle
	one u-anon-migrated '.op.meanwhile = [range(64) | {after_ms: 0, do: "ret \(. % 2 * 200) ONLINE OK", errno: 0}]'
	conform case.jsonl
	exits 0
	[ "${lines[-1]}" = "1 passed, 0 failed, 0 skipped" ]
}

# contradicts JQ SENTENCE: the worlds, altered.
contradicts()
{
	jq "$1" "$ORACLE/worlds.json" > worlds.json
	bench conform "$ORACLE/cases.jsonl" --worlds worlds.json
	exits 2
	stderr_has "$2"
}

@test "conform: a world that contradicts itself" {
	setup_oracle
	contradicts '.A.blocks[3].start_pfn = 5' "world 'A': blocks[3]: block 3 does not begin where its number says"
	contradicts '.A.blocks[3].node = 9' "world 'A': blocks[3]: there is no node 9"
	contradicts '.A.block_bytes = 0 | .A.pages_per_block = 0' "world 'A': 'block_bytes' is 0, no power of two from 16777216 to"
	contradicts '.A.block_bytes = 4096 | .A.pages_per_block = 1' "world 'A': 'block_bytes' is 4096, no power of two"
	contradicts '.A.block_bytes = 100663296 | .A.pages_per_block = 24576' "world 'A': 'block_bytes' is 100663296, no"
	contradicts '.A.builtin_chain[0] = "99999999999 ksm"' "a built-in listener is not 'PRIORITY NAME'"
	contradicts '.A.builtin_chain[0] = "ksm"' "a built-in listener is not 'PRIORITY NAME'"
	contradicts '.A.pages_per_block = 16384' "world 'A': 'block_bytes' is not 16384 pages of 4096 bytes"
	contradicts '.A.has_memory = "0-3"' "world 'A': 'has_memory' is '0-3', but node 1 has no such block online"
	contradicts '.A.blocks[4].block = 3 | .A.blocks[4].start_pfn = 98304' "world 'A':"
	contradicts '.A.zones_at_start["0/DMA"].present = 9999' "world 'A':"
	bench conform "$ORACLE/cases.jsonl" --worlds nowhere.json
	exits 2
	stderr_has "'nowhere.json' cannot be read"
}

@test "conform: what it is started with" {
	bench conform
	exits 2
	stderr_has "a file of CASES is needed"
	bench conform cases.jsonl
	exits 2
	stderr_has "--worlds FILE is needed"
	bench conform cases.jsonl --worlds w.json --chain ring
	exits 2
	stderr_has "rcu-array, rcu-list, rwlock or mutex"
}
