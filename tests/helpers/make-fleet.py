#!/usr/bin/python3
"""Writes a fleet for serve-pool --inventory into DIR: DIR/inventory.ndjson, user pools and behind them
identity pools, and DIR/records/POOL-ID.ndjson, what is in each user pool.

    make-fleet.py [--pools N] [--regions N] [--accounts N] [--identity-pools N] [--users N] [--seed N] DIR

Pool n (from 0) is called tenant-NNN, every tenth internal-NNN; Regions change with every pool, accounts when
all Regions have had one.  The first account is 123456789012, that of serve-pool's role.  Every twentieth
pool (from 19) has no file of records and nobody in it.  Identity pool n trusts n % 4 user pools of its own
Region and account and, every third, one of anywhere.  All that must not get out has SECRET in it.
The same arguments make the same bytes, with any Python: chance is a digest of the seed and a name.
"""
import argparse
import hashlib
import json
import os

REGIONS = ["eu-west-1", "us-east-1", "eu-central-1", "ap-southeast-2", "us-west-2", "ca-central-1", "sa-east-1",
           "ap-northeast-1"]
ACCOUNTS = ["123456789012", "222233334444", "333344445555", "444455556666", "555566667777", "000011112222"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

parser = argparse.ArgumentParser()
for name, default in ("pools", 200), ("regions", 4), ("accounts", 2), ("users", 6), ("seed", 1):
    parser.add_argument("--" + name, type=int, default=default)
parser.add_argument("--identity-pools", type=int, help="a quarter of the user pools if not said")
parser.add_argument("dir")
args = parser.parse_args()
if not (0 < args.regions <= len(REGIONS) and 0 < args.accounts <= len(ACCOUNTS)):
    parser.error("at most %d Regions and %d accounts" % (len(REGIONS), len(ACCOUNTS)))


def digest(*what):
    return hashlib.sha256(repr((args.seed,) + what).encode()).digest()


def pick(count, *what):
    return int.from_bytes(digest(*what)[:8], "big") % count


def text(length, letters, *what):
    number = int.from_bytes(digest(*what), "big")
    out = ""
    for _ in range(length):
        number, digit = divmod(number, len(letters))
        out += letters[digit]
    return out


def uuid(*what):
    hexes = digest(*what).hex()
    return "-".join((hexes[:8], hexes[8:12], "4" + hexes[13:16], "a" + hexes[17:20], hexes[20:32]))


def dates(*what):
    made = (18 + pick(7, "year", *what), 1 + pick(9, "month", *what), pick(10, "day", *what),
            pick(10, "hour", *what), pick(1000, "ms", *what))
    touched = (pick(3, "m", *what), 1 + pick(9, "d", *what), pick(10, "h", *what))
    return "20%02d-0%d-1%dT0%d:30:00.%03dZ" % made, "2025-1%d-0%dT1%d:00:00.250Z" % touched


def attribute(name, kind="String", low="0", high="2048", required=False, mutable=True):
    out = {"Name": name, "AttributeDataType": kind, "DeveloperOnlyAttribute": False, "Mutable": mutable,
           "Required": required}
    if kind in ("String", "Number"):
        word = "Length" if kind == "String" else "Value"
        limits = {"Min" + word: low, "Max" + word: high}
        out[kind + "AttributeConstraints"] = {k: v for k, v in limits.items() if v is not None}
    return out


def schema(n):
    texts = ["name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
             "picture", "website", "email", "gender", "zoneinfo", "locale", "phone_number", "address"]
    out = [attribute(name, required=name == "email") for name in texts]
    out += [attribute("sub", low="1", required=True, mutable=False), attribute("birthdate", low="10", high="10"),
            attribute("email_verified", "Boolean"), attribute("phone_number_verified", "Boolean"),
            attribute("updated_at", "Number", "0", None), attribute("identities", low=None, high=None),
            attribute("custom:tenant", low="1", high="64", mutable=n % 3 != 0)]
    if n % 2 == 0:
        out.append(attribute("custom:seats", "Number", "1", "10000"))
    return sorted(out, key=lambda a: a["Name"])


def clients(n, pool, made, touched):
    out = []
    for k in range(1 + pick(3, "clients", n)):
        client = {"UserPoolId": pool, "ClientName": ["web", "mobile", "back office"][k],
                  "ClientId": text(26, "0123456789abcdefghijklmnopqrstuv", "client", n, k),
                  "CreationDate": made, "LastModifiedDate": touched, "RefreshTokenValidity": 30,
                  "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
                  "AllowedOAuthFlowsUserPoolClient": k == 0, "EnableTokenRevocation": True}
        if k == 0:
            client.update(CallbackURLs=["https://tenant-%03d.example.com/in" % n], AllowedOAuthFlows=["code"],
                          LogoutURLs=["https://tenant-%03d.example.com/out" % n],
                          AllowedOAuthScopes=["email", "openid"], SupportedIdentityProviders=["COGNITO"])
        if k != 1:
            client["ClientSecret"] = "SECRET-of-a-client-%s" % text(12, LETTERS, "secret", n, k)
        out.append(client)
    return sorted(out, key=lambda c: (c["ClientName"], c["ClientId"]))


def providers(n, made, touched):
    kinds = [("Auth0", "OIDC", {"email": "email", "username": "sub", "custom:tenant": "tenant"},
              {"client_id": "fleet", "client_secret": "SECRET-of-auth0",
               "oidc_issuer": "https://example.auth0.com"}),
             ("Google", "Google", {"email": "email", "username": "sub"},
              {"client_id": "fleet", "client_secret": "SECRET-of-google", "authorize_scopes": "email openid"}),
             ("Okta", "SAML", {"email": "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress"},
              {"MetadataFile": "<EntityDescriptor>SECRET-of-okta</EntityDescriptor>"})]
    out = []
    for k, (name, kind, mapping, details) in enumerate(kinds):
        if pick(4, "provider", n, k) != 0:
            continue
        out.append({"ProviderName": name, "ProviderType": kind, "AttributeMapping": mapping,
                    "ProviderDetails": details,
                    "IdpIdentifiers": ["%s.example.com" % name.lower()] if k == 0 else [],
                    "CreationDate": made, "LastModifiedDate": touched})
    return out


def groups(n, account, pool, idps, made, touched):
    out = []
    for k, name in enumerate(["admins", "readers", "Größe&Co"][:1 + pick(3, "groups", n)]):
        group = {"GroupName": name, "Description": "Group %d of tenant %d" % (k, n), "Precedence": k + 1,
                 "CreationDate": made, "LastModifiedDate": touched}
        if k == 0 and n % 2 == 0:
            group["RoleArn"] = "arn:aws:iam::%s:role/tenant-%03d-%s" % (account, n, name)
        out.append(group)
    for name in [idp["ProviderName"] for idp in idps]:
        out.append({"GroupName": "%s_%s" % (pool, name), "CreationDate": made, "LastModifiedDate": touched,
                    "Description": "Autogenerated group for users who sign in using %s" % name})
    return out


def users(n, named, count):
    out = []
    for k in range(count):
        made, touched = dates("user", n, k)
        sub = uuid("sub", n, k)
        mail = "person-%d@tenant-%03d.example.com" % (k, n)
        status = (3 * ["CONFIRMED"] + ["FORCE_CHANGE_PASSWORD", "UNCONFIRMED"])[pick(5, "status", n, k)]
        attributes = {"sub": sub, "email": mail, "email_verified": "true" if pick(4, "v", n, k) else "false",
                      "custom:tenant": str(n), "given_name": "Person %d" % k}
        out.append({"Username": sub if n % 3 == 0 else mail, "Enabled": pick(8, "enabled", n, k) != 0,
                    "UserStatus": status, "UserCreateDate": made, "UserLastModifiedDate": touched,
                    "Attributes": attributes,
                    "Groups": [g["GroupName"] for i, g in enumerate(named) if pick(2 + i, "in", n, k, i) == 0]})
    return out


def mfa(n, pool):
    out = {"MfaConfiguration": ["OFF", "OPTIONAL", "ON"][n % 3]}
    if n % 3:
        out["SoftwareTokenMfaConfiguration"] = {"Enabled": True}
    if n % 3 == 2:
        out["SmsMfaConfiguration"] = {"SmsAuthenticationMessage": "SECRET text {####}"}
        out["SmsConfiguration"] = {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms-%d" % n,
                                   "ExternalId": "SECRET-external-id-%d" % n}
    if n % 7 == 3:
        out["WebAuthnConfiguration"] = {"RelyingPartyId": "tenant-%03d.example.com" % n,
                                        "UserVerification": "preferred"}
    return out


def names_of(n):
    kind = n % 3
    if kind == 0:
        return {"UsernameAttributes": ["email"]}
    return {"AliasAttributes": ["email"] if kind == 1 else ["email", "preferred_username"]}


def pool_record(n, region, account):
    pool = "%s_%s" % (region, text(9, LETTERS, "pool", n))
    made, touched = dates("pool", n)
    name = ("internal-%03d" if n % 10 == 9 else "tenant-%03d") % n
    idps = providers(n, made, touched)
    empty = n % 20 == 19
    named = [] if empty else groups(n, account, pool, idps, made, touched)
    people = [] if empty else users(n, named, pick(args.users + 1, "users", n) + args.users // 2)
    record = {
        "Id": pool, "Name": name, "Arn": "arn:aws:cognito-idp:%s:%s:userpool/%s" % (region, account, pool),
        "CreationDate": made, "LastModifiedDate": touched, "UserPoolTier": ["ESSENTIALS", "LITE", "PLUS"][n % 3],
        "DeletionProtection": "ACTIVE" if n % 4 else "INACTIVE", "EstimatedNumberOfUsers": len(people),
        **names_of(n), "UsernameConfiguration": {"CaseSensitive": n % 4 == 0}, "AutoVerifiedAttributes": ["email"],
        **mfa(n, pool),
        "Policies": {"PasswordPolicy": {
            "MinimumLength": 8 + n % 5, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True,
            "RequireSymbols": n % 2 == 0, "TemporaryPasswordValidityDays": 7},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}},
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Name": "verified_email", "Priority": 1}]},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": n % 2 == 0, "UnusedAccountValidityDays": 7},
        "LambdaConfig": {} if n % 5 else {
            "PreSignUp": "arn:aws:lambda:%s:%s:function:pre-sign-up" % (region, account),
            "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn":
                                         "arn:aws:lambda:%s:%s:function:token" % (region, account)}},
        "UserPoolTags": {"tenant": str(n), "stage": "test"} if n % 2 else {}, "SchemaAttributes": schema(n),
        "UserPoolClients": clients(n, pool, made, touched), "IdentityProviders": idps,
        "GroupRoles": [{k: g[k] for k in ("GroupName", "Precedence", "RoleArn")} for g in named if "RoleArn" in g],
        "Domains": [], "ResourceServers": []}
    if n % 4 == 1:
        record["Domain"] = name
        record["Domains"] = [{"Domain": name, "UserPoolId": pool, "AWSAccountId": account, "Status": "ACTIVE",
                              "ManagedLoginVersion": 1 + n % 2, "Version": "20250101120000",
                              "CloudFrontDistribution": "d%s.cloudfront.net" % digest("cf", n).hex()[:13]}]
    if n % 4 == 2:
        record["ResourceServers"] = [{
            "UserPoolId": pool, "Identifier": "https://api-%03d.example.com" % n, "Name": "API",
            "Scopes": [{"ScopeName": "read", "ScopeDescription": "Reads"},
                       {"ScopeName": "write", "ScopeDescription": "Writes"}]}]
    if not empty:
        record["Records"] = "records/%s.ndjson" % pool
    return record, named + people


def role_mappings(n, bound):
    if not bound or n % 2:
        return {}
    rules = {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [
        {"Claim": "custom:tenant", "MatchType": "Equals", "Value": str(n),
         "RoleARN": "arn:aws:iam::123456789012:role/tenant"}]}}
    token = {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"}
    return {"%s:%s" % (p["ProviderName"], p["ClientId"]): (rules if k else token) for k, p in enumerate(bound[:2])}


def identity_record(n, pools):
    of = pools[pick(len(pools), "home", n)]
    region, account = of["Arn"].split(":")[3:5]
    near = [p for p in pools if p["Arn"].split(":")[3:5] == [region, account]]
    trusted = [near[(pick(len(near), "near", n) + k) % len(near)] for k in range(min(n % 4, len(near)))]
    if n % 3 == 0 and n > 0:
        trusted.append(pools[pick(len(pools), "far", n)])
    seen, bound = set(), []
    for pool in trusted:
        for client in pool["UserPoolClients"][:1 + pick(2, "trusts", n, pool["Id"])]:
            if client["ClientId"] not in seen:
                seen.add(client["ClientId"])
                name = "cognito-idp.%s.amazonaws.com/%s" % (pool["Arn"].split(":")[3], pool["Id"])
                bound.append({"ProviderName": name, "ClientId": client["ClientId"],
                              "ServerSideTokenCheck": pick(2, "check", n) == 0})
    record = {"IdentityPoolId": "%s:%s" % (region, uuid("identity pool", n)), "IdentityPoolName": "app %03d" % n,
              "AllowUnauthenticatedIdentities": n % 5 == 0, "AllowClassicFlow": n % 7 == 0,
              "SupportedLoginProviders": {}, "OpenIdConnectProviderARNs": [], "SamlProviderARNs": [],
              "CognitoIdentityProviders": bound, "IdentityPoolTags": {"app": str(n)} if n % 2 else {},
              "Account": account,
              "Roles": {"authenticated": "arn:aws:iam::%s:role/in-%03d" % (account, n),
                        "unauthenticated": "arn:aws:iam::%s:role/out-%03d" % (account, n)},
              "RoleMappings": role_mappings(n, bound)}
    if n % 4 == 2:
        record["SupportedLoginProviders"] = {"accounts.google.com": "fleet.apps.example.com",
                                             "api.twitter.com": "fleet;SECRET-of-twitter"}
    if n % 6 == 5:
        record["DeveloperProviderName"] = "login.fleet.example"
        record["OpenIdConnectProviderARNs"] = ["arn:aws:iam::%s:oidc-provider/example.auth0.com" % account]
        record["SamlProviderARNs"] = ["arn:aws:iam::%s:saml-provider/okta" % account]
    return record


def write(path, records):
    with open(path, "w", encoding="utf-8", newline="\n") as out:
        for record in records:
            out.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def main():
    os.makedirs(os.path.join(args.dir, "records"), exist_ok=True)
    pools = []
    for n in range(args.pools):
        record, inside = pool_record(n, REGIONS[n % args.regions], ACCOUNTS[n // args.regions % args.accounts])
        pools.append(record)
        if "Records" in record:
            write(os.path.join(args.dir, record["Records"]), inside)
    count = args.pools // 4 if args.identity_pools is None else args.identity_pools
    identities = [identity_record(n, pools) for n in range(count)] if pools else []
    write(os.path.join(args.dir, "inventory.ndjson"), pools + identities)


main()
