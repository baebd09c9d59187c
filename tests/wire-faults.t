#!/usr/bin/env bash
# What comes over the wire, plain and over TLS, and is no whole answer to the question: cut, reset,
# contradictory, endless, too large, not HTTP, from elsewhere, or to another question.  Each ends with
# its status and one line, without a seal, the old file as it was, within bounded memory and a
# counted number of requests (tests/helpers/fault.sh).
#
# Of the faults that a network and a service can have, where the right behaviour is proven:
#
#   a throttle by code, whatever the status     answer-faults.t; pace and patience: unit/retry, faults.t
#   5xx, 408, refused connections               answer-faults.t, faults.t, bad-input.t
#   reset or end in head, body, handshake       here; tls-faults.t (handshake)
#   a cut body: length, chunks, neither,        here
#     with and without TLS's notice of the end
#   slow-loris, silence                         here; tls-faults.t (handshake, proxies)
#   plain text on a TLS port, and back          tls-faults.t, faults.t
#   garbage, HTTP 0.9, 2, other protocols       here
#   endless headers, one huge, endless 1xx      here
#   lengths: several, negative, absurd, both    here
#   huge and endless bodies, compressed bombs   here
#   redirects of each code, for each client     here
#   answers nobody asked for                    here
#   names not found, two families of addresses  tls-faults.t, bad-input.t
#   addresses that are hostile                  tls-faults.t (in variables), bad-input.t, unit/endpoint
#   proxies, and where none may be              tls-faults.t; check-connection.t, credentials.t
#   certificates, bundles, versions of TLS      tls-faults.t, tls.t
#   a poisoned environment                      tls-faults.t
#   headers injected through options            bad-input.t
#   a wrong clock                               answer-faults.t, faults.t, renewal.t
#   a session that ends, its renewal            renewal.t, faults.t; faults in the renewal: source-faults.t
#   page tokens: repeated, refused              answer-faults.t, faults.t
#   short and empty pages                       faults.t
#   200 with nothing, or with another thing     answer-faults.t
#   a user who comes twice, a group that goes   answer-faults.t, faults.t
#   a fault at the kth page of each operation   answer-faults.t
#   each of these at every request of every     wire-matrix.t (a sample; make wire-matrix: all)
#     network command, writers among them
#   STS, container, metadata, SCIM, OAuth       source-faults.t; sts, list-scim.t, credentials.t
#
# Nobody can tell an answer that a server sends before the question on a new connection from one
# behind it; TLS makes sure that it is the server's.
. "$(dirname "$0")/lib.sh"
planted=(canaries)
# Mostly waits.
# shellcheck source=tests/helpers/fault.sh
. "$TOP/tests/helpers/fault.sh"

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=server -addext subjectAltName=IP:127.0.0.1 \
	-keyout key.pem -out cert.pem 2>openssl.err

# What the clients take for a whole answer.
users='{"Users":[{"Username":"ana","Attributes":[{"Name":"sub","Value":"1"}]}]}'
echo '{"Username":"ana","Attributes":{"sub":"1"}}' >good
echo "$users" | tr -d '\n' >body
len=${#users}
head -c $((len / 2)) body >half
h='HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'
f=../..

# --- where an answer ends
put length "${h}Content-Length: $len\r\n\r\n"
put longer "${h}Content-Length: $((len + 50))\r\n\r\n"
put endless "${h}Connection: close\r\n\r\n"
put identity "${h}Transfer-Encoding: identity\r\nConnection: close\r\n\r\n"
put overflow "${h}Content-Length: 99999999999999999999999999\r\nConnection: close\r\n\r\n"
put chunked "${h}Transfer-Encoding: chunked\r\n\r\n"
put gzip-te "${h}Transfer-Encoding: gzip\r\nConnection: close\r\n\r\n"
put chunk "$(printf %x "$len")\r\n$users\r\n"
put part "${h:0:30}"
put status "HTTP/1.1 20"
put last '0\r\n\r\n'
head -c $((len / 2)) chunk >chunk.half

put two-lengths "${h}Content-Length: $len\r\nContent-Length: $len\r\n\r\n"
put contradiction "${h}Content-Length: $len\r\nContent-Length: $((len / 2))\r\n\r\n"
put list "${h}Content-Length: $len, $len\r\n\r\n"
put negative "${h}Content-Length: -$len\r\n\r\n"
put signed "${h}Content-Length: +$len\r\n\r\n"
put hexadecimal "${h}Content-Length: 0x10\r\n\r\n"
put none "${h}Content-Length:\r\n\r\n"
put word "${h}Content-Length: all\r\n\r\n"
put folded "${h}Content-Length:\r\n $len\r\n\r\n"
put spaced "${h}Content-Length : $len\r\n\r\n"
put both "${h}Content-Length: $len\r\nTransfer-Encoding: chunked\r\n\r\n"
put both-back "${h}Transfer-Encoding: chunked\r\nContent-Length: $len\r\n\r\n"
put chunked-twice "${h}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"
put gzip-chunked "${h}Transfer-Encoding: gzip, chunked\r\n\r\n"
put trailer "0\r\nContent-Length: 3\r\nHTTP/1.1 200 OK\r\n\r\n"

# --- what is no chunk
for size in -1 zz FFFFFFFFFFFFFFFFF 7FFFFFFFFFFFFFFFF; do put "chunk.$size" "$size\r\n$users\r\n"; done
put chunk.open "$(printf %x $((len - 1)))\r\n$users\r\n"
put chunk.extension ';x=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'
put chunk.one '1\r\n \r\n'

# --- what is not HTTP
put garbage '\x81\xa6\xcb\xf0\x15:_\x84\x00\xce\xf3\x18=b\x87\xac\r\n\r\n'
put nul 'HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 0\r\n\r\n'
put http-2 "HTTP/2 200\r\nContent-Length: $len\r\n\r\n"
put http-3 "HTTP/3 200\r\nContent-Length: $len\r\n\r\n"
put http-1.9 "HTTP/1.9 200 OK\r\nContent-Length: $len\r\n\r\n"
put icy "ICY 200 OK\r\nContent-Length: $len\r\n\r\n"
put no-number "HTTP/1.1 OK\r\nContent-Length: $len\r\n\r\n"
put status-99999 "HTTP/1.1 99999 OK\r\nContent-Length: $len\r\n\r\n"
put frames '\0\0\x06\x04\0\0\0\0\0\0\x04\0\x10\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0'
put preface 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
put switching 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n'
put upgrade "${h}Upgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: $len\r\n\r\n"
put alert '\x15\x03\x03\x00\x02\x02\x28'

# --- what does not end
put header 'X-Filler: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n'
head -c 65536 /dev/zero | tr '\0' ' ' >blanks
{ printf '10000\r\n'; cat blanks; printf '\r\n'; } >chunk.blanks
put ok 'HTTP/1.1 200 OK\r\n'
put 1xx 'HTTP/1.1 100 Continue\r\n\r\n'
put early-hints 'HTTP/1.1 103 Early Hints\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nLink: <x>\r\n\r\n'
put many-hints ''
for ((i = 0; i < 20; i++)); do cat early-hints; done | sed 's/^Transfer.*$/X: y\r/' >many-hints
put enormous "${h}Content-Length: 67108865\r\n\r\n"

# --- compression that was not asked for; the bombs become 100 MB
head -c 100000000 /dev/zero | tr '\0' ' ' | gzip >bomb.gzip
python3 -c 'import sys, zlib
c = zlib.compressobj()
for i in range(1000): sys.stdout.buffer.write(c.compress(b" " * 100000))
sys.stdout.buffer.write(c.flush())' >bomb.deflate
gzip <body >body.gzip
put bomb.br '\x5b\xff\xff\xff\x07\x00\x00'
for kind in gzip deflate br; do
	# shellcheck disable=SC2059 # the format is ours
	{ printf "${h}Content-Encoding: $kind\r\nContent-Length: %d\r\n\r\n" "$(stat -c %s bomb.$kind)"; cat bomb.$kind; } >encoded.$kind
	# shellcheck disable=SC2059 # the format is ours
	{ printf "${h}Transfer-Encoding: $kind\r\nConnection: close\r\n\r\n"; cat bomb.$kind; } >transferred.$kind
done
{ printf "${h}Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" "$(stat -c %s body.gzip)"; cat body.gzip; } >encoded.body

# --- what a kept connection can do to the next request
pages='{"Users":[{"Username":"ana","Attributes":[{"Name":"sub","Value":"1"}]}],"PaginationToken":"a"}'
echo "$pages" | tr -d '\n' >page.1
echo '{"Users":[{"Username":"ben","Attributes":[{"Name":"sub","Value":"2"}]}]}' >page.2
put whole.1 "${h}Content-Length: $(stat -c %s page.1)\r\n\r\n$pages"
put forged "${h}Content-Length: 12\r\n\r\n{\"Users\":[]}"
put keep "${h}Connection: keep-alive\r\nContent-Length: $(stat -c %s page.1)\r\n\r\n$pages"
put close "${h}Connection: close\r\nContent-Length: $(stat -c %s page.1)\r\n\r\n$pages"
put chunked.1 "${h}Transfer-Encoding: chunked\r\n\r\n$(printf %x ${#pages})\r\n$pages\r\n0\r\n\r\n"
printf '%s\n' '{"Username":"ana","Attributes":{"sub":"1"}}' '{"Username":"ben","Attributes":{"sub":"2"}}' >both-pages


# --- elsewhere
for code in 300 301 302 303 304 305 307 308; do
	put code.$code "HTTP/1.1 $code Elsewhere\r\nContent-Length: 0\r\nLocation: "
done
put refresh "${h}Content-Length: $len\r\nRefresh: 0; url="
put alternative "${h}Content-Length: $len\r\nConnection: keep-alive\r\nAlt-Svc: h2=\":443\"\r\nContent-Location: "
put end '/\r\n\r\n'
echo "* : 200=$T/body" >elsewhere.script

# what is the same over TLS
common() {
	local how on=$1 one
	shift
	for how in "$@"; do
		drill 75 1 "* : $how" users "${on}$how without an answer"
		drill 75 1 "* : =$f/status $how" users "${on}$how in the status line"
		drill 75 1 "* : =$f/part $how" users "${on}$how in the head"
		drill 75 1 "* : =$f/longer =$f/body $how" users "${on}$how in a body with a length"
		drill 75 1 "* : =$f/chunked =$f/chunk.half $how" users "${on}$how in a chunk"
		drill 75 1 "* : =$f/chunked =$f/chunk $how" users "${on}$how before the last chunk"
		drill 75 1 "* : =$f/endless =$f/half $how" users "${on}$how in a body without a length"
		drill 75 1 "* : =$f/endless =$f/body $how" users "${on}$how behind a body without a length"
	done
	short drill 75 0-1 "* : hang" users "${on}no answer"
	short drill 75 0-1 "* : =$f/longer =$f/half hang" users "${on}half a body, and silence"
	short drill 75 0 'connect : hang' users "${on}no word"
	drill 75 0 'connect : close' users "${on}a connection that ends at once"
	drill 75 0 'connect : reset' users "${on}a connection that is reset at once"
	# The next request: its answer must be its own.
	for one in whole.1 keep close chunked.1; do
		drill 0 2 "1 : =$f/$one"$'\n'"* : 200=$f/page.2" users "${on}two pages: $one"
		goods[drills]=$T/both-pages
		drill 0 2 "1 : =$f/$one close"$'\n'"* : 200=$f/page.2" users "${on}two pages, the connection ends between: $one"
		goods[drills]=$T/both-pages
		drill 0 2 "1 : cork =$f/$one =$f/forged uncork"$'\n'"* : 200=$f/page.2" users "${on}an answer to what was not asked: $one"
		goods[drills]=$T/both-pages
	done
}

server=(--tls-cert "$T/cert.pem" --tls-key "$T/key.pem")
export AWS_CA_BUNDLE=$T/cert.pem
common 'TLS, ' close cut reset
unset AWS_CA_BUNDLE
server=()
common '' close reset
drill 0 1 "* : 200=$f/body" users 'an answer'; good
drill 0 1 "* : =$f/chunked =$f/chunk =$f/last" users chunks; good
drill 0 1 "* : =$f/two-lengths =$f/body" users 'the same length twice'; good
for head in overflow contradiction list signed hexadecimal negative none word folded; do
	drill 1 1 "* : =$f/$head =$f/body close" users "a length that is none: $head"
	# The last four libcurl itself has a word for.
	case $head in overflow|contradiction|list|signed|hexadecimal) says 'does not say clearly how long it is' ;; esac
done
drill 75 1 "* : =$f/spaced =$f/body close" users 'a length that is none: spaced'
for head in identity both both-back chunked-twice gzip-chunked gzip-te; do
	drill 1 1 "* : =$f/$head =$f/chunk =$f/last close" users "codings that contradict each other: $head"
done
drill 1 1 "* : =$f/chunked =$f/chunk =$f/trailer" users 'a length behind the body'

for size in -1 zz FFFFFFFFFFFFFFFFF 7FFFFFFFFFFFFFFFF open; do
	drill 75 1 "* : =$f/chunked =$f/chunk.$size =$f/last close" users "a chunk that is none: $size"
done
drill 75 1 "* : =$f/chunked loop=$f/chunk.extension" users 'the size of a chunk does not end'
drill 1 1 "* : =$f/chunked loop=$f/chunk.blanks" users 'chunks without end'; large
says 'longer than 67108864 bytes'
drill 1 1 "* : =$f/endless loop=$f/blanks" users 'a body without end'; large
drill 1 1 "* : =$f/enormous loop=$f/blanks" users 'a length beyond the limit'
drill 1 1 "* : =$f/enormous hang" users 'a length beyond the limit, and no body'

for what in garbage icy no-number frames preface alert http-3 http-2; do
	drill 1 1 "* : =$f/$what =$f/body close" users "no HTTP: $what"
done
drill 1 1 "* : =$f/body close" users 'no HTTP: the body alone'
drill 1 1 "* : =$f/nul close" users 'a NUL in the head'
drill 1 1 "* : =$f/http-1.9 =$f/body" users 'HTTP 1.9'
drill 1 1 "* : =$f/status-99999 =$f/body" users 'a status of five digits'
drill 75 1 "* : =$f/switching close" users 'another protocol'
drill 0 1 "* : =$f/upgrade =$f/body" users 'the offer of another protocol'; good
drill 75 1 "* : =$f/ok loop=$f/header" users 'headers without end'
drill 1 1 "* : =$f/ok loop=$f/blanks" users 'a header without end'
drill 75 1 "* : loop=$f/1xx" users '100 without end'
drill 0 1 "* : =$f/many-hints =$f/1xx 200=$f/body" users 'a few of 100 and 103'; good
drill 1 1 "* : =$f/early-hints 200=$f/body" users '103 with two lengths'
for kind in gzip deflate br; do
	drill 1 1 "* : =$f/encoded.$kind" users "a bomb: $kind"
	drill 1 1 "* : =$f/transferred.$kind close" users "a bomb on its way: $kind"
	says 'a transfer coding that nobody asked for'
done
drill 1 1 "* : =$f/encoded.body" users 'an answer in gzip'
short drill 75 0-1 "* : =$f/ok drip=$f/header" users 'a head, a byte now and then'
short drill 75 0-1 "* : =$f/endless drip=$f/blanks" users 'a body, a byte now and then'

# --- the others who ask
shown=$(jq -nc '{schemas: ["x"], externalId: "e", userName: "canary-name"}')
echo "$shown" >resources
for client in groups group members by-user role container metadata scim push grant; do
	tries=1
	case $client in container) tries=3 ;; metadata) tries=1-3 ;; esac
	drill 75 $tries "* : =$f/longer =$f/body close" $client 'a body that is cut'
	drill 75 $tries "* : =$f/chunked =$f/chunk.half close" $client 'a chunk that is cut'
	drill 75 $tries "* : =$f/endless =$f/body close" $client 'a body without a length'
	drill 75 $tries "* : reset" $client 'a reset'
	drill 1 1 "* : =$f/contradiction =$f/body close" $client 'a length that is none'
	drill 1 1 "* : =$f/garbage close" $client 'no HTTP'
	case $client in role|container|scim|grant)
		drill 1 1 "* : =$f/chunked loop=$f/chunk.blanks" $client 'chunks without end'; large ;;
	esac
	drill 1 1 "* : =$f/encoded.body" $client 'an answer in gzip'
	drill 75 $tries "* : =$f/ok loop=$f/header" $client 'headers without end'
	case $client in container) ;; metadata) drill '75|2' 0-3 '* : hang' $client silence ;; *) short drill 75 0-1 '* : hang' $client silence ;; esac
done

# --- none is followed, and nobody there is told anything
around=(fault-server --url-in ELSEWHERE --save ../elsewhere "$T/elsewhere.script")
for code in 300 301 302 303 304 305 307 308; do
	drill 1 1 "* : =$f/code.$code \$ELSEWHERE =$f/end" users "$code"
	says 'a redirect, and none is followed'
done
for head in refresh alternative; do
	drill 0 1 "* : =$f/$head \$ELSEWHERE =$f/end =$f/body" users $head; good
done
for client in groups group members by-user role container metadata scim push grant; do
	for code in 302 307; do
		drill 1 1 "* : =$f/code.$code \$ELSEWHERE =$f/end" $client "$code"
		says 'a redirect, and none is followed'
	done
done
around=()

judge_all
finish
