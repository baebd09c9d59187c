#!/usr/bin/env bash
# shellcheck disable=SC2016 # the variables are serve-pool's
. "$(dirname "$0")/lib.sh"
# describe-pool --parts pool: what DescribeUserPool says, as far as it is known, and nothing else.
# (describe-pool-parts.t: what hangs on a pool.)

cat >pool <<'END_POOL'
{"Username":"ana","Attributes":{"sub":"1","custom:tenant":"7"}}
END_POOL
arn=arn:aws:lambda:eu-west-1:123456789012:function
# All that a pool can have, in the order of no record; what must not come out says secret.
cat >full.json <<END_FULL
{"UserPool":{"SmsConfiguration":{"SnsCallerArn":"secret","ExternalId":"secret","SnsRegion":"secret"},
 "EmailConfiguration":{"SourceArn":"secret","From":"secret","ReplyToEmailAddress":"secret"},
 "SmsConfigurationFailure":"secret","EmailConfigurationFailure":"secret","Status":"Enabled",
 "EmailVerificationMessage":"secret","EmailVerificationSubject":"secret","SmsVerificationMessage":"secret",
 "SmsAuthenticationMessage":"secret","VerificationMessageTemplate":{"EmailMessage":"secret"},
 "NewMember":"secret","ClientSecret":"secret",
 "AdminCreateUserConfig":{"InviteMessageTemplate":{"EmailMessage":"secret"},"UnusedAccountValidityDays":7,"AllowAdminCreateUserOnly":true},
 "LambdaConfig":{"UserMigration":"$arn:m","PreSignUp":"$arn:p","CustomSMSSender":{"LambdaArn":"$arn:s","LambdaVersion":"V1_0","Key":"secret"},
  "KMSKeyID":"arn:aws:kms:eu-west-1:123456789012:key/1","New":"secret"},
 "UserPoolTags":{"z":"1","a b":"\u00e9\"","team":"people"},"DeletionProtection":"ACTIVE","Domain":"people","UserPoolTier":"PLUS",
 "MfaConfiguration":"OPTIONAL","Name":"people","AliasAttributes":["email","preferred_username"],"AutoVerifiedAttributes":["email"],
 "UserAttributeUpdateSettings":{"AttributesRequireVerificationBeforeUpdate":["email"]},"UsernameConfiguration":{"CaseSensitive":false},
 "Policies":{"PasswordPolicy":{"MinimumLength":12,"RequireUppercase":true,"RequireLowercase":false,"RequireNumbers":true,"RequireSymbols":false},
  "SignInPolicy":{"AllowedFirstAuthFactors":["PASSWORD"]}},
 "AccountRecoverySetting":{"RecoveryMechanisms":[{"Name":"verified_phone_number","Priority":2},{"Priority":1,"Name":"verified_email"}]},
 "DeviceConfiguration":{"ChallengeRequiredOnNewDevice":true,"DeviceOnlyRememberedOnUserPrompt":false},
 "SchemaAttributes":[{"Name":"custom:n","AttributeDataType":"Number","Mutable":false,"Secret":"secret","NumberAttributeConstraints":{"MinValue":"1","MaxValue":"9"}},
  {"Name":"email","AttributeDataType":"String","Mutable":true,"Required":true,"StringAttributeConstraints":{"MinLength":"3","MaxLength":"99"}}]}}
END_FULL

title 'a pool that has everything; the AWS CLI and boto3 see the same, and more'
run 0 serve --allow all --description full.json --user-pool-id eu-west-1_a --region eu-west-1 pool -- bash -c '
	describe-pool --parts pool --seal -o sealed --stats stats && unseal sealed >ours &&
	/usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL" --output json \
		cognito-idp describe-user-pool --user-pool-id "$COGNITO_USER_POOL_ID" >theirs && /usr/bin/python3 -c "
import boto3, json, os
pool = boto3.client(\"cognito-idp\", endpoint_url=os.environ[\"AWS_ENDPOINT_URL\"]).describe_user_pool(
    UserPoolId=os.environ[\"COGNITO_USER_POOL_ID\"])[\"UserPool\"]
json.dump(pool, open(\"boto\", \"w\"), default=lambda t: t.isoformat())"'
empty out
empty err
has theirs secret
title 'no secret'
lacks sealed ecret
# The rest, in AWS's own form.  (Debian's boto3 is older than UserPoolTier, and passes it over.)
known='{Id, Name, Arn, CreationDate, LastModifiedDate, DeletionProtection, Domain,
	EstimatedNumberOfUsers, AliasAttributes, UsernameConfiguration, AutoVerifiedAttributes,
	UserAttributeUpdateSettings, MfaConfiguration, Policies, AccountRecoverySetting, AdminCreateUserConfig,
	DeviceConfiguration, LambdaConfig, UserPoolTags, SchemaAttributes}
	| .SchemaAttributes |= sort_by(.Name) | .AccountRecoverySetting.RecoveryMechanisms |= sort_by(.Name)
	| del(.AdminCreateUserConfig.InviteMessageTemplate, .LambdaConfig.New, .LambdaConfig.CustomSMSSender.Key)
	| (.CreationDate, .LastModifiedDate) |= sub("[.]091.*"; ".091Z")'
jq -S "$known" ours >expected
title 'the tier'
has ours '"UserPoolTier":"PLUS"'
jq -S .UserPool theirs | jq -S "$known" >actual
title "all of it, as the AWS CLI has it"
same actual expected
jq -S "$known" boto >actual
title 'and boto3'
same actual expected
title 'nothing else'
jq -S 'del(.UserPoolTier)' ours >actual
same expected actual
title 'attributes and tags by name'
same - <(jq -c '[.SchemaAttributes[].Name] == ([.SchemaAttributes[].Name] | sort), (.UserPoolTags | keys_unsorted)' ours) <<<$'true\n["a b","team","z"]'
title 'the id first, dates as in other records'
ok grep -q '^{"Id":"eu-west-1_a","Name":"people","Arn":"[^"]*","CreationDate":"2018-07-25T15:32:11.091Z","Last' ours
title 'the seal says what it is of'
ok grep -qE '^\{"~end":\{"v":1,"ok":true,"rows":1,.*"source":"http://127.0.0.1:[0-9]+/eu-west-1_a/pool","scope":"all"' sealed
title 'one call'
ok jq -e '.Calls == {"DescribeUserPool":1} and .Records == 1' stats
title 'readable by its owner'
ok test "$(stat -c %a sealed)" = 600

title 'serve-pool takes the record for a description'
run 0 serve --allow all --description ours --user-pool-id eu-west-1_a --region eu-west-1 pool -- describe-pool --parts pool
same ours out

title 'without the permission, an old file stays'
echo old >kept
run 1 serve --require-role pool -- bash -c 'assume-role --role-arn "$SERVE_POOL_ROLE_ARN" \
	--external-id "$SERVE_POOL_EXTERNAL_ID" -- describe-pool --seal -o kept'
has err 'the role needs cognito-idp:DescribeUserPool on this pool'
has kept old
title 'and the seal on standard output is one of a failure'
run 1 serve pool -- describe-pool --seal
has out '"ok":false'
title 'a service that stays down'
run 75 serve --allow all --fault DescribeUserPool:error500=100% pool -- describe-pool --retry-seconds 1
empty out

# Answers that are none, one server for all.
cat >server.py <<'END_SERVER'
import http.server, json, os, subprocess, sys, threading
ATTRIBUTE = {"Name": "sub", "AttributeDataType": "String"}
POOL = {"Id": "us-east-1_a", "SchemaAttributes": [ATTRIBUTE]}
def pool(**more):
    return {"UserPool": {**POOL, **more}}
ANSWERS = [
    ("HTTP 200 with something", "["), ("HTTP 200 with something", "null"), ("not JSON", "{]}"), ("none", {}), ("none", {"UserPool": None}), ("none", {"UserPool": []}),
    ("no pool with an Id", {"UserPool": {}}), ("another pool", pool(Id="us-east-1_b")), ("Id: no text", pool(Id=1)),
    ("no pool with an Id", pool(Id=None)),
    ("SchemaAttributes: none", pool(SchemaAttributes=[])), ("SchemaAttributes: none", pool(SchemaAttributes={})),
    ("SchemaAttributes: none", pool(SchemaAttributes=None)),
    ("SchemaAttributes: no list of objects with names", pool(SchemaAttributes=[{}])),
    ("SchemaAttributes: no list of objects with names", pool(SchemaAttributes=[["a"]])),
    ("SchemaAttributes: no list of objects with names", pool(SchemaAttributes=[{"Name": ""}])),
    ("SchemaAttributes: a name is there twice", pool(SchemaAttributes=[ATTRIBUTE, ATTRIBUTE])),
    ("Mutable: neither true nor false", pool(SchemaAttributes=[{"Name": "a", "Mutable": "true"}])),
    ("MinLength: no text", pool(SchemaAttributes=[{"Name": "a", "StringAttributeConstraints": {"MinLength": 1}}])),
    ("StringAttributeConstraints: no object", pool(SchemaAttributes=[{"Name": "a", "StringAttributeConstraints": "secret"}])),
    ("UserPoolTags: no object with names", pool(UserPoolTags=["secret"])), ("UserPoolTags: no text", pool(UserPoolTags={"a": {"b": "secret"}})),
    ("PreSignUp: no text", pool(LambdaConfig={"PreSignUp": {"Token": "secret"}})),
    ("UsernameAttributes: no text", pool(UsernameAttributes=[{"Token": "secret"}])),
    ("UsernameAttributes: no list", pool(UsernameAttributes="secret")),
    ("MinimumLength: no number", pool(Policies={"PasswordPolicy": {"MinimumLength": "secret"}})),
    ("CreationDate: a date", pool(CreationDate="2020-01-01")), ("CreationDate: a date", pool(CreationDate=1e300)),
    ("Domain: no text", '{"UserPool":{"Id":"us-east-1_a","SchemaAttributes":[{"Name":"a"}],"Domain":"\\ud800"}}'),
    (None, pool(Domain=None, UserPoolTags={}, AliasAttributes=[], LambdaConfig={})),
]
class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = answer.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *args):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
for wrong, answer in ANSWERS:
    answer = answer if isinstance(answer, str) else json.dumps(answer)
    got = subprocess.run(["describe-pool", "--parts", "pool", "--user-pool-id", "us-east-1_a", "--endpoint-url",
        "http://127.0.0.1:%d" % server.server_port], capture_output=True, text=True, env={**os.environ,
        "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "x"})
    if wrong is None:
        good = got.returncode == 0 and got.stdout == ('{"Id":"us-east-1_a","AliasAttributes":[],"LambdaConfig":{},'
            '"UserPoolTags":{},"SchemaAttributes":[{"Name":"sub","AttributeDataType":"String"}]}\n')
    else:
        good = (got.returncode == 1 and got.stdout == "" and wrong in got.stderr and "secret" not in got.stderr
            and got.stderr.startswith("describe-pool: DescribeUserPool: " + ("" if "HTTP" in wrong else "the answer is none: ")))
    if not good:
        print(answer, got)
END_SERVER
title 'answers that are none, and one that is'
run 0 /usr/bin/python3 server.py
empty out

title 'the pool must be named'
run 2 describe-pool --region eu-west-1
title 'no operands'
run 2 describe-pool x

finish
