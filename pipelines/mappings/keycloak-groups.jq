# A group of a partialImport document of Keycloak.  Older versions do not know a group's
# description, and refuse what they do not know, so it is an attribute.
{
  name: .GroupName,
  attributes: ({description: .Description, precedence: .Precedence, roleArn: .RoleArn}
    | with_entries(select(.value != null and .value != "")) | map_values([tostring]))
}
