#!/usr/bin/env bash
# Whom the client trusts: a certificate that does not fit ends the run at once, with status 1.
. "$(dirname "$0")/lib.sh"

if ! command -v openssl >/dev/null; then
	echo "1..0 # SKIP no openssl command"
	exit 0
fi

# certificate NAME SUBJECT-ALTERNATIVE-NAME
certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$1" -addext "subjectAltName=$2" \
		-keyout "$1.key" -out "$1.pem" 2>openssl.err || cat openssl.err
}
certificate right IP:127.0.0.1
certificate other DNS:example.com
echo '{"Username":"ana","Enabled":true,"UserStatus":"CONFIRMED","Attributes":{"sub":"1"}}' >users

# over_tls STATUS CERTIFICATE LIST-USERS-OPTION...
over_tls() {
	local want=$1 name=$2
	shift 2
	run "$want" serve-pool --tls-cert "$name.pem" --tls-key "$name.key" --log asked users -- \
		list-users "$@"
}

title 'a certificate of the given bundle is accepted'
over_tls 0 right --ca-bundle right.pem
title 'and the user arrives'
ok grep -q '"Username":"ana"' out
empty err
title 'AWS_CA_BUNDLE does the same'
export AWS_CA_BUNDLE=$PWD/right.pem
over_tls 0 right
unset AWS_CA_BUNDLE

rm -f asked
title 'a certificate of nobody known is refused'
over_tls 1 right
has err ' is not accepted: '
empty out
title 'a certificate of another host is refused'
over_tls 1 other --ca-bundle other.pem
has err ' is not accepted: '
title 'neither server was asked anything'
ok test ! -s asked
title 'a bundle that is gone once the run has begun'
cp right.pem passing.pem
planted=(profile)
cat >profile <<'END'
[profile passing]
credential_process = sh -c 'rm passing.pem; echo "{\"Version\":1,\"AccessKeyId\":\"AKIAIOSFODNN7EXAMPLE\",\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\"}"'
END
run 0 serve-pool --tls-cert right.pem --tls-key right.key users -- \
	env AWS_CONFIG_FILE="$PWD/profile" list-users --profile passing --ca-bundle passing.pem
ok grep -q '"Username":"ana"' out
ok test ! -e passing.pem
title 'a bundle that is none'
over_tls 1 right --ca-bundle users
title 'a bundle that is not there'
over_tls 2 right --ca-bundle none.pem
has err 'list-users: --ca-bundle: none.pem: No such file or directory'

# The prctl that makes a process unreadable, for strace too, is answered by strace.
# shellcheck disable=SC2054 # commas of strace
strace=(strace -f -qq -e signal=none -E ASAN_OPTIONS=detect_leaks=0 -o trace -e trace=%file,prctl
	-e inject=prctl:retval=0)
if command -v strace >/dev/null; then
	for command in list-users check-connection; do
		rm -f trace
		title "$command: a bundle that does not fit"
		run 1 serve-pool --tls-cert right.pem --tls-key right.key users -- "${strace[@]}" \
			"$command" --ca-bundle other.pem
		title "$command: it was read"
		has trace other.pem
		title "$command: and no directory of the system's"
		ok test -z "$(grep -E '/[0-9a-f]{8}\.[0-9]+"' trace)"
	done
fi
finish
