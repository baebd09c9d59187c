# A membership, with the user principal name as Username, as a row of the file of "Import members".
# There is a file for each group; GroupName is for the name of the file.
{GroupName, UserPrincipalName: .Username}
