/* Temporary keys of an assumed role (session.h). */
#include "session.h"

#include <string.h>

#include <openssl/evp.h>

#include "base/mem.h"

/* What the token hides. */
struct hidden {
	int64_t expires_ms;
	char access_key[SESSION_KEY_SIZE];
	char name[SESSION_NAME_SIZE];
	bool via;
	char pad[SESSION_HIDDEN - 8 - SESSION_KEY_SIZE - SESSION_NAME_SIZE - 1];
};

_Static_assert(sizeof(struct hidden) == SESSION_HIDDEN, "no byte of it is undefined");
_Static_assert((OPAQUE_TAG + SESSION_HIDDEN) % 3 == 0, "no padding in the token");

/* ASIA and sixteen characters of base32. */
static void
make_access_key(const struct server *s, uint64_t number, char out[SESSION_KEY_SIZE])
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
session_make(struct server *s, bool via, const char *name, int64_t expires_ms,
    struct session *session, char token[SESSION_TOKEN_SIZE])
{
	struct hidden h = {.expires_ms = expires_ms, .via = via};

	make_access_key(s, atomic_fetch_add(&s->sessions, 1), h.access_key);
	memcpy(h.name, name, strnlen(name, SESSION_NAME_SIZE - 1));
	opaque_hide(s->session_key, &h, sizeof h, token);
	memset(session, 0, sizeof *session);
	session->expires_ms = expires_ms;
	session->via = via;
	memcpy(session->access_key, h.access_key, sizeof h.access_key);
	memcpy(session->name, h.name, sizeof h.name);
	make_secret(s, h.access_key, session->secret_key);
}

int
session_read(const struct server *s, const char *token, struct session *session)
{
	struct hidden h;

	if (opaque_show(s->session_key, token, strlen(token), &h, sizeof h) != 0 ||
	    (h.via && s->via.arn == NULL))
		return -1;
	session->expires_ms = h.expires_ms;
	session->via = h.via;
	memcpy(session->access_key, h.access_key, sizeof h.access_key);
	memcpy(session->name, h.name, sizeof h.name);
	make_secret(s, h.access_key, session->secret_key);
	return 0;
}
