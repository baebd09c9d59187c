#!/usr/bin/env bash
# Not for sanitizers.
. "$(dirname "$0")/lib.sh"
# The examples of plan-sync(1) as they stand there, from one pool to another, and apply-cognito behind
# them, night after night: what is planned can be carried out, and what was carried out is not planned again.

# examples: the displays of the page, their lines as they are.
awk '/^\.Sh / { on = $0 == ".Sh EXAMPLES" }
	on && /^\.Bd / { block = 1; next }
	/^\.Ed/ { block = 0 }
	block { gsub(/\\e/, "\\"); print }' "$TOP/man/plan-sync.1" >commands
grep -e '--user-pool-id eu-west-1_source' commands >of.source
grep -v -e '--user-pool-id eu-west-1_source' commands >of.copy
title 'the page has them'
ok test -s of.source -a -s of.copy

person() { printf '{"Username":"%s","Enabled":%s,"UserStatus":"CONFIRMED","Attributes":{%s"email":"%s@example.com","email_verified":"true"}}\n' \
	"$1" "$2" "$3" "${4:-$1}"; }
group() { printf '{"GroupName":"%s"%s}\n' "$1" "${2:+,$2}"; }
member() { printf '{"GroupName":"%s","Username":"%s"}\n' "$1" "$2"; }
{ group staff; group test '"Precedence":3'; person ana true ''; person bob true '"nickname":"n",'; person cara false ''
	member staff ana; member staff bob; member test bob; } >pool.1
{ group staff '"Description":"d"'; group test '"Precedence":4'; person ana true '"nickname":"new",' ann
	person bob false ''; person cara true ''; member staff ana; member staff cara; member test bob; } >pool.2
{ cat pool.2; person dan true ''; member staff dan; } >pool.3
{ cat pool.2; person dan true '"nickname":"d",'; member staff dan; } >pool.4
{ group staff; person ana true '"nickname":"new",' ann; person bob false ''; person cara true ''
	member staff ana; member staff cara; } >pool.5
: >empty

# One server is the copy, in all nights; the source is another one each night, at the same address as
# far as the seal says.
cat >nights <<'END'
export COGNITO_SEAL=1
# night POOL NAME [OPTION...]: what it does goes to the file NAME; with options a last plan has them
night() {
	serve-pool --region eu-west-1 --user-pool-id eu-west-1_source --allow all "$1" -- \
		bash -e of.source || return
	sed -i '$s,//127\.0\.0\.1:[0-9]*,//127.0.0.1:1,' want want.groups want.members
	bash -e -o pipefail of.copy >shown.$2 || return
	[ $# -eq 2 ] || plan-sync --ledger copy.ledger --state copy.state -o plan "${@:3}" \
		--want want --want want.groups --want want.members \
		--have have --have have.groups --have have.members || return
	apply-cognito --ledger copy.ledger -o results plan || return
	unseal results | jq -r '[.Op, .Key, .GroupName // empty, .Result] | join(" ")' >"$2"
}
# killed: dan was created, but no answer came
killed() {
	grep '"dan"' copy.ledger | grep '"creating"' >its || return
	grep -v '"dan"' copy.ledger >new
	cat its >>new
	mv new copy.ledger
	rm copy.state
}
night pool.1 first && night pool.1 again && night pool.2 changed && night pool.2 again.2 &&
	night pool.3 dan && killed && night pool.4 settled && night pool.4 after && night pool.4 again.3 &&
	night pool.5 missing --delete --delete-groups &&
	night pool.5 gone --delete --delete-groups && night pool.5 again.4 --delete --delete-groups
END
title 'night after night'
run 0 serve --region eu-west-1 --user-pool-id eu-west-1_copy --allow all empty -- bash nights
# did NAME: what that night did is on standard input
did() { cat >expected; same expected "$1"; }
title 'the first night: all are created, as the page says'
did first <<'END'
create-group staff staff done
create-group test test done
create-user ana done
create-user bob done
create-user cara done
add-member ana staff done
add-member bob staff done
add-member bob test done
END
title 'and shown to people'
grep create-user shown.first | tr '\t' ' ' >actual
same - actual <<'END'
create-user ana not at the target
create-user bob not at the target
create-user cara not at the target
END
title 'the next one has nothing to do'
did again </dev/null
title 'what is added, replaced and taken away'
did changed <<'END'
update-group staff staff done
update-group test test done
update-user ana done
update-user bob done
enable-user cara done
add-member cara staff done
remove-member bob staff done
disable-user bob done
END
did again.2 </dev/null
did dan <<'END'
create-user dan done
add-member dan staff done
END
title 'a run was killed before the answer to a creation came: it is settled, and goes on'
did settled <<<'create-user dan done'
ok grep -q '"Key":"dan".*"State":"created"' copy.ledger
did after <<<'update-user dan done'
did again.3 </dev/null
title 'who is missing is deleted the second night, and so is a group with whoever is in it'
did missing <<<'update-group staff staff done'
did gone <<'END'
remove-member bob test done
delete-user dan done
delete-group test test done
END
did again.4 </dev/null

finish
