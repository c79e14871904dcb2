# shellcheck shell=bash
# bash completion for ecsp(1)

_ecsp() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local commands='test judge report up set do fault state shell replay record import lint list selftest sweep'
	COMPREPLY=()

	if [ "$COMP_CWORD" = 1 ]; then
		mapfile -t COMPREPLY < <(compgen -W "$commands --help --version" -- "$word")
		return
	fi

	case $before in
	--level)
		mapfile -t COMPREPLY < <(compgen -W 'must should all' -- "$word")
		return
		;;
	--agent)
		compopt -o nospace
		mapfile -t COMPREPLY < <(compgen -W 'dc= es= mobile= pc=' -- "$word")
		return
		;;
	--fault)
		mapfile -t COMPREPLY < <(compgen -W 'kill cut enospc eio ack all' -- "$word")
		return
		;;
	--jobs | --points | --seed | --shard | --repeat | --min-cases) return ;;
	esac

	local options='--help'
	case ${COMP_WORDS[1]} in
	test)
		options+=' --agent --out --jobs --seed --shard --repeat --min-cases --baseline --level --keep-world'
		;;
	report) options+=' --html --junit --csv' ;;
	replay) options+=' --hours --seed --start --truth' ;;
	selftest) options+=' --json' ;;
	sweep) options+=' --fault --points --agent --out --jobs --seed --keep --json' ;;
	up) options+=' --loopback --scale --start --snmp-port --enpc-port --cloud-port --ca --control --journal' ;;
	set | do | state | shell) options+=' --control' ;;
	fault) options+=' --control --clear' ;;
	list)
		mapfile -t COMPREPLY < <(compgen -W \
			'requirements items scenarios profiles faults actions agents --json --help' -- "$word")
		return
		;;
	esac
	case $word in
	-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
	*)
		compopt -o filenames
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		;;
	esac
}

complete -F _ecsp ecsp
