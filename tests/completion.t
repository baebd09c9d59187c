#!/usr/bin/env bash
# Completion in bash: every long option of --help is offered for every command and pipeline, and
# the values that are known by name; as functions, and once through the line editor itself.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.
planted=('root/*/cognito-serve-pool')

# What a shell that has sourced a file offers for the last of the words, a line each, sorted.
cat >complete.bash <<'END'
. "$1" || exit 1
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
spec=$(complete -p "${1##*/}") || exit 1
function=${spec#*-F } function=${function%% *}
"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}" | LC_ALL=C sort
END
file=$TOP/pipelines/completion.bash
complete_line() { bash --norc "$T/complete.bash" "$file" "$@"; }

# offers TITLE EXPECTED WORD...: two tests: this and nothing else is offered, in silence.
offers() {
	local expected=$2
	title "$1"
	shift 2
	complete_line "$@" >"$T/offered" 2>"$T/err"
	printf '%s' "${expected:+$expected$'\n'}" >"$T/expected"
	ok cmp "$T/expected" "$T/offered"
	empty "$T/err"
}

title 'every command and pipeline has a completion'
for program in "$BIN"/* "$TOP"/pipelines/*-*; do
	[ ! -x "$program" ] || printf '%s\n' "${program##*/}"
done | sort >names
bash --norc -c '. "$1" && complete -p' - "$file" | sed 's/.* //' | sort >completed
same names completed

while IFS= read -r name; do
	title "$name: every option of --help is offered"
	"$name" --help | grep -oE -e '--[a-z][a-z0-9-]+' | sort -u >options
	printf '%s\n' --help --version >>options
	complete_line "$name" -- >offered 2>err
	sort -u options | comm -23 - offered >missing
	empty missing
	title "$name: and nothing that it does not know"
	# The long names of letters stand in no usage, but on the page (export-csv's is export-target's).
	pages=("$TOP/man/$name.1")
	[ ! -L "$TOP/pipelines/$name" ] || pages+=("$TOP/man/$(readlink "$TOP/pipelines/$name").1")
	comm -13 <(sort -u options) offered | while IFS= read -r option; do
		grep -qhE "^\.It Fl (. , )?-${option#--}( |\$)" "${pages[@]}" || echo "$option"
	done >unknown
	cat err >>unknown
	empty unknown
done <names
title 'and letters'
complete_line through - >offered
ok grep -qx -e -1 offered

# values COMMAND OPTION ARG...: what is offered is what the command takes.
values() {
	local name=$1 option=$2 value
	shift 2
	title "$name $option: each value is known"
	complete_line "$name" "$option" '' >offered
	while IFS= read -r value; do
		# This one wants it.
		[ "$value" != entra ] || set -- "$@" --bulk
		"$name" "$option" "$value" "$@" </dev/null >out 2>err || [ $? -ne 2 ] || { echo "$value"; cat err; }
	done <offered >wrong
	[ -s offered ] || echo 'none' >wrong
	empty wrong
}
printf '{"Username":"a"}\n' >one
values emit-csv --dialect --columns Username
values emit-csv --guard --columns Username
values emit-csv --layout -o several
values emit-json --envelope
values emit-scim --dialect
values emit-scim --hold-back --reject held
values map-attributes --hold-back --reject held -e .
values unguard --guard
for option in --birthdate --dialect --empty --guard --kind --unknown; do
	values parse-csv "$option" none.csv
done
values parse-csv --layout none.csv
values serve-pool --allow one -- true
values serve-pool --quota one -- true
(umask 077 && echo token >token)
for name in list-scim push-scim; do
	values $name --dialect --token-file token --url http://127.0.0.1:9 --retry-seconds 0
	values $name --domain-type --token-file token --url http://127.0.0.1:9 --dialect oci --retry-seconds 0
done
network=(--user-pool-id eu-west-1_abc --region eu-west-1 --endpoint-url http://127.0.0.1:9 --retry-seconds 0)
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=x
values expand-members --by "${network[@]}"
values check-connection --for --print-policy "${network[@]}"
values describe-pool --parts "${network[@]}"
values check-connection --format "${network[@]}"
values pool-report --format
values assume-role --format --role-arn arn:aws:iam::123456789012:role/r --allow-insecure-output --retry-seconds 0 \
	--endpoint-url http://127.0.0.1:9 --region eu-west-1
unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
title 'a mapping that is offered is one that is found'
complete_line map-attributes -m '' >offered
while IFS= read -r value; do
	map-attributes --explain -m "$value" 2>&1 | grep 'not found'
done <offered >wrong
empty wrong
ok grep -qx flat-user offered
title 'the values of emit-csv --guard are those of the pipelines'
complete_line emit-csv --guard '' >a
complete_line export-csv --guard '' >b
same a b

title 'targets are those of --list'
export-target --list | cut -d' ' -f1 | sort >listed
complete_line export-target '' >offered
same listed offered
offers 'what is begun' okta-users emit-csv --layout okta
offers 'a value behind =, as readline parts it' okta-users emit-csv --layout = okta
offers 'a value behind =, in one word' --layout=okta-users emit-csv --layout=okta
offers 'nothing behind = that is known' '' list-users --user-pool-id = ''
offers 'an option behind a value behind =' --split-by emit-csv --columns = a --split-
offers 'an option behind an option and its value' --split-by emit-csv --columns a --split-
offers 'a short option takes its value' flat-user map-attributes -m flat-u
offers 'the command by its path' --whole "$BIN/unseal" --wh
offers 'a command that is not there' '' nowhere/unseal --wh

title 'data of the caller'
mkdir -p own/layouts "$HOME/.config/cognito-filters/mappings"
: >own/layouts/mine.layout
: >own/my\ own.layout
: >"$HOME/.config/cognito-filters/mappings/mine.jq"
COGNITO_FILTERS_PATH=/nonexistent::$T/own complete_line emit-csv --layout m >offered
same - offered <<'END'
mine
my\ own
END
offers 'and of the configuration folder' mine map-attributes --mapping min

mkdir -p files/dir
: >files/a.ndjson
: >'files/b c.ndjson'
cd files || exit 1
offers 'files, where the usage says file' $'a.ndjson\nb c.ndjson\ndir' emit-csv --reject ''
offers 'directories, where it says so' dir export-csv -d ''
offers 'files as operands' a.ndjson emit-csv a.
offers 'a path to a layout' ./a.ndjson emit-csv --layout ./a
offers 'files, where two records are compared' a.ndjson describe-pool --compare a.
offers 'and for the second of them' a.ndjson describe-pool --compare one a.
offers 'no files where a pool is described' '' describe-pool a.
offers 'no files where groups are named' '' list-groups a.
cd .. || exit 1

cat >config <<'END'
[default]
region = eu-west-1
aws_secret_access_key = not-a-name
[profile night-sync]
credential_process = echo [profile not-this]
[ profile  other one ]
[sso-session login]
[services s]
# [profile commented]
END
printf '[keys]\naws_secret_access_key = x\n[default]\n' >credentials
export AWS_CONFIG_FILE=$T/config AWS_SHARED_CREDENTIALS_FILE=$T/credentials
offers 'profiles by their names, and nothing else of the files' $'default\nkeys\nnight-sync\nother\\ one' \
	list-users --profile ''
export AWS_CONFIG_FILE=$T/none AWS_SHARED_CREDENTIALS_FILE=$T/none
offers 'no profiles where there are no files' '' list-users --profile ''

title 'a command behind through'
complete_line through -o x gre >offered
ok grep -qx grep offered
title 'a command behind assume-role'
complete_line assume-role --role-arn a -- export- >offered
ok grep -qx export-oci offered
title 'a command behind serve-pool'
complete_line serve-pool --seed 1 one -- export- >offered
ok grep -qx export-oci offered
offers 'and its own options before' --require-role serve-pool one --require

# As it is typed; the line that comes of it is kept instead of being run.
cat >rc <<END
. "$file"
PS1= HISTFILE=
bind 'set enable-bracketed-paste off'
bind -x '"\\C-xk": printf "%s\\n" "\$READLINE_LINE" >>"$T/lines"; READLINE_LINE='
END
printf '%s\030k' $'emit-csv --layout okta-u\t' $'map-attributes --mapping=flat-us\t' $'unseal --wh\t' \
	$'export-target jumpc\t' $'emit-csv --columns a files/b\t' >keys
printf 'exit\n' >>keys
TERM=dumb script -qec "bash --noprofile --rcfile rc -i" /dev/null <keys >typed 2>&1
title 'typed'
sed 's/ *$//' lines >typed.lines
same - typed.lines <<'END'
emit-csv --layout okta-users
map-attributes --mapping=flat-user
unseal --whole
export-target jumpcloud
emit-csv --columns a files/b\ c.ndjson
END

title 'installed with a prefix'
run 0 make -s -C "$TOP" --no-print-directory O="$BUILD" DESTDIR="$T/root" PREFIX=/usr PROGRAM_PREFIX=cognito- install
completions=$T/root/usr/share/bash-completion/completions
title 'under the name of every command'
(cd "$completions" && printf '%s\n' *) >installed
sed 's/^/cognito-/' names | sort >expected.names
same expected.names installed
export PATH=$T/root/usr/bin:/usr/bin:/bin
unset COGNITO_FILTERS_PATH
file=$completions/cognito-list-users
offers 'options' --names-from cognito-list-groups --names
offers 'installed layouts' okta-users cognito-emit-csv --layout okta
title 'the loader of bash-completion finds it'
# shellcheck disable=SC2016 # the inner shell's
XDG_DATA_DIRS=$T/root/usr/share bash --norc -c '
	. /usr/share/bash-completion/bash_completion
	_completion_loader cognito-emit-csv
	complete -p cognito-emit-csv' >out 2>&1
has out '-F _cognito_filters cognito-emit-csv'

finish
