/* Passwords (password.h). */
#include "password.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/prog.h"
#include "exchange.h"
#include "json/jtext.h"

enum { SALT = 16, HASH = 32 };

static char *
put_hex(char *out, const unsigned char *s, size_t len)
{
	for (size_t i = 0; i < len; i++, out += 2)
		snprintf(out, 3, "%02x", s[i]);
	return out;
}

static void
make(const struct buf *password, char made[PASSWORD_SIZE])
{
	unsigned char salt[SALT], hash[HASH];
	char *at = made;

	/* Fails only when libcrypto has no random bytes or no memory. */
	if (RAND_bytes(salt, SALT) != 1 || PKCS5_PBKDF2_HMAC(buf_string(password),
	    (int)password->len, salt, SALT, PASSWORD_ROUNDS, EVP_sha256(), HASH, hash) != 1) {
		diag_error("libcrypto: cannot hash");
		exit(PROG_FAIL);
	}
	at += snprintf(made, PASSWORD_SIZE, "pbkdf2-sha256$%d$", PASSWORD_ROUNDS);
	at = put_hex(at, salt, SALT);
	*at++ = '$';
	put_hex(at, hash, HASH);
}

int
password_read(struct exchange *x, uint32_t token, char made[PASSWORD_SIZE])
{
	const struct tok *t = &x->params.list.tok[token];
	const char *why;
	struct buf b;

	buf_init(&b, EXCHANGE_BODY_MAX);
	buf_reserve(&b, t->end - t->start);
	jtext_decode(&b, buf_string(&x->body) + t->start, t->end - t->start);
	why = schema_refuses_password(&x->pool->schema, buf_string(&b), b.len);
	made[0] = '\0';
	if (why != NULL)
		answer_error(&x->answer, 400, "InvalidPasswordException", "%s", why);
	else if (x->server->state != NULL)
		make(&b, made);
	buf_wipe(&b);
	return why == NULL ? 0 : -1;
}

void
password_set(struct pool *p, uint32_t user, const char *hash)
{
	size_t count = p->password_count;

	if (hash != NULL && hash[0] == '\0')
		hash = NULL;
	if (user >= count && hash == NULL)
		return;
	if (user >= count) {
		p->password_count = user + user / 2 + 64;
		p->password = mem_resize(p->password, p->password_count, sizeof *p->password);
		memset(p->password + count, 0, (p->password_count - count) * sizeof *p->password);
	}
	free(p->password[user]);
	p->password[user] = mem_dup_string(hash);
}

const char *
password_get(const struct pool *p, uint32_t user)
{
	return user < p->password_count ? p->password[user] : NULL;
}

void
password_free(struct pool *p)
{
	for (size_t i = 0; i < p->password_count; i++)
		free(p->password[i]);
	free(p->password);
}
