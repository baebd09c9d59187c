# A group with "Members", as expand-members --members gives them, under the names of oci-users, as a
# row of Groups.csv for an identity domain of Oracle Cloud Infrastructure.
.Members as $names
| if $names | type != "array" then reject("no Members: an array of user names is needed")
elif any($names[]; type != "string" or . == "") then reject("a member has no name")
elif any($names[]; contains(";")) then reject("a member's name holds a semicolon, which separates the members")
elif .GroupName | length < 5 then reject("the group name has fewer than 5 characters")
else
  {
    "Display Name": .GroupName,
    "Description": .Description,
    "User Members": ($names | join(";"))
  }
end
