/* Where a pool is (realm.h). */
#include "realm.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "params.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* An ARN of IAM's longest; an identity pool's id of the service model's. */
enum { TEXT_MAX = 2048, IDENTITY_POOL_ID_MAX = 55 };

static const char region_characters[] = LOWER DIGITS "-";

bool
realm_is_identity_pool_id(const char *s)
{
	size_t len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ" LOWER DIGITS "_-");
	size_t rest = s[len] == ':' ? strspn(s + len + 1, DIGITS "abcdef-") : 0;

	return len > 0 && rest > 0 && s[len + 1 + rest] == '\0' &&
	    strlen(s) <= IDENTITY_POOL_ID_MAX;
}

/* Copies len bytes of s, all of them in set.  -1: they are not, or too many, or none. */
static int
take(char *out, size_t size, const char *s, size_t len, const char *set)
{
	if (len == 0 || len >= size || strspn(s, set) < len)
		return -1;
	memcpy(out, s, len);
	out[len] = '\0';
	return 0;
}

/* arn:PARTITION:cognito-idp:REGION:ACCOUNT:userpool/ID */
const char *
realm_of_arn(struct realm *p, const char *arn)
{
	static const char service[] = ":cognito-idp:", pool[] = ":userpool/";
	const char *s = arn;
	size_t len;

	if (strncmp(s, "arn:", 4) != 0)
		return NULL;
	s += 4;
	len = strcspn(s, ":");
	if (take(p->partition, sizeof p->partition, s, len, region_characters) != 0 ||
	    strncmp(s + len, service, sizeof service - 1) != 0)
		return NULL;
	s += len + sizeof service - 1;
	len = strcspn(s, ":");
	if (take(p->region, sizeof p->region, s, len, region_characters) != 0 || s[len] != ':')
		return NULL;
	s += len + 1;
	len = strcspn(s, ":");
	if (len != sizeof p->account - 1 ||
	    take(p->account, sizeof p->account, s, len, DIGITS) != 0 ||
	    strncmp(s + len, pool, sizeof pool - 1) != 0)
		return NULL;
	s += len + sizeof pool - 1;
	return params_is_pool_id(s) ? s : NULL;
}

/* The member's text in b; NULL: it is not there, or null. */
static const char *
text_of(struct buf *b, const struct tok_list *l, const char *text, uint32_t record,
    const char *name, bool *wrong)
{
	uint32_t value = tok_member(l, text, record, name);
	const struct tok *t = &l->tok[value];

	buf_clear(b);
	if (value == 0 || t->type == TOK_NULL)
		return NULL;
	if (t->type != TOK_STRING || (t->flags & TOK_NUL) != 0 || t->end - t->start > TEXT_MAX) {
		*wrong = true;
		return NULL;
	}
	jtext_decode(b, text + t->start, t->end - t->start);
	return buf_string(b);
}

static const char *
of_user_pool(struct realm *p, const struct tok_list *l, const char *text, uint32_t record,
    struct buf *b)
{
	bool wrong = false;
	const char *arn, *id;
	struct buf name;
	const char *why = NULL;

	buf_init(&name, TEXT_MAX + 1);
	id = text_of(&name, l, text, record, "Id", &wrong);
	arn = text_of(b, l, text, record, "Arn", &wrong);
	if (id == NULL || !params_is_pool_id(id)) {
		why = "Id is not the id of a user pool";
	} else if (wrong) {
		why = "Arn is not a text";
	} else if (arn != NULL) {
		arn = realm_of_arn(p, arn);
		if (arn == NULL || strcmp(arn, id) != 0)
			why = "Arn is not that of this user pool";
	} else if (take(p->region, sizeof p->region, id, (size_t)(strrchr(id, '_') - id),
	    region_characters) != 0) {
		why = "neither Arn nor Id says a Region";
	}
	buf_free(&name);
	return why;
}

const char *
realm_of(struct realm *p, const struct tok_list *l, const char *text, uint32_t record,
    const struct realm *home)
{
	bool wrong = false;
	const char *id, *account, *why = NULL;
	struct buf b;

	*p = *home;
	buf_init(&b, TEXT_MAX + 1);
	if (tok_member(l, text, record, "IdentityPoolId") == 0) {
		why = of_user_pool(p, l, text, record, &b);
	} else {
		id = text_of(&b, l, text, record, "IdentityPoolId", &wrong);
		if (id == NULL || !realm_is_identity_pool_id(id) ||
		    take(p->region, sizeof p->region, id, strcspn(id, ":"),
		    region_characters) != 0)
			why = "IdentityPoolId is not the id of an identity pool";
		account = text_of(&b, l, text, record, "Account", &wrong);
		if (wrong || (account != NULL && (strlen(account) != sizeof p->account - 1 ||
		    take(p->account, sizeof p->account, account, strlen(account), DIGITS) != 0)))
			why = "Account is not the number of an account";
	}
	buf_free(&b);
	return why;
}

bool
realm_is_same(const struct realm *a, const struct realm *b)
{
	return strcmp(a->region, b->region) == 0 && strcmp(a->account, b->account) == 0;
}
