# A membership as one flat record: every attribute that came along is a member of its own name.
others(["GroupName", "Username", "Attributes"]) as $rest
| {GroupName, Username, sub: attr("sub")} as $own
| $own + .Attributes + $own + ($rest | map_values(flat))
