# A group with "Members", the distinguished names that csvde-users gives, as a row of a file for
# csvde of Active Directory.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   group_base=       where the groups go, OU=Groups,DC=example,DC=com; base by default
#   base=             see csvde-users
base_of(["group_base", "base"]; "where the groups go") as $base
| if .GroupName | test("^[^\"/\\\\\\[\\]:;|=,+*?<>\\x00-\\x1f]{1,64}\\z") | not then
    reject("the group name: more than 64 characters, or one of \"/\\[]:;|=,+*?<>")
  else
    {
      DN: ("CN=" + (.GroupName | dn_value) + "," + $base),
      objectClass: "group",
      sAMAccountName: .GroupName,
      description: .Description,
      member: .Members
    }
  end
