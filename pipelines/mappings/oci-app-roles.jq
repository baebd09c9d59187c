# A membership, with the user's name at Oracle as Username, as a row of AppRoleMembership.csv: each
# group is taken for an application role of the same name.
#
# Variables (--arg NAME=VALUE) and their defaults:
#   app=              the application; the import job names one for rows that have none
{
  "Entitlement Value": .GroupName,
  "Grantee Name": .Username,
  "Grantee Type": "User",
  "App Name": ($ARGS.named.app // null)
}
