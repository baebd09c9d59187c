/*
 * Any bytes as the answer of a credential process or endpoint.  Compared with a slow reader of
 * trees (tree.h): accepted or not, the same keys, token and end of life.  What is accepted can be
 * signed with, and what is not says why, in print, without quoting it.
 */
#include <stdint.h>

#include "net/cred.h"

#include "dates.h"
#include "tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const int64_t now_ms = 1573306481000;

static void
check_refusal(const struct cred *c, const char why[CRED_WHY_SIZE])
{
	static const char start[] = "the answer";

	check(c->access_key == NULL && c->secret_key == NULL && c->session_token == NULL);
	check(strncmp(why, start, sizeof start - 1) == 0 && strlen(why) < CRED_WHY_SIZE);
	for (; *why != '\0'; why++)
		check(*why >= ' ' && *why <= '~');
}

static const struct tree *
member(const struct tree *t, const char *name)
{
	const struct tree *value = tree_get(t, name);

	return value == NULL || value->kind == TREE_NULL ? NULL : value;
}

static bool
is_key(const struct tree *t, size_t min, size_t max, const char *without)
{
	if (t->kind != TREE_STRING || t->lone || t->len < min || t->len > max)
		return false;
	for (size_t i = 0; i < t->len; i++)
		if (t->s[i] <= ' ' || t->s[i] > '~' || strchr(without, t->s[i]) != NULL)
			return false;
	return true;
}

static bool
is_text(const struct tree *t)
{
	return t == NULL || (t->kind == TREE_STRING && !t->lone && !t->nul);
}

static bool
same(const char *ours, const struct tree *t)
{
	return ours == NULL ? t == NULL || t->len == 0 : t != NULL && strcmp(ours, t->s) == 0;
}

static void
check_cred(const struct cred *c, bool good, const struct tree *t, const char *token_member)
{
	const struct tree *access = member(t, "AccessKeyId"),
	    *secret = member(t, "SecretAccessKey");
	const struct tree *token = member(t, token_member), *end = member(t, "Expiration");
	int64_t ms = 0;
	bool wanted = access != NULL && secret != NULL && is_key(access, 1, 128, "/,=\"'") &&
	    is_key(secret, 1, 1024, "\"'") && is_text(token) && is_text(end) &&
	    (token == NULL || is_key(token, 0, 65536, "\"'")) &&
	    (end == NULL || slow_rfc3339(end->s, &ms));

	check(good == wanted);
	if (!good)
		return;
	check(same(c->access_key, access) && same(c->secret_key, secret) &&
	    same(c->session_token, token));
	check(c->expires_ms == ms && c->lifetime_ms == (end != NULL && ms > now_ms ?
	    ms - now_ms : 0));
}

static void
check_error(const char *text, size_t size, const struct tree *t)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	const struct tree *value = member(t, "Code");
	char code[CRED_CODE_SIZE];
	bool error;

	if (value == NULL)
		value = member(t, "code");
	error = value != NULL && !tree_is(value, "Success");
	check(cred_is_error(text, size, code) == error);
	check(strspn(code, letters) == strlen(code) && strlen(code) < sizeof code);
	if (code[0] != '\0')
		check(tree_is(value, code));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const members[] = { "Token", "SessionToken" };
	const char *text = (const char *)data;
	struct tree *t = tree_parse(text, size);
	char why[CRED_WHY_SIZE];
	struct cred c;
	int part;

	for (int i = 0; i < 2; i++) {
		bool good = cred_parse(&c, text, size, members[i], now_ms, why) == 0;

		check_cred(&c, good, t != NULL && t->kind == TREE_OBJECT ? t : NULL, members[i]);
		if (good) {
			check(cred_check(&c, &part) == NULL);
		} else {
			check_refusal(&c, why);
		}
		cred_free(&c);
	}
	check_error(text, size, t != NULL && t->kind == TREE_OBJECT ? t : NULL);
	tree_free(t);
	return 0;
}
