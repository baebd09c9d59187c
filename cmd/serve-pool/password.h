/*
 * Passwords: nobody signs in here, so of a password only a salted hash is kept, and that only where
 * the pool keeps its state in a file, for rehearsals to compare with.
 */
#ifndef SERVE_POOL_PASSWORD_H
#define SERVE_POOL_PASSWORD_H

#include <stddef.h>
#include <stdint.h>

struct exchange;
struct pool;

/* "pbkdf2-sha256$ROUNDS$SALT$HASH", salt and hash in hexadecimal digits, and the NUL. */
enum { PASSWORD_ROUNDS = 1000, PASSWORD_SIZE = 14 + 4 + 1 + 32 + 1 + 64 + 1 };

/*
 * Whether the pool's policy takes the password at this token of x's request: 0, or -1 with the
 * refusal answered.  Then made is its hash, or empty if none is kept.
 */
int password_read(struct exchange *x, uint32_t token, char made[PASSWORD_SIZE]);

/* Keeps a hash for the user; NULL or "": none. */
void password_set(struct pool *p, uint32_t user, const char *hash);

/* The user's, or NULL. */
const char *password_get(const struct pool *p, uint32_t user);

void password_free(struct pool *p);

#endif
