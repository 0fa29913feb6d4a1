# SPDX-License-Identifier: GPL-2.0-or-later
# The completion knows what --help knows of every command, and completes.

load cli

setup_completion()
{
	"$BENCH" completion bash >completion.sh
	# shellcheck disable=SC1091
	source ./completion.sh
}

commands()
{
	"$BENCH" --help | awk '/^  [a-z]/ { print $1 }'
}

# complete_line WORD…: what is offered for the last word, a line each, sorted. Parted at "=" as bash does.
complete_line()
{
	COMP_WORDS=()
	for word in memhp-bench "$@"; do
		while [[ $word == -*=* ]]; do
			COMP_WORDS+=("${word%%=*}" =)
			word=${word#*=}
			[ -n "$word" ] || continue 2
		done
		COMP_WORDS+=("$word")
	done
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	_memhp_bench
	printf '%s\n' "${COMPREPLY[@]}" | sort
}

@test "completion: all commands of --help, and no other" {
	setup_completion
	[ "$(complete_line '')" = "$(commands | sort)" ]
	[ "$(complete_line ex)" = "$(printf 'explain\nexport')" ]
}

@test "completion: of every command the options that its --help lists, and no other" {
	setup_completion
	[ "$(commands | wc -l)" -ge 15 ]
	for command in $(commands); do
		known=$("$BENCH" "$command" --help | awk '/^ +-/ { while (match($0, /^[ ,]*-[^ ,=]+/)) {
			option = substr($0, RSTART, RLENGTH); gsub(/[ ,]/, "", option); sub(/\[$/, "", option)
			if (option != "-?" && option != "--usage") print option
			$0 = substr($0, RSTART + RLENGTH); sub(/^=[^ ]*/, "") } }' | sort)
		offered=$(complete_line "$command" -)
		[ "$offered" = "$known" ] || {
			echo "$command: --help and completion differ:"
			diff <(echo "$known") <(echo "$offered")
			false
		}
	done
}

@test "completion: values of an option, in both spellings" {
	setup_completion
	[ "$(complete_line run --color a)" = "$(printf 'always\nauto')" ]
	[ "$(complete_line run --color=n)" = never ]
	[ "$(complete_line show --format=)" = "$(printf 'json\ntext')" ]
	[ "$(complete_line run --seed '')" = "" ]
	[ "$(complete_line completion '')" = bash ]
	formats=$("$BENCH" export --help | awk '/^  [a-z]+  +[a-zA-Z]/ { print $1 }' | sort)
	[ "$(complete_line export --format '')" = "$formats" ]
}

@test "completion: folders for a result, files for a scenario" {
	setup_completion
	mkdir result
	touch scenario.yaml
	[ "$(complete_line show '')" = result ]
	[ "$(complete_line merge result res)" = result ]
	[ "$(complete_line run sc)" = scenario.yaml ]
	[ "$(complete_line run -o r)" = result ]
	[ "$(complete_line export result -o com)" = completion.sh ]
}

@test "completion: another shell is refused: 2" {
	bench completion fish
	exits 2
	bench completion
	exits 2
}
