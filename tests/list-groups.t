#!/usr/bin/env bash
. "$(dirname "$0")/lib.sh"
# list-groups: all groups, or exactly the named ones.

make-pool -n 50 >pool
grep '^{"GroupName"' pool | grep -v '"Username"' >groups
count=$(wc -l <groups)
for i in $(seq 130); do echo "{\"GroupName\":\"group-$i\",\"Precedence\":$i}"; done >many

title 'all groups'
run 0 serve pool -- list-groups
same groups out
empty err
title 'over several pages'
run 0 serve many -- list-groups
same many out
title 'over short and empty pages'
run 0 serve --short-pages many -- list-groups
same many out

title 'sealed'
run 0 serve pool -- list-groups --seal
has out "\"ok\":true,\"rows\":$count,"
has out '/us-east-1_EXAMPLE1/groups","scope":"all"'

title 'named groups, in the order given, each once'
run 0 serve many -- list-groups group-9 group-7 group-9
printf '%s\n' '{"GroupName":"group-9","Precedence":9}' '{"GroupName":"group-7","Precedence":7}' >expected
same expected out

title "names from a file, as Oracle's form has them"
printf ' group-7\r\n\n\tgroup-9 \n' >names
run 0 serve many -- list-groups --seal --names-from names group-8
grep -v '"~end"' out >got
printf '{"GroupName":"group-%s","Precedence":%s}\n' 8 8 7 7 9 9 >expected
same expected got
title 'the scope is the sorted list of names'
has out '"scope":"groups:[\"group-7\",\"group-8\",\"group-9\"]"'
title 'a last name without a newline counts'
printf 'group-7' >names
run 0 serve many -- list-groups --names-from names
has out '"group-7"'

title 'a byte order mark is no part of a name'
printf '\xef\xbb\xbfgroup-7\n' >names
run 0 serve many -- list-groups --names-from names
has out '"group-7"'

title 'names of every script'
run 0 serve pool -- list-groups 'sales,emea;"north"' '開発チーム🚀' 'finance|treasury\eu'
ok test "$(wc -l <out)" = 3

title 'a name that is not there is a failure, and nothing is written'
run 1 serve many -- list-groups -o named.ndjson --seal group-7 nosuch group-9
has err 'list-groups: GetGroup: group "nosuch": ResourceNotFoundException: '
ok test ! -e named.ndjson
run 1 serve many -- list-groups group-7 nosuch
empty out

title 'a file without names must not mean all groups'
printf '\n \n' >names
run 2 serve many -- list-groups --names-from names
empty out
has err 'names: no group names'
title 'a file that is not there'
run 2 serve many -- list-groups --names-from nowhere
title 'a name that no group can have'
run 2 serve many -- list-groups 'two words'
title 'a name that is too long'
run 2 serve many -- list-groups "$(printf 'x%.0s' $(seq 129))"
title 'an empty name'
run 2 serve many -- list-groups ''

title 'no permission'
run 1 serve --allow ListUsers many -- list-groups
has err 'ListGroups: AccessDeniedException: '
run 1 serve --allow ListGroups many -- list-groups group-7
has err 'GetGroup: group "group-7": AccessDeniedException: '

title 'throttled, and complete all the same'
run 0 serve --quota UserPoolResourceRead=50 many -- list-groups --names-from <(printf 'group-%s\n' $(seq 80))
ok test "$(wc -l <out)" = 80

# Answers that no pool gives: a server that says the same to every request.
canned() {	# STATUS ANSWER CMD...
	local port='' server i
	rm -f port
	/usr/bin/python3 - "$2" <<'END' >/dev/null 2>&1 &
import http.server, os, sys
class Canned(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_POST(self):
        self.rfile.read(int(self.headers['Content-Length']))
        body = sys.argv[1].encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), Canned)
with open('port.new', 'w') as f:
    f.write(str(server.server_address[1]))
os.rename('port.new', 'port')
server.serve_forever()
END
	server=$!
	for ((i = 0; i < 200; i++)); do
		[ ! -e port ] || { port=$(cat port); break; }
		sleep 0.05
	done
	run "$1" env AWS_ACCESS_KEY_ID=a AWS_SECRET_ACCESS_KEY=b AWS_REGION=us-east-1 \
		AWS_ENDPOINT_URL="http://127.0.0.1:$port" COGNITO_USER_POOL_ID=us-east-1_EXAMPLE1 "${@:3}"
	kill "$server"
	wait "$server" 2>/dev/null
}
title 'the same group twice is no list'
canned 1 '{"Groups":[{"GroupName":"a"},{"GroupName":"b"},{"GroupName":"a"}]}' list-groups --seal
has err 'list-groups: ListGroups: the service gave the same group twice (number 3)'
has out '"ok":false,'
title 'another group than the one that was asked for is no answer'
canned 1 '{"Group":{"GroupName":"b"}}' list-groups a
has err 'list-groups: GetGroup: an answer without the group that was asked for'
empty out
title 'the one that was asked for is'
canned 0 '{"Group":{"GroupName":"b"}}' list-groups b

title 'a full device'
run 1 serve pool -- sh -c 'list-groups >/dev/full'
has err 'No space left on device'
title 'a closed standard output'
run 1 serve pool -- sh -c 'list-groups >&-'

finish
