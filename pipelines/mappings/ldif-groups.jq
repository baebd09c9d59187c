# A group with "Members", the distinguished names that ldif-users gives, as an entry of the object
# class groupOfNames.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   group_base=       where the groups go, ou=groups,dc=example,dc=com; base by default
#   base=             see ldif-users
base_of(["group_base", "base"]; "where the groups go") as $base
| if .Members // [] | length == 0 then reject("no members: groupOfNames needs one")
  else
    {
      dn: ("cn=" + (.GroupName | dn_value) + "," + $base),
      objectClass: ["top", "groupOfNames"],
      cn: .GroupName,
      description: .Description,
      member: .Members
    }
    | with_entries(select(.value != null and .value != ""))
  end
