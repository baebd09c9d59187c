#!/usr/bin/env bash
# The bill of materials: SPDX 2.3 that names every library that a command loads; the same for the
# same files.
. "$(dirname "$0")/lib.sh"
# Not for sanitizers.

# shellcheck disable=SC2016 # make's, not the shell's
env -u MAKEFLAGS make -s -C "$TOP" --no-print-directory --eval 'list: ; @printf "%s\n" $(CMDS)' list >names
mapfile -t names <names
run 0 env SOURCE_DATE_EPOCH=1700000000 "$TOP/tests/sbom" "$BUILD" 0.1.0 "${names[@]}"
mv out sbom.json
empty err
title 'again, the same bytes'
run 0 env SOURCE_DATE_EPOCH=1700000000 "$TOP/tests/sbom" "$BUILD" 0.1.0 "${names[@]}"
ok cmp out sbom.json
title 'whatever the caller preloads'
library=$(ldd "$BIN/emit-scim" | awk '$1 ~ /^libjq/ { print $3 }')
run 0 env LD_PRELOAD="$library" SOURCE_DATE_EPOCH=1700000000 "$TOP/tests/sbom" "$BUILD" 0.1.0 through
lacks out libjq

# holds TITLE PROGRAM
holds() {
	title "$1"
	jq -e "$2" sbom.json >judged 2>&1
	verdict $? "$1" || show judged
}
# What clauses 6 to 11 of the specification demand.
holds 'the document' '.spdxVersion == "SPDX-2.3" and .dataLicense == "CC0-1.0" and .SPDXID == "SPDXRef-DOCUMENT"
	and (.name | length > 0) and (.documentNamespace | test("^https://[^#]+$"))
	and (.creationInfo.creators | length > 0 and all(test("^(Tool|Organization|Person): ")))
	and .creationInfo.created == "2023-11-14T22:13:20Z"'
holds 'every package' '.packages | length > 3 and all((.SPDXID | test("^SPDXRef-[A-Za-z0-9.-]+$")) and (.name | length > 0)
	and has("downloadLocation") and has("licenseConcluded") and has("licenseDeclared") and has("copyrightText")
	and (.filesAnalyzed == has("packageVerificationCode")))'
holds 'every file' '.files | length >= 19 and all((.SPDXID | test("^SPDXRef-[A-Za-z0-9.-]+$")) and (.fileName | startswith("./"))
	and ([.checksums[] | select(.algorithm == "SHA1") | .checksumValue | test("^[0-9a-f]{40}$")] == [true]))'
holds 'no two things have one name' '[.SPDXID, (.packages, .files)[].SPDXID] | length == (unique | length)'
# shellcheck disable=SC2016 # jq's
holds 'every relation is between things that are there' '([.SPDXID, (.packages, .files)[].SPDXID]) as $there
	| .relationships | all([.spdxElementId, .relatedSpdxElement] - $there == [])'
holds 'what it describes is ours' '.documentDescribes == ["SPDXRef-Package-cognito-filters"] and
	(.packages[] | select(.SPDXID == "SPDXRef-Package-cognito-filters") | .licenseDeclared == "MIT")'
title 'our licence is that of LICENSE'
ok grep -qx 'MIT License' "$TOP/LICENSE"

title 'check sums are those of the files'
jq -r '.files[] | (.checksums[] | select(.algorithm == "SHA256") | .checksumValue) + "  " + .fileName' sbom.json >sums
(cd "$BUILD" && sha256sum --quiet -c "$T/sums") >wrong 2>&1
empty wrong
title 'so is the verification code'
jq -r '.files[].checksums[] | select(.algorithm == "SHA1").checksumValue' sbom.json | sort | tr -d '\n' |
	sha1sum | cut -d' ' -f1 >code
jq -r '.packages[] | .packageVerificationCode // empty | .packageVerificationCodeValue' sbom.json >noted
same code noted

title 'every library that a command was linked with is in it, with the command'
for name in "${names[@]}"; do
	readelf -dW "$BIN/$name" | sed -n "s/.*(NEEDED).*\[\(.*\)\]\$/$name \1/p"
done | sort >needed
jq -r '.relationships[] | select(.relationshipType == "DYNAMIC_LINK")
	| (.spdxElementId | sub("SPDXRef-File-"; "")) + " " + .comment' sbom.json | sort >linked
same needed linked
title 'all that is loaded comes from a package that is in it'
for name in "${names[@]}"; do
	ldd "$BIN/$name" | awk '$3 ~ /^\// { print $3 }'
done | sort -u | xargs readlink -f | sed 's|^/usr||' | sort -u >loaded
# Some packages list their files with /usr and some without.
sed 's|^/|/usr/|' loaded | cat loaded - | xargs dpkg-query -S 2>/dev/null | cut -d: -f1 | sort -u >owners
jq -r '.packages[].name' sbom.json | sort >packages
comm -23 owners packages >missing
empty missing
ok grep -qx libc6 owners
title 'in the version that is installed'
while IFS= read -r package; do
	dpkg-query -W -f='${Package} ${Version}\n' "$package"
done <owners | sort -u >installed
jq -r '.packages[] | .name + " " + (.versionInfo // "")' sbom.json | sort | comm -23 installed - >missing
empty missing

title 'a command that is not there is an error'
run 1 "$TOP/tests/sbom" "$BUILD" 0.1.0 nosuch
empty out

finish
