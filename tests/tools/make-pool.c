/*
 * make-pool: prints an invented user pool as records of cognito-records(5): users, then groups,
 * then memberships in the order of the groups.
 *
 *     make-pool [-n users] [-s seed] [--uuid] [--user-pool-id id]
 *
 * The same arguments give the same bytes.  Everything about a user follows from the seed and the
 * user's number, so nothing is kept in memory and any size can be made.  The first users are the
 * hard cases of pool-data.h.  With --uuid every local Username equals its sub, as in pools where
 * people sign in by e-mail.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/prog.h"
#include "json/jtext.h"

#include "pool-data.h"

#define COUNT(a) (sizeof (a) / sizeof *(a))

enum {
	TEXT_MAX = 64 * 1024,		/* of one user's values; the largest case has 5 KB */
	ATTRIBUTES_MAX = 32,
	VALUE_MAX = 2048,		/* Cognito's limit for an attribute value, in bytes */
	USERNAME_SIZE = 256
};

/* What is decided about a user by its number; each takes its own bits of chance. */
enum salt {
	SALT_SUB = 1, SALT_SUB_LOW, SALT_KIND, SALT_NAME, SALT_STATUS, SALT_ATTRIBUTES, SALT_DATE,
	SALT_IDENTITY, SALT_GROUP = 100
};

enum kind { KIND_LOCAL, KIND_UUID, KIND_OIDC, KIND_SAML, KIND_GOOGLE };

struct attribute {
	const char *name;
	size_t value, len;		/* in text */
};

struct user {
	char username[USERNAME_SIZE], sub[40];
	const char *status;
	bool enabled;
	enum kind kind;
	struct buf text;
	struct attribute attributes[ATTRIBUTES_MAX];
	size_t count;
};

struct pool {
	uint64_t seed, users;
	const char *id;
	bool uuid;
};

/* The finaliser of SplitMix64: every number of every user is one step away. */
static uint64_t
chance(const struct pool *p, uint64_t number, unsigned salt)
{
	uint64_t x = p->seed * 0x9E3779B97F4A7C15u + number * 0xD1B54A32D192ED03u + salt;

	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
	x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
	return x ^ (x >> 31);
}

static void
must(int result)
{
	if (result != 0) {
		diag_error("a record is larger than its buffer");
		exit(PROG_FAIL);
	}
}

static void __attribute__((format(printf, 3, 4)))
add(struct user *u, const char *name, const char *fmt, ...)
{
	struct attribute *a = &u->attributes[u->count];
	char value[VALUE_MAX + 1];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(value, sizeof value, fmt, ap);
	va_end(ap);
	must(n < 0 || n > VALUE_MAX || u->count == ATTRIBUTES_MAX ? -1 : 0);
	*a = (struct attribute){ .name = name, .value = u->text.len, .len = (size_t)n };
	must(buf_append(&u->text, value, (size_t)n));
	u->count++;
}

static void
make_sub(const struct pool *p, uint64_t number, char out[40])
{
	uint64_t a = chance(p, number, SALT_SUB), b = chance(p, number, SALT_SUB_LOW);

	snprintf(out, 40, "%08" PRIx64 "-%04" PRIx64 "-4%03" PRIx64 "-%04" PRIx64 "-%012" PRIx64,
	    a >> 32, (a >> 16) & 0xFFFF, a & 0xFFF, 0x8000 | (b >> 50), b & 0xFFFFFFFFFFFF);
}

static const struct culture *
culture_of(const struct pool *p, uint64_t number)
{
	uint64_t r = chance(p, number, SALT_NAME);

	/* Half of the pool has the first two, so that the rest stays a hard case. */
	return &cultures[r % 2 == 0 ? (r >> 8) % 2 : (r >> 8) % COUNT(cultures)];
}

static const struct name *
given_of(const struct pool *p, uint64_t number)
{
	return &culture_of(p, number)->given[(chance(p, number, SALT_NAME) >> 24) % CULTURE_NAMES];
}

static const struct name *
family_of(const struct pool *p, uint64_t number)
{
	return &culture_of(p, number)->family[(chance(p, number, SALT_NAME) >> 32) % CULTURE_NAMES];
}

static enum kind
kind_of(const struct pool *p, uint64_t number)
{
	unsigned r = chance(p, number, SALT_KIND) % 100;

	if (number < COUNT(hard_cases))
		return hard_cases[number].username == NULL ? KIND_UUID : KIND_LOCAL;
	if (r < 6)
		return KIND_OIDC;
	if (r < 11)
		return KIND_SAML;
	if (r < 18)
		return KIND_GOOGLE;
	return p->uuid || r < 26 ? KIND_UUID : KIND_LOCAL;
}

/* The identifier under which an identity provider knows the user. */
static void
make_identity(const struct pool *p, uint64_t number, enum kind kind, char *out, size_t size)
{
	uint64_t r = chance(p, number, SALT_IDENTITY);

	if (kind == KIND_OIDC)
		snprintf(out, size, "auth0|5f%014" PRIx64 "%08" PRIx64, r >> 8, number);
	else if (kind == KIND_SAML)
		snprintf(out, size, "EXAMPLE\\%s%" PRIu64, family_of(p, number)->latin, number);
	else
		snprintf(out, size, "1%010" PRIu64 "%010" PRIu64, r % 10000000000u, number);
}

/* Sets number's name and kind: all that a membership needs. */
static void
make_key(const struct pool *p, uint64_t number, struct user *u)
{
	static const char *const prefixes[] = {
		[KIND_OIDC] = "auth0_", [KIND_SAML] = "ADFS_", [KIND_GOOGLE] = "Google_" };
	const struct name *given = given_of(p, number), *family = family_of(p, number);
	char identity[128];

	u->kind = kind_of(p, number);
	make_sub(p, number, u->sub);
	if (u->kind == KIND_UUID || (number < COUNT(hard_cases) && p->uuid))
		snprintf(u->username, sizeof u->username, "%s", u->sub);
	else if (number < COUNT(hard_cases))
		snprintf(u->username, sizeof u->username, "%s", hard_cases[number].username);
	else if (u->kind == KIND_LOCAL && chance(p, number, SALT_KIND) % 16 == 0)
		snprintf(u->username, sizeof u->username, "%s_%" PRIu64, family->text, number);
	else if (u->kind == KIND_LOCAL)
		snprintf(u->username, sizeof u->username, "%s.%s%" PRIu64, given->latin,
		    family->latin, number);
	else {
		make_identity(p, number, u->kind, identity, sizeof identity);
		snprintf(u->username, sizeof u->username, "%s%s", prefixes[u->kind], identity);
	}
	/* Some family names have a blank or a joiner (U+200C), which no Username has. */
	for (char *s = u->username; (s = strchr(s, ' ')) != NULL; )
		*s = '_';
	for (char *s = u->username; (s = strstr(s, "\xE2\x80\x8C")) != NULL; )
		memmove(s, s + 3, strlen(s + 3) + 1);
}

static void
add_identities(const struct pool *p, uint64_t number, struct user *u)
{
	static const struct {
		const char *name, *type, *issuer;
	} providers[] = {
		[KIND_OIDC] = { "auth0", "OIDC", "\"https://tenant.example.net/\"" },
		[KIND_SAML] = { "ADFS", "SAML", "\"http://adfs.example.org/adfs/services/trust\"" },
		[KIND_GOOGLE] = { "Google", "Google", "null" },
	};
	char identity[128];
	struct buf quoted;

	make_identity(p, number, u->kind, identity, sizeof identity);
	buf_init(&quoted, VALUE_MAX);
	must(jtext_string(&quoted, identity, strlen(identity)));
	add(u, "identities", "[{\"userId\":%s,\"providerName\":\"%s\",\"providerType\":\"%s\","
	    "\"issuer\":%s,\"primary\":true,\"dateCreated\":%" PRIu64 "}]", buf_string(&quoted),
	    providers[u->kind].name, providers[u->kind].type, providers[u->kind].issuer,
	    1597158755583 + number * 1000);
	buf_free(&quoted);
}

static void
add_address(struct user *u, uint64_t number, uint64_t r)
{
	if (r % 2 == 0)
		add(u, "address", "%" PRIu64 " Example Street, \"Flat %" PRIu64 "\"\nSpringfield",
		    1 + number % 900, r % 40);
	else
		add(u, "address", "{\"formatted\":\"%" PRIu64 " Example Street\\nSpringfield\","
		    "\"street_address\":\"%" PRIu64 " Example Street\",\"locality\":\"Springfield\","
		    "\"region\":\"IL\",\"postal_code\":\"62%03" PRIu64 "\",\"country\":\"US\"}",
		    1 + number % 900, 1 + number % 900, r % 1000);
}

/* An IdP profile sometimes has the e-mail of the user before: the same person, not linked. */
static void
add_email(const struct pool *p, uint64_t number, struct user *u, uint64_t r)
{
	static const char *const domains[] = { "example.com", "example.org", "example.net" };
	bool same_person = u->kind >= KIND_OIDC && r % 4 == 0 && number > COUNT(hard_cases);
	uint64_t person = same_person ? number - 1 : number;

	add(u, "email", "%s.%s%" PRIu64 "@%s", given_of(p, person)->latin,
	    family_of(p, person)->latin, person, domains[person % COUNT(domains)]);
	add(u, "email_verified", "%s", r % 10 == 1 ? "false" : "true");
}

static void
add_optional(const struct pool *p, uint64_t number, struct user *u)
{
	uint64_t r = chance(p, number, SALT_ATTRIBUTES);
	const struct culture *culture = culture_of(p, number);

	if (r % 10 < 7)
		add(u, "phone_number", "+1555%07" PRIu64, number % 10000000);
	if (r % 10 < 5)
		add(u, "phone_number_verified", "%s", r % 3 == 0 ? "false" : "true");
	if (r / 16 % 8 == 0)
		add_address(u, number, r >> 20);
	if (r / 128 % 4 == 0)
		add(u, "locale", "%s", culture->locale);
	if (r / 512 % 4 == 0)
		add(u, "zoneinfo", "%s", culture->zone);
	if (r / 2048 % 8 == 0)
		add(u, "birthdate", "%04u-%02u-%02u", 1940 + (unsigned)(r >> 30) % 65,
		    1 + (unsigned)(r >> 40) % 12, 1 + (unsigned)(r >> 50) % 28);
	if (r / 16384 % 4 == 0)
		add(u, "custom:tenant", "%" PRIu64, (r >> 33) % 12);
	if (r / 65536 % 8 == 0)
		add(u, "nickname", "%s 🦊", given_of(p, number)->text);
	if (r / 524288 % 16 == 0)
		add(u, "updated_at", "%" PRIu64, 1600000000 + number);
}

static void
fill_generated(const struct pool *p, uint64_t number, struct user *u)
{
	static const char *const others[] = { "UNCONFIRMED", "FORCE_CHANGE_PASSWORD",
		"RESET_REQUIRED", "ARCHIVED", "COMPROMISED", "UNKNOWN" };
	uint64_t r = chance(p, number, SALT_STATUS);
	const struct name *given = given_of(p, number), *family = family_of(p, number);

	u->enabled = r % 32 != 0;
	u->status = u->kind >= KIND_OIDC ? "EXTERNAL_PROVIDER" :
	    r / 32 % 8 == 0 ? others[(r >> 8) % COUNT(others)] : "CONFIRMED";
	if ((r >> 16) % 64 != 0)
		add_email(p, number, u, r >> 22);
	if ((r >> 16) % 64 != 1)
		add(u, "given_name", "%s", given->text);
	if ((r >> 16) % 64 != 2)
		add(u, "family_name", "%s", family->text);
	if ((r >> 24) % 2 == 0)
		add(u, "name", "%s %s", given->text, family->text);
	add_optional(p, number, u);
	if (u->kind >= KIND_OIDC)
		add_identities(p, number, u);
}

static void
fill_case(const struct hard_case *c, struct user *u)
{
	static const char unit[] = "2,048 bytes: ünïcode \"text\" 🦊; ";
	char text[VALUE_MAX + 1];

	for (size_t i = 0; i < VALUE_MAX; i++)
		text[i] = unit[i % (sizeof unit - 1)];
	/* The last unit may be cut inside a character. */
	memset(text + VALUE_MAX - VALUE_MAX % (sizeof unit - 1), '.', VALUE_MAX % (sizeof unit - 1));
	text[VALUE_MAX] = '\0';
	u->status = c->status;
	u->enabled = !c->disabled;
	for (size_t i = 0; i < CASE_ATTRIBUTES && c->attributes[i].name != NULL; i++)
		add(u, c->attributes[i].name, "%s", strcmp(c->attributes[i].value, "~2048") == 0 ?
		    text : c->attributes[i].value);
}

static int
by_name(const void *a, const void *b)
{
	const struct attribute *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
put_string(struct buf *b, const char *before, const char *s, size_t len)
{
	must(buf_append_string(b, before));
	must(jtext_string(b, s, len));
}

static void
put_user(struct buf *b, struct user *u, int64_t created, int64_t modified)
{
	char from[CLOCK_RFC3339_SIZE], to[CLOCK_RFC3339_SIZE];

	clock_rfc3339(created, from);
	clock_rfc3339(modified, to);
	qsort(u->attributes, u->count, sizeof u->attributes[0], by_name);
	put_string(b, "{\"Username\":", u->username, strlen(u->username));
	must(buf_appendf(b, ",\"Enabled\":%s,\"UserStatus\":\"%s\",\"UserCreateDate\":\"%s\","
	    "\"UserLastModifiedDate\":\"%s\",\"Attributes\":{", u->enabled ? "true" : "false",
	    u->status, from, to));
	for (size_t i = 0; i < u->count; i++) {
		must(buf_append_string(b, i > 0 ? "," : ""));
		put_string(b, "", u->attributes[i].name, strlen(u->attributes[i].name));
		put_string(b, ":", u->text.data + u->attributes[i].value, u->attributes[i].len);
	}
	must(buf_append_string(b, "}}\n"));
}

static int
put_users(const struct pool *p, struct out *out)
{
	struct buf line;
	struct user u = { .count = 0 };
	int result = 0;

	buf_init(&line, TEXT_MAX);
	buf_init(&u.text, TEXT_MAX);
	for (uint64_t i = 0; i < p->users && result == 0; i++) {
		/* 2018-01-01 and up to six years later; modified up to 11 days after. */
		int64_t created = 1514764800000 + (int64_t)(chance(p, i, SALT_DATE) % 189345600000);

		buf_clear(&u.text);
		u.count = 0;
		make_key(p, i, &u);
		add(&u, "sub", "%s", u.sub);
		if (i < COUNT(hard_cases))
			fill_case(&hard_cases[i], &u);
		else
			fill_generated(p, i, &u);
		put_user(&line, &u, created, created + (int64_t)(chance(p, i, SALT_SUB) % 1000000000));
		result = out_write(out, line.data, line.len);
		buf_clear(&line);
	}
	buf_free(&u.text);
	buf_free(&line);
	return result;
}

static void
group_name(const struct pool *p, const struct group *g, char *out, size_t size)
{
	snprintf(out, size, "%s%s%s", g->by_provider ? p->id : "", g->by_provider ? "_" : "", g->name);
}

static int
put_groups(const struct pool *p, struct out *out)
{
	struct buf line;
	char name[USERNAME_SIZE], date[CLOCK_RFC3339_SIZE];
	int result = 0;

	buf_init(&line, TEXT_MAX);
	for (size_t i = 0; i < COUNT(groups) && result == 0; i++) {
		const struct group *g = &groups[i];

		group_name(p, g, name, sizeof name);
		clock_rfc3339(1514764800000 + (int64_t)i * 86400091, date);
		put_string(&line, "{\"GroupName\":", name, strlen(name));
		if (g->description != NULL)
			put_string(&line, ",\"Description\":", g->description, strlen(g->description));
		if (g->precedence >= 0)
			must(buf_appendf(&line, ",\"Precedence\":%d", g->precedence));
		if (g->role)
			must(buf_appendf(&line, ",\"RoleArn\":\"arn:aws:iam::123456789012:role/group-%zu\"", i));
		must(buf_appendf(&line, ",\"CreationDate\":\"%s\",\"LastModifiedDate\":\"%s\"}\n",
		    date, date));
		result = out_write(out, line.data, line.len);
		buf_clear(&line);
	}
	buf_free(&line);
	return result;
}

static bool
is_member(const struct pool *p, uint64_t number, size_t group)
{
	const struct group *g = &groups[group];
	enum kind kind = kind_of(p, number);

	if (g->by_provider)
		return kind == (strcmp(g->name, "auth0") == 0 ? KIND_OIDC :
		    strcmp(g->name, "ADFS") == 0 ? KIND_SAML : KIND_GOOGLE);
	if (strcmp(g->name, "break-glass") == 0)
		return number == 0;
	/* Every hard case is in the two largest groups, so that no pipeline can overlook it. */
	if (number < COUNT(hard_cases))
		return strcmp(g->name, "idp-users") == 0 || strcmp(g->name, "engineering") == 0;
	return chance(p, number, SALT_GROUP + (unsigned)group) % 1000 < g->per_mille;
}

static int
put_memberships(const struct pool *p, struct out *out)
{
	struct buf line;
	struct user u = { .count = 0 };
	char name[USERNAME_SIZE];
	int result = 0;

	buf_init(&line, TEXT_MAX);
	for (size_t g = 0; g < COUNT(groups); g++) {
		group_name(p, &groups[g], name, sizeof name);
		for (uint64_t i = 0; i < p->users && result == 0; i++) {
			if (!is_member(p, i, g))
				continue;
			make_key(p, i, &u);
			put_string(&line, "{\"GroupName\":", name, strlen(name));
			put_string(&line, ",\"Username\":", u.username, strlen(u.username));
			must(buf_appendf(&line, ",\"Attributes\":{\"sub\":\"%s\"}}\n", u.sub));
			result = out_write(out, line.data, line.len);
			buf_clear(&line);
		}
	}
	buf_free(&line);
	return result;
}

int
main(int argc, char **argv)
{
	static const char usage[] =
	    "make-pool [-n users] [-s seed] [--uuid] [--user-pool-id id]";
	const char *users = NULL, *seed = NULL;
	struct pool p = { .id = "us-east-1_EXAMPLE1" };
	struct out out;

	prog_start(argv[0]);
	const struct opt_spec table[] = {
		{ "users", 'n', OPT_VALUE, &users },
		{ "seed", 's', OPT_VALUE, &seed },
		{ "uuid", 0, OPT_FLAG, &p.uuid },
		{ "user-pool-id", 0, OPT_VALUE, &p.id },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { table, NULL };

	if (opt_parse(argc, argv, tables, usage, false) != argc)
		opt_usage_error("too many operands");
	p.users = (uint64_t)opt_number("users", users, 0, 40000000, 1200);
	p.seed = (uint64_t)opt_number("seed", seed, 0, 1000000000, 1);
	if (out_open(&out, NULL, false) != 0)
		return PROG_FAIL;
	if (put_users(&p, &out) != 0 || put_groups(&p, &out) != 0 || put_memberships(&p, &out) != 0) {
		out_abandon(&out);
		return PROG_FAIL;
	}
	return out_commit(&out) == 0 ? PROG_OK : PROG_FAIL;
}
