# A user as one flat record: every attribute is a member of its own name, nothing is left out.
others(["Username", "Enabled", "UserStatus", "UserCreateDate", "UserLastModifiedDate",
  "Attributes", "Groups"]) as $rest
| {Username, sub: attr("sub"), Enabled, UserStatus, UserCreateDate, UserLastModifiedDate} as $own
| $own + .Attributes + $own
  + (if has("Groups") then {Groups: groups_joined(";")} else {} end)
  + ($rest | map_values(flat))
