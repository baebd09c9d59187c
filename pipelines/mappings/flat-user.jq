# A user as one flat record: every attribute is a member of its own name, nothing is left out.
{Username: 0, Enabled: 0, UserStatus: 0, UserCreateDate: 0, UserLastModifiedDate: 0, Attributes: 0,
  Groups: 0} as $known
# Mostly nothing else is there, and to ask is faster than to take out what is.
| (if ($known + . | length) == ($known | length) then {}
   else others(["Username", "Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate",
     "Attributes", "Groups"]) | map_values(flat) end) as $rest
| {Username, sub: attr("sub"), Enabled, UserStatus, UserCreateDate, UserLastModifiedDate} as $own
| $own + .Attributes + $own
  + (if has("Groups") then {Groups: groups_joined(";")} else {} end)
  + $rest
