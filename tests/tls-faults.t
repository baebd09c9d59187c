#!/usr/bin/env bash
# Whom a client believes and where it goes: certificates that do not fit, proxies that misbehave, an
# environment that somebody poisoned.  Nothing is sent to who is not known, nothing leaves by a way
# that was not meant, and no setting outside of ours switches verification off.
#
# LD_PRELOAD, LD_LIBRARY_PATH and whatever else makes the loader or libc run other code (GCONV_PATH,
# a provider or engine named in OPENSSL_CONF) are out of scope: who sets them runs what he likes.
. "$(dirname "$0")/lib.sh"
planted=(canaries)
# Mostly waits.
# shellcheck source=tests/helpers/fault.sh
. "$TOP/tests/helpers/fault.sh"

if ! command -v openssl >/dev/null || ! command -v faketime >/dev/null; then
	echo '1..0 # SKIP no openssl or faketime'
	exit 0
fi

# made NAME ISSUER EXTENSIONS [OPTION...]: NAME.pem and NAME.key, signed by ISSUER ("" by itself)
fixed=()
made() {
	local name=$1 issuer=$2 extensions=$3 key=(ec -pkeyopt ec_paramgen_curve:P-256)
	shift 3
	[ -z "${rsa:-}" ] || key=("rsa:$rsa")
	openssl req -new -newkey "${key[@]}" -nodes -subj "/CN=$name" -keyout "$name.key" -out request 2>openssl.err
	printf '%b\n' "$extensions" >extensions
	if [ -n "$issuer" ]; then
		"${when[@]}" openssl x509 -req -in request -CA "$issuer.pem" -CAkey "$issuer.key" -CAcreateserial -days 10 \
			-extfile extensions -out "$name.pem" "$@" 2>openssl.err
	else
		openssl x509 -req -in request -signkey "$name.key" -days 10 -extfile extensions -out "$name.pem" 2>openssl.err
	fi || cat openssl.err
}
when=(env)
authority='basicConstraints=critical,CA:TRUE'
here='subjectAltName=IP:127.0.0.1'
made root '' "$authority"
made between root "$authority"
made unknown-root '' "$authority"
made good root "$here"
made unknown unknown-root "$here"
made self-signed '' "$here"
made other-name root 'subjectAltName=DNS:example.com'
made other-address root 'subjectAltName=IP:127.0.0.2'
made address-as-name root 'subjectAltName=DNS:127.0.0.1'
made wildcard root 'subjectAltName=DNS:*,DNS:*.0.0.1'
made no-name root 'basicConstraints=CA:FALSE'
made client root "$here\nextendedKeyUsage=clientAuth"
made critical root "$here\n1.2.3.4=critical,ASN1:NULL"
made behind-leaf good "$here"
made behind between "$here"
cat behind.pem between.pem >chain.pem
cp behind.key chain.key
made sha1 root "$here" -sha1
rsa=1024 made weak root "$here"
when=(faketime '30 days ago')
made expired root "$here"
when=(faketime '30 days')
made not-yet root "$here"
when=(env)

echo '{"Users":[{"Username":"ana","Attributes":[{"Name":"sub","Value":"1"}]}]}' >body
echo '{"Username":"ana","Attributes":{"sub":"1"}}' >good
answer="* : 200=$T/body"
tls() { server=(--tls-cert "$T/$1.pem" --tls-key "$T/$1.key"); }

# --- certificates
export AWS_CA_BUNDLE=$T/root.pem SCIM_CA_BUNDLE=$T/root.pem
for name in good chain; do
	tls "$name"
	drill 0 1 "$answer" users "a certificate: $name"; good
done
refused=(unknown self-signed other-name other-address address-as-name wildcard no-name client critical
	behind-leaf behind expired not-yet sha1 weak)
for name in "${refused[@]}"; do
	tls "$name"
	drill 1 0 "$answer" users "a certificate: $name"
	says ' is not accepted: '
done
for client in groups members by-user role container scim push grant; do
	for name in unknown expired other-name; do
		tls "$name"
		drill 1 0 "$answer" $client "a certificate: $name"
		says ' is not accepted: '
	done
done
tls good
server+=(--tls-max 1.1)
drill 75 0 "$answer" users 'TLS 1.1 alone'

# --- TLS that is none, and the other way round
tls good
drill 75 0 "connect : close" users 'an end instead of a handshake'
printf 'HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n' >plain
drill 75 0 "connect : =$T/plain close" users 'plain text instead of a handshake'
printf '\x16\x03\x03\x40\x00' >hello
drill 75 0 "connect : =$T/hello close" users 'a handshake that is cut'
drill 75 0 "connect : =$T/hello reset" users 'a handshake that is reset'
short drill 75 0 "connect : =$T/hello hang" users 'a handshake that goes on for ever'
short drill 75 0 "connect : loop=$T/plain" users 'a handshake of plain text without end'
printf '\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03' >drops
short drill 75 0 "connect : drip=$T/drops" users 'a handshake, a byte now and then'
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'AWS_ENDPOINT_URL=http${AWS_ENDPOINT_URL#https} exec list-users --seal "$@" -o out' sh)
drill 75 0 "$answer" own 'plain text towards TLS'
server=()
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'AWS_ENDPOINT_URL=https${AWS_ENDPOINT_URL#http} exec list-users --seal "$@" -o out' sh)
short drill 75 0 "$answer" own 'TLS towards plain text'

# --- bundles
mkdir directory
mkfifo fifo
: >nothing
tls good
for bundle in directory fifo /dev/zero /dev/tty none nothing body good.key; do
	case $bundle in body|good.key) status=1 ;; *) status=2 ;; esac
	for client in users role; do
		AWS_CA_BUNDLE=$bundle
		[ "${bundle#/}" != "$bundle" ] || AWS_CA_BUNDLE=$T/$bundle
		drill $status 0 "$answer" $client "a bundle that is none: $bundle"
	done
done
SCIM_CA_BUNDLE=$T/fifo
drill 2 0 "$answer" scim 'a bundle that is none: fifo'
says 'SCIM_CA_BUNDLE: '

# --- who else might have a say in whom we trust
unset AWS_CA_BUNDLE SCIM_CA_BUNDLE
mkdir homes
printf 'insecure\nproxy = http://127.0.0.1:1\ncacert = %s\n' "$T/self-signed.pem" | tee homes/.curlrc >homes/_curlrc
printf 'default login canary-login password canary-password\n' >homes/.netrc
cat >openssl.cnf <<X
openssl_conf = all
[all]
ssl_conf = tls
[tls]
system_default = lax
[lax]
MinProtocol = TLSv1
CipherString = ALL:@SECLEVEL=0
VerifyMode = None
VerifyCAFile = $T/self-signed.pem
Options = UnsafeLegacyRenegotiation
X
# poisoned STATUS REQUESTS TITLE NAME=VALUE...: of list-users
poisoned() {
	own=(env "${@:4}" list-users --seal -o out)
	drill "$1" "$2" "$answer" own "$3"
}
tls self-signed
for setting in "SSL_CERT_FILE=$T/self-signed.pem" "SSL_CERT_DIR=$T" "CURL_CA_BUNDLE=$T/self-signed.pem" "OPENSSL_CONF=$T/openssl.cnf" \
	"HOME=$T/homes" "CURL_HOME=$T/homes" "XDG_CONFIG_HOME=$T/homes" CURL_SSL_BACKEND=none NODE_TLS_REJECT_UNAUTHORIZED=0 \
	PYTHONHTTPSVERIFY=0 AWS_S3_NO_VERIFY_SSL=true "REQUESTS_CA_BUNDLE=$T/self-signed.pem"; do
	poisoned 1 0 "not trusted by ${setting%%=*}" "$setting"
	says ' is not accepted: '
done
tls good
server+=(--tls-max 1.1)
poisoned 75 0 'TLS 1.1, allowed by OPENSSL_CONF' AWS_CA_BUNDLE="$T/root.pem" OPENSSL_CONF="$T/openssl.cnf"
tls good
for setting in SSLKEYLOGFILE=keys TMPDIR=/nonexistent TMPDIR=/dev/null TMPDIR= HOME= HOME=/dev/null HOME=/nonexistent \
	"HOME=$T/homes" "NETRC=$T/homes/.netrc" OPENSSL_CONF=/nonexistent CURL_SSL_BACKEND=gnutls \
	LOCALDOMAIN=evil.example 'RES_OPTIONS=ndots:15 timeout:30 use-vc' HOSTALIASES=/dev/zero GAI_CONF=/dev/zero \
	'AWS_PROFILE=' 'http_proxy=http://127.0.0.1:1' 'https_proxy=http://127.0.0.1:1' 'ALL_PROXY=socks5://127.0.0.1:1' \
	'HTTPS_PROXY=file:///etc/passwd' 'all_proxy=\r\n' 'TZ=/dev/zero' LC_ALL=xx_YY.UTF-16 NO_PROXY=evil.example; do
	poisoned 0 1 "no harm by $setting" AWS_CA_BUNDLE="$T/root.pem" "$setting"
	good
done
own=(env -u HOME AWS_CA_BUNDLE="$T/root.pem" list-users --seal -o out)
drill 0 1 "$answer" own 'no HOME'; good

# --- this machine by its names; a proxy never comes between
echo 'localhost evil.example' >aliases
around=(fault-server --url-in ELSEWHERE --save ../elsewhere "$T/elsewhere.script")
echo "$answer" >elsewhere.script
# shellcheck disable=SC2016 # expanded inside, by sh
by_name='AWS_ENDPOINT_URL=http://localhost:${AWS_ENDPOINT_URL##*:} http_proxy=$ELSEWHERE all_proxy=$ELSEWHERE HTTP_PROXY=$ELSEWHERE exec list-users --seal "$@" -o out'
own=(env HOSTALIASES="$T/aliases" sh -c "$by_name" sh)
server=()
drill 0 1 "$answer" own 'localhost, which is IPv4'; good
server=(--six)
drill 0 1 "$answer" own 'localhost, which is IPv6'; good
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'http_proxy=$ELSEWHERE HTTP_PROXY=$ELSEWHERE https_proxy=$ELSEWHERE ALL_PROXY=$ELSEWHERE exec list-users --seal "$@" -o out' sh)
drill 0 1 "$answer" own 'an address of IPv6'; good
server=()
drill 0 1 "$answer" own 'no proxy towards this machine'; good
around=()

# --- a proxy: told the host's name and nothing else, and not believed
# shellcheck disable=SC2016 # expanded inside, by sh
through_proxy='https_proxy=http://canary-name:canary-word@${FAULT_URL#http://} AWS_ENDPOINT_URL=https://pool.test SCIM_URL=https://pool.test exec "$@"'
proxied=(sh -c "$through_proxy" sh)
put connected 'HTTP/1.1 200 Connection established\r\n\r\n'
put bodied 'HTTP/1.1 200 OK\r\nContent-Length: 100000000000\r\n\r\n'
put chunky 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n'
put asks 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n'
put asks-more 'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: NTLM\r\nProxy-Authenticate: Digest realm="x", nonce="y"\r\nContent-Length: 0\r\n\r\n'
put asks-endless 'HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\n\r\n'
put moved 'HTTP/1.1 302 Found\r\nLocation: https://evil.example/\r\nContent-Length: 0\r\n\r\n'
put garbage '\x81\xa6\xcb\xf0\r\n\r\n\r\n'
put header 'X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'
put ok 'HTTP/1.1 200 OK\r\n'
put away 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'
put socks '\x05\xff'
put answered "HTTP/1.1 200 OK\r\nContent-Length: $(stat -c %s body)\r\n\r\n$(cat body)"
own_variable=FAULT_URL
first=$((drills + 1))
for who in list-users list-scim; do
	case $who in
	list-users) own=("${proxied[@]}" list-users --seal -o out) ;;
	list-scim) own=("${proxied[@]}" list-scim --users --seal --page-size 10 -o out) ;;
	esac
	drill 1 1-2 "* : =$T/asks" own "$who: a proxy that wants a password"
	drill 1 1-3 "* : =$T/asks-more" own "$who: a proxy that wants it otherwise"
	drill 1 1-2 "* : =$T/asks-endless loop=$T/garbage" own "$who: a proxy that asks and does not end"
	drill 1 1 "* : =$T/moved" own "$who: a proxy that leads elsewhere"
	drill 75 1 "* : =$T/away" own "$who: a proxy that cannot reach it"
	drill 75 1 "* : =$T/garbage close" own "$who: a proxy of garbage"
	drill 75 1 "* : close" own "$who: a proxy that ends"
	drill 75 1 "* : reset" own "$who: a proxy that is reset"
	short drill 75 0-1 "* : hang" own "$who: a proxy that is silent"
	drill 75 1 "* : =$T/ok loop=$T/header" own "$who: a proxy of headers without end"
	drill 75 1 "* : =$T/connected close" own "$who: a proxy that connects to nobody"
	drill 75 1 "* : =$T/connected =$T/answered" own "$who: a proxy that answers by itself"
	drill 75 1 "* : =$T/bodied loop=$T/body" own "$who: a proxy with a body"
	drill 75 1 "* : =$T/chunky loop=$T/body" own "$who: a proxy with chunks"
done
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'ALL_PROXY=socks5h://canary-name:canary-word@${FAULT_URL#http://} AWS_ENDPOINT_URL=https://pool.test exec "$@"' sh list-users -o out)
drill 75 0 "connect : =$T/socks close" own 'a SOCKS proxy that takes nobody'
drill 75 0 "connect : =$T/garbage close" own 'a SOCKS proxy of garbage'
drill 75 0 'connect : close' own 'a SOCKS proxy that ends'
short drill 75 0 'connect : hang' own 'a SOCKS proxy that is silent'
last=$drills
around=(fault-server --url-in ELSEWHERE --save ../elsewhere "$T/elsewhere.script")
# shellcheck disable=SC2016 # expanded inside, by sh
own=(sh -c 'https_proxy=$ELSEWHERE no_proxy=nowhere.invalid AWS_ENDPOINT_URL=https://nowhere.invalid exec "$@"' sh list-users -o out)
drill 75 0 "$answer" own 'no proxy for whom no_proxy names'
says 'cannot find host nowhere.invalid'
own=(list-users --endpoint-url https://nowhere.invalid -o out)
drill 75 0 "$answer" own 'a name that is not there'
# The fixed addresses of credentials.  That nothing leaves this machine is strace's doing.
if command -v strace >/dev/null && [ "$MEMORY_KIB" != unlimited ]; then
	for address in AWS_CONTAINER_CREDENTIALS_RELATIVE_URI=/canary-path \
		AWS_CONTAINER_CREDENTIALS_FULL_URI=http://169.254.170.23/canary-path \
		AWS_EC2_METADATA_DISABLED=false; do
		# shellcheck disable=SC2016 # expanded inside, by sh
		own=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN "$address" sh -c '
			export http_proxy=$ELSEWHERE ALL_PROXY=$ELSEWHERE all_proxy=$ELSEWHERE HTTP_PROXY=$ELSEWHERE
			exec strace -f -qq -o ../trace -e trace=connect -e inject=connect:error=ECONNREFUSED "$@"' sh list-users -o out)
		case $address in *DISABLED*) status=2 ;; *) status=75 ;; esac
		drill $status 0 "$answer" own "no proxy for $address"
		fixed+=("$drills")
	done
fi
around=()

judge_all

# --- what the proxies were told
# shellcheck disable=SC2046 # one word each
cat $(seq -f '%g/asked/[0-9]*' $first $last) >told 2>/dev/null
title 'proxies were told a name and their own password'
ok grep -q '^CONNECT pool.test:443 HTTP/1.1' told
ok grep -q '^Proxy-Authorization: Basic Y2FuYXJ5LW5hbWU6Y2FuYXJ5LXdvcmQ=' told
title 'and nothing of the request'
# shellcheck disable=SC2016 # expanded inside, by sh
ok sh -c '! grep -avE "^(CONNECT pool\.test:443 HTTP/1\.1|Host: pool\.test:443|Proxy-Authorization: Basic [A-Za-z0-9=]*|User-Agent: cognito-filters/[0-9.]*|Proxy-Connection: Keep-Alive|)$(printf "\r")\$" told'
for n in "${fixed[@]}"; do
	title "drill $n went to the fixed address alone"
	ok sh -c "grep -q 'inet_addr(\"169\.254\.1' $n/trace && ! grep connect $n/trace | grep -v 169.254.1"
done

# --- addresses that are none, or not ours to send keys to: nothing is tried
long=https://$(head -c 100000 /dev/zero | tr '\0' a).example
urls=(file:///etc/passwd gopher://127.0.0.1:1/x dict://127.0.0.1/x ftp://127.0.0.1 ldap://127.0.0.1 ws://127.0.0.1 scp://127.0.0.1
	https://user:canary-word@127.0.0.1 https://canary-word@127.0.0.1 http://127.0.0.1@evil.example http://evil.example
	http://127.0.0.1.evil.example http://localhost.evil.example http://localhost. http://10.0.0.1 http://127.1 http://0x7f000001
	http://2130706433 http://0177.0.0.1 http://0 http://0.0.0.0 'http://[::]' 'http://[::ffff:127.0.0.1]' 'http://[::ffff:10.0.0.1]'
	http://169.254.169.253 http://192.168.1.1 'http://localhost evil.example' http://ⓛocalhost http://127。0。0。1
	https://127.0.0.1:0 https://127.0.0.1:65536 https://127.0.0.1:-1 https://127.0.0.1:1x https: https:/ https:// https:///x //127.0.0.1
	127.0.0.1 'https://[::1' 'https://[fe80::1%lo]' 'https://h\@evil.example' $'https://127.0.0.1\r\nX-Evil: 1' $'https://127.0.0.1\n'
	$'https://127.0.0.1\t' 'https://127.0.0.1#x' 'https://evil.example#@127.0.0.1' 'https://127.0.0.1%2f' 'https://127.0.0.1 ' ' https://127.0.0.1'
	https://ä.example $'https://\xff.example' https://127.0.0.1:443:443 "$long")
# refuse VARIABLE CMD...: each of the addresses in the variable is refused before anything is tried.
refuse() {
	local variable=$1 url got
	shift
	: >wrong
	for url in "${urls[@]}"; do
		got=0
		echo old >out
		env "$variable=$url" timeout 100 "$@" >stdout 2>err </dev/null || got=$?
		if [ $got -ne 2 ] || [ "$(cat out)" != old ] || [ -s stdout ] || [ "$(wc -l <err)" -ne 1 ] ||
			[ "$(wc -c <err)" -gt 2000 ] || ! grep -q "$variable: " err || leaks err; then
			echo "status $got: ${url:0:60}"
			cat err
		fi >>wrong
	done
	title "addresses that are none: $variable"
	[ ! -s wrong ]
	verdict $? refuse || show wrong
}
unset AWS_CA_BUNDLE
keyless=(env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY -u AWS_SESSION_TOKEN)
refuse AWS_ENDPOINT_URL list-users "${patience[@]}" -o out
# All go through the same few lines: a part of them for the others, where a path is not wrong.
urls=(file:///etc/passwd gopher://127.0.0.1:1/x https://user:canary-word@127.0.0.1 http://evil.example http://localhost.evil.example
	http://127.1 http://0.0.0.0 'http://[::ffff:127.0.0.1]' http://169.254.169.253 https://127.0.0.1:0 https:// 'https://h\@evil.example'
	$'https://127.0.0.1\r\nX-Evil: 1' 'https://evil.example#@127.0.0.1' "$long")
refuse AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER expand-members "${patience[@]}" -o out group.ndjson
refuse AWS_ENDPOINT_URL_STS assume-role "${patience[@]}" --static --role-arn $role -- sh -c 'echo new >out'
refuse SCIM_TOKEN_URL env -u SCIM_TOKEN SCIM_URL=https://127.0.0.1:1 SCIM_CLIENT_ID=id SCIM_CLIENT_SECRET=canary-s list-scim "${patience[@]}" -o out
refuse AWS_EC2_METADATA_SERVICE_ENDPOINT "${keyless[@]}" AWS_EC2_METADATA_DISABLED=false list-users "${patience[@]}" -o out
refuse SCIM_URL list-scim "${patience[@]}" -o out
refuse AWS_CONTAINER_CREDENTIALS_FULL_URI "${keyless[@]}" list-users "${patience[@]}" -o out

# --- a name server that is silent, and a resolver with more patience than we are asked to have.  Names are
# looked up in a world with that server alone.
cat >silent.sh <<'X'
mount --bind resolv.conf /etc/resolv.conf && ip link set lo up || exit 99
# Nor by a service of the machine, which lives outside.
[ ! -e /etc/nsswitch.conf ] || mount --bind nsswitch.conf /etc/nsswitch.conf || exit 99
python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("127.0.0.1", 53))
open("listens", "w").close()
time.sleep(600)' &
server=$!
trap 'kill $server' EXIT
until [ -e listens ] || ! kill -0 $server; do sleep 0.05; done
rm listens || exit 99
timeout 60 "$@"
X
printf '%s\n' 'nameserver 127.0.0.1' 'options timeout:30 attempts:5' >resolv.conf
echo 'hosts: files dns' >nsswitch.conf
if unshare -Urnm true 2>/dev/null; then
	title 'a name server that is silent is not waited for beyond the time-out'
	run 75 unshare -Urnm bash silent.sh list-users --endpoint-url https://pool.test --retry-seconds 0 --connect-timeout 1 -o out
	has err 'list-users: ListUsers: cannot connect to pool.test: no answer in 1 s'
	title 'nor by who looks it up himself'
	run 75 unshare -Urnm bash silent.sh check-connection --endpoint-url https://pool.test --retry-seconds 0 --connect-timeout 1
	has out 'No name server answered'
fi

finish
