#!/usr/bin/env bash
# Poisoned profiles on their way into another system by SCIM: each becomes a request of its own, for one
# resource and with the values that it has, or is rejected; those of sound users are what they are
# without the others.  The server takes everything, and writes down what it was sent.
. "$(dirname "$0")/lib.sh"
helpers=$TOP/tests/helpers
python3 -B "$helpers/hostile.py" . "${HOSTILE_SEED:-0}" || exit 1

cat >server.py <<'END'
import os
import threading

lock = threading.Lock()
count = 0


def answer(r):
    global count
    if r.method == "GET" and r.path in ("/Users", "/Groups"):
        return (200, {"schemas": [LIST], "totalResults": 0, "Resources": []})
    if r.method == "GET":
        return error(404, None, "no")
    with lock:
        count += 1
        with open(os.environ["BODIES"], "a", encoding="utf-8") as file:
            json.dump({"method": r.method, "path": r.path, "body": r.json}, file)
            file.write("\n")
        return (201, {**r.json, "id": "/../%s?x#\u202e" % count}) if isinstance(r.json, dict) else \
            error(400, "invalidSyntax", "no")
END
sed -i '1i import json\nLIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"' server.py
for kind in mixed sound; do
	title "$kind: resources for push-scim"
	run "$([ $kind = sound ] && echo 0 || echo 3)" emit-scim --for-push --seal --reject $kind.rejects \
		-o $kind.resources $kind
	title "$kind: all are sent"
	BODIES=$kind.bodies run 0 "$helpers/scripted-scim.py" server.py push-scim --seal \
		--max-rate 100000 $kind.resources
	mv out $kind.results
	mv err $kind.err
	rows=$(($(wc -l <$kind.resources) - 1))
	title "$kind: a request and a result for each"
	ok test "$(wc -l <$kind.bodies)/$(jq -c 'select(.Result == "created").Key' <$kind.results | sort -u | wc -l)" = "$rows/$rows"
	title "$kind: one resource each, in its place"
	ok test "$(jq -r '.method + .path' <$kind.bodies | sort -u)" = POST/Users
done
# But what is for other dialects.
title 'a resource is sent as it was made'
jq -cS 'select(.schemas) | del(.. | nulls) | del(.emails[]?.verified)' <mixed.resources | sort >expected
jq -cS '.body | del(.. | nulls)' <mixed.bodies | sort >sent
same expected sent
title 'those of sound users are what they are without the others'
jq -cS 'select(.body.userName | startswith("sound-")).body' <mixed.bodies | sort >mixed.sound
jq -cS .body <sound.bodies | sort >sound.sound
same sound.sound mixed.sound
title 'the results are whole'
ok unseal -o unsealed mixed.results
title 'and messages printable'
LC_ALL=C grep -aP '[^\x20-\x7e]' ./*.err >unprintable
empty unprintable

finish
