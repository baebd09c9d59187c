/* Temporary keys of an assumed role (session.h). */
#include "session.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "base/mem.h"

/* What the token hides. */
struct hidden {
	int64_t expires_ms;
	char access_key[SESSION_KEY_SIZE];
	char name[SESSION_NAME_SIZE];
	char account[ROLE_ACCOUNT_SIZE];
	bool via;		/* the intermediate role */
	char pad[SESSION_HIDDEN - 8 - SESSION_KEY_SIZE - SESSION_NAME_SIZE - ROLE_ACCOUNT_SIZE - 1];
};

_Static_assert(sizeof(struct hidden) == SESSION_HIDDEN, "no byte of it is undefined");
_Static_assert((OPAQUE_TAG + SESSION_HIDDEN) % 3 == 0, "no padding in the token");

/*
 * The beginning of the sixteen characters as AWS has it (pace_shared.h): a bit that says that an
 * account follows, and its 40.  They are eight characters and a bit of the ninth.
 */
static void
put_account(const char *account, const char *digits, char out[SESSION_KEY_SIZE])
{
	uint64_t bits = (uint64_t)1 << 40 | strtoull(account, NULL, 10);
	uint64_t ninth = (uint64_t)(strchr(digits, out[12]) - digits);
	int i;

	for (i = 0; i < 8; i++)
		out[4 + i] = digits[bits >> (36 - 5 * i) & 31];
	out[12] = digits[(bits & 1) << 4 | (ninth & 15)];
}

/* ASIA and sixteen characters of base32; where there are several accounts, they tell which. */
static void
make_access_key(const struct server *s, uint64_t number, const char *account,
    char out[SESSION_KEY_SIZE])
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned char text[9] = {'K'}, mac[32];
	int i;

	memcpy(text + 1, &number, sizeof number);
	opaque_mac(s->session_key, text, sizeof text, mac);
	memcpy(out, "ASIA", 4);
	for (i = 4; i < SESSION_KEY_SIZE - 1; i++)
		out[i] = digits[mac[i] & 31];
	out[i] = '\0';
	if (s->inventory != NULL)
		put_account(account, digits, out);
}

static void
make_secret(const struct server *s, const char *access_key, char out[SESSION_SECRET_SIZE])
{
	unsigned char text[SESSION_KEY_SIZE] = {'S'}, mac[32];

	memcpy(text + 1, access_key, SESSION_KEY_SIZE - 1);
	opaque_mac(s->session_key, text, sizeof text, mac);
	EVP_EncodeBlock((unsigned char *)out, mac, 30);
	mem_wipe(mac, sizeof mac);
}

void
session_make(struct server *s, const struct role *role, const char *name, int64_t expires_ms,
    struct session *session, char token[SESSION_TOKEN_SIZE])
{
	struct hidden h = {.expires_ms = expires_ms, .via = role == &s->via};

	make_access_key(s, atomic_fetch_add(&s->sessions, 1), role->account, h.access_key);
	memcpy(h.account, role->account, sizeof h.account);
	memcpy(h.name, name, strnlen(name, SESSION_NAME_SIZE - 1));
	opaque_hide(s->session_key, &h, sizeof h, token);
	memset(session, 0, sizeof *session);
	session->expires_ms = expires_ms;
	session->role = role;
	memcpy(session->access_key, h.access_key, sizeof h.access_key);
	memcpy(session->name, h.name, sizeof h.name);
	make_secret(s, h.access_key, session->secret_key);
}

int
session_read(const struct server *s, const char *token, struct session *session)
{
	struct hidden h;

	if (opaque_show(s->session_key, token, strlen(token), &h, sizeof h) != 0)
		return -1;
	session->role = h.via ? &s->via : accounts_role(&s->accounts, h.account);
	if (session->role == NULL || session->role->arn == NULL)
		return -1;
	session->expires_ms = h.expires_ms;
	memcpy(session->access_key, h.access_key, sizeof h.access_key);
	memcpy(session->name, h.name, sizeof h.name);
	make_secret(s, h.access_key, session->secret_key);
	return 0;
}
