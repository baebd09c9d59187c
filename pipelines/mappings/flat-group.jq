# A group as one flat record.
others(["GroupName"]) as $rest
| {GroupName, Description, Precedence, RoleArn, CreationDate, LastModifiedDate}
  + ($rest | map_values(flat))
