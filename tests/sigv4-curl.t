#!/usr/bin/env bash
# The same request signed by curl's --aws-sigv4 carries the signature that our signer gives it.
. "$(dirname "$0")/lib.sh"

export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY

if ! curl --help all 2>/dev/null | grep -q -e --aws-sigv4; then
	echo "1..0 # SKIP this curl has no --aws-sigv4"
	exit 0
fi

# Takes one request, writes it to the file "request" as it came, and answers 200.
cat >capture.pl <<'PERL'
use strict;
use IO::Socket::INET;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => 0, Listen => 1)
    or die "listen: $!";
print $listener->sockport, "\n";
close STDOUT;
my $s = $listener->accept or die "accept: $!";
my $text = '';
until ($text =~ /^(.*?)\r\n\r\n(.*)$/s && length $2 >= ($1 =~ /^Content-Length: (\d+)/mi ? $1 : 0)) {
	sysread($s, $text, 65536, length $text) or last;
}
open my $out, '>:raw', 'request' or die "request: $!";
print $out $text;
close $out;
print $s "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
PERL

# same_as_curl TITLE PROVIDER CURL-OPTION...
same_as_curl() {
	local name=$1 provider=$2 capture port
	shift 2
	rm -f request
	coproc CAPTURE { exec perl capture.pl; }
	# shellcheck disable=SC2153
	capture=$CAPTURE_PID
	read -r port <&"${CAPTURE[0]}"
	curl -sS --noproxy '*' --aws-sigv4 "$provider" -u "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \
		"$@" "http://127.0.0.1:$port/" >curl.out 2>&1
	wait "$capture"
	sed -n 's/^Authorization: //ip' request | tr -d '\r' >theirs
	"$TOOLS/resign" <request >ours
	title "$name: a signature was made"
	ok grep -qE 'Signature=[0-9a-f]{64}$' theirs
	title "$name: ours is the same"
	same theirs ours
}

json=(-H 'Content-Type: application/x-amz-json-1.1'
	-H 'X-Amz-Target: AWSCognitoIdentityProviderService.ListUsers')
same_as_curl ListUsers aws:amz:eu-west-1:cognito-idp "${json[@]}" \
	-d '{"UserPoolId":"eu-west-1_EXAMPLE","Limit":60}'
same_as_curl 'ListUsers with a session token' aws:amz:eu-west-1:cognito-idp "${json[@]}" \
	-H 'X-Amz-Security-Token: AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGB=' \
	-d '{"UserPoolId":"eu-west-1_EXAMPLE","Limit":60,"Filter":"username ^= \"é\""}'
same_as_curl AssumeRole aws:amz:us-east-1:sts \
	-H 'Content-Type: application/x-www-form-urlencoded; charset=utf-8' \
	-d 'Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fx&RoleSessionName=sync'
finish
