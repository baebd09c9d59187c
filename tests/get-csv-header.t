#!/usr/bin/env bash
# shellcheck disable=SC2016 # the variable is serve-pool's
. "$(dirname "$0")/lib.sh"
# get-csv-header: what GetCSVHeader says, and nothing else.

cat >pool <<'END'
{"Username":"ana","Attributes":{"sub":"1","custom:tenant":"7","email":"{\"Name\":\"custom:none\"}"}}
{"Username":"bob","Attributes":{"sub":"2","custom:tenant":"8","custom:größe":"3","dev:custom:x":"4"}}
END
standard='"name","given_name","family_name","middle_name","nickname","preferred_username","profile","picture","website","email","email_verified","gender","birthdate","zoneinfo","locale","phone_number","phone_number_verified","address","updated_at"'

title 'standard attributes, custom ones, and the two of the import itself'
run 0 serve --allow all pool -- get-csv-header
same - out <<END
{"UserPoolId":"us-east-1_EXAMPLE1","CSVHeader":[$standard,"custom:tenant","custom:größe","dev:custom:x","cognito:mfa_enabled","cognito:username"]}
END
empty err

title 'the AWS CLI sees the same'
run 0 serve --allow all pool -- bash -c '
	get-csv-header >ours && /usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" --output json \
		cognito-idp get-csv-header --user-pool-id "$COGNITO_USER_POOL_ID" >theirs'
jq -S . ours >expected
jq -S . theirs >actual
same expected actual

title 'no seal, which is no JSON of this kind'
run 0 serve --allow all pool -- env COGNITO_SEAL=1 get-csv-header
title 'one line'
ok test "$(wc -l <out)" -eq 1

title 'into a file, readable by its owner'
run 0 serve --allow all pool -- get-csv-header -o header.json
empty out
ok test "$(stat -c %a header.json)" = 600

title 'without the permission, an old file stays'
echo old >kept
run 1 serve --require-role pool -- get-csv-header -o kept
has err 'the role needs cognito-idp:GetCSVHeader on this pool'
has kept old

title 'a throttle is waited for'
run 0 serve --allow all --fault GetCSVHeader:throttle@1 pool -- get-csv-header
title 'a service that stays down'
run 75 serve --allow all --fault GetCSVHeader:error500=100% pool -- get-csv-header --retry-seconds 1
empty out

# Answers that are none.
cat >server.py <<'END'
import http.server, os, subprocess, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = sys.argv[1].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.exit(subprocess.run(["get-csv-header", "--user-pool-id", "us-east-1_a", "--endpoint-url",
    "http://127.0.0.1:%d" % server.server_port], env={**os.environ,
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"}).returncode)
END
for answer in '{}' '{"CSVHeader":[]}' '{"CSVHeader":["a",1]}' '{"CSVHeader":["a",""]}' '{]}' '[' 'null'; do
	title "the answer $answer"
	run 1 /usr/bin/python3 server.py "$answer"
	case $answer in
	'{'*) has err 'GetCSVHeader: the answer has no list of columns' ;;
	*) has err 'GetCSVHeader: HTTP 200 with something that is no answer of the service' ;;
	esac
	empty out
done
title 'an answer that is good'
run 0 /usr/bin/python3 server.py '{"CSVHeader":["a","b\u00e9"]}'
has out '"CSVHeader":["a","bé"]}'

title 'the pool must be named'
run 2 get-csv-header --region eu-west-1
title 'no operands'
run 2 get-csv-header x

finish
