# SPDX-License-Identifier: GPL-2.0-or-later
# `module FILE.so --check`: each bug of examples/bugs is found by its rule, its repro line finds it again, its fix passes.

load cli

# finds MODULE RULE WORDS: exit 3, the rule's line says BROKEN and the words, and the line to repeat it does.
finds()
{
	local line repro

	bench module "$MODULES/$1.so" --check
	exits 3
	line=$(grep -E "^  $2 +BROKEN: " <<<"$output")
	[[ $line == *"$3"* ]] || { echo "the line of $2 is: $line" >&2; return 1; }
	repro=$(sed -n "/^  $2 /,/repeat: /s/.*repeat: memhp-bench //p" <<<"$output" | head -n 1)
	[ -n "$repro" ]
	# The words of the line are plain: no quotes.
	# shellcheck disable=SC2086
	bench $repro
	exits 3
	[[ $output == *"$2 "*BROKEN* ]] || { echo "not repeated by $repro: $output" >&2; return 1; }
}

passes()
{
	bench module "$MODULES/$1.so" --check
	exits 0
	stdout_has "the contract is kept"
	[[ $output != *BROKEN* ]]
}

@test "contract: a raw errno, and its fix" {
	finds raw_errno return-encoding "MEM_GOING_ONLINE with a raw -12, which Linux takes for success"
	passes section_table
}

@test "contract: a stop bit that hides lower listeners, and its fix" {
	finds stop_bit stop "NOTIFY_STOP: the listeners below do not hear of it"
	passes stop_bit_fixed
}

@test "contract: a mutex released in CANCEL without GOING, and its fix" {
	finds cancel_unlock lock "mutex '&balloon_lock' is released at"
	passes cancel_unlock_fixed
}

@test "contract: BAD from a final event, and its fix" {
	finds final_bad refusal "refused MEM_OFFLINE"
	passes final_bad_fixed
}

@test "contract: a priority raised while registered, and its fix" {
	finds priority_raised registration "raised to 150, and registered again"
	passes priority_raised_fixed
}

@test "contract: an allocation that is never undone, and its fix" {
	finds never_undone undo "leaves 1 allocation more, made at never_undone.c:"
	passes never_undone_fixed
}

@test "contract: the example modules keep it" {
	passes per_node
	passes going_lock
	passes error_inject
}

@test "contract: parameters are given as to insmod" {
	bench module "$MODULES/error_inject.so" offline_error=-12 priority=7 --check
	exits 0
	stdout_has "priority 7"
	bench module "$MODULES/error_inject.so" offline_error=12 --check
	exits 6
	bench module "$MODULES/error_inject.so" nosuch=1
	exits 2
	stderr_has offline_error
}

@test "contract: hello keeps it, and what it does not do is not called ok" {
	passes hello
	stdout_has "lock             not exercised: it takes no lock"
	stdout_has "allocation       not exercised: its callbacks allocate nothing"
}

# fixture NAME [OPTION…]: compiles it, to be named to finds and passes.
fixture()
{
	MODULES=.
	compile "$ROOT/tests/fixtures/modules/$1.c" "$1.so" "${@:2}"
}

@test "contract: a module without exit is checked, in 6.1 and in 6.12" {
	fixture contract_for_ever
	passes contract_for_ever
	fixture contract_for_ever -DMEMHP_COMPAT=612
	passes contract_for_ever
}

@test "contract: a block that the init allocates is followed from load to load" {
	fixture contract_driver
	passes contract_driver
	stdout_has "lock             ok"
}

@test "contract: what is made once and kept does not leak, whoever registers" {
	fixture contract_kept
	passes contract_kept
}

@test "contract: neither a root that moves nor a thread of its own is taken for a mistake" {
	fixture contract_tree
	passes contract_tree
}

@test "contract: an exit that does not unregister" {
	fixture contract_no_unregister
	finds contract_no_unregister registration "still registered after its exit"
}

@test "contract: taken back when all goes well, and not when it is cancelled" {
	fixture contract_uncancelled
	finds contract_uncancelled undo "variable 'pages_leaving' was 0 before the operation and is 32768 after it"
}

@test "contract: -q tells only what is broken, -v also the rule" {
	bench module "$MODULES/final_bad.so" --check -q
	exits 3
	[ "$(grep -c '^  [a-z]' <<<"$output")" = 1 ]
	[[ $output == "  refusal "*BROKEN* ]]
	bench module "$MODULES/final_bad.so" --check -v --color always
	stdout_has "the rule: refuses only where the kernel asks"
	stdout_has $'\033[1;31mBROKEN'
}

@test "contract: --format json says the same" {
	bench module "$MODULES/final_bad.so" --check --format json
	exits 3
	[ "$(jq -r '.rules[] | select(.rule == "refusal") | .status' <<<"$output")" = broken ]
	[ "$(jq -r '.rules[] | select(.rule == "lock") | .status' <<<"$output")" = "not exercised" ]
	[ "$(jq -r '.listeners[0].name' <<<"$output")" = final_bad ]
	[ "$(jq '.cases == .cases_done' <<<"$output")" = true ]
}

@test "contract: without --check, what a module registers" {
	bench module "$MODULES/hello.so"
	exits 0
	stdout_has "hello"
	stdout_has "memory chain"
}

@test "contract: a case that is none is refused" {
	bench module "$MODULES/hello.so" --check --case hello/alone/never
	exits 2
	stderr_has "there is no case 'hello/alone/never'"
}

@test "contract: what is no module, and what does not start, are refused with a sentence" {
	bench module /etc/passwd --check
	exits 2
	stderr_has "/etc/passwd"
	compile "$ROOT/tests/fixtures/modules/init_fails.c" init_fails.so
	bench module init_fails.so --check
	exits 6
	stderr_has "its init returned"
}

@test "contract: a lock kept on an error path" {
	fixture contract_lock_kept
	finds contract_lock_kept lock "the operation is over with the mutex '&kept_lock' held, taken at contract_lock_kept.c:"
}
