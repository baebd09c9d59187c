# A membership, with the user's e-mail address at Google as Username, as a row of the upload of
# group members.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   group_domain=     the domain of the groups' e-mail addresses, NAME@DOMAIN; domain by default
#   domain=           see google-users
(domain_of("group_domain") | if . != "" then . else $ARGS.named.domain // "" end) as $domain
| if $domain == "" then
    wrong_arg("--arg group_domain=NAME is needed: groups have e-mail addresses at Google")
  elif .GroupName | test("^[A-Za-z0-9._'-]+\\z") | not then
    reject("the group name cannot stand in an e-mail address")
  else
    {
      GroupEmail: (.GroupName + "@" + $domain),
      MemberEmail: .Username
    }
  end
