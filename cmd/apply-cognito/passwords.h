/*
 * Passwords, by the key of the plan: lines {"Key":"…","Password":"…","Permanent":true}; what is not
 * said of Permanent is the plan's to say.  They are held in memory, where nothing but a request
 * gets a copy, and wiped.
 */
#ifndef APPLY_COGNITO_PASSWORDS_H
#define APPLY_COGNITO_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/keyset.h"
#include "base/prog.h"

enum {
	PASSWORD_CHARACTERS = 256,		/* the service's limit */
	PASSWORD_MAX = 4 * PASSWORD_CHARACTERS,	/* bytes */
	PASSWORDS_BYTES_MAX = 256 * 1024 * 1024,	/* of all: five million of the usual kind */
	PASSWORD_RANDOM = 100			/* beyond every policy's MinimumLength, at most 99 */
};

enum password_permanent { PASSWORD_UNSAID, PASSWORD_TEMPORARY, PASSWORD_PERMANENT };

struct password {
	const char *text;		/* UTF-8, borrowed until passwords_free */
	size_t len;
	enum password_permanent permanent;
	bool planned;			/* the plan has an operation of its own for it */
};

struct passwords {
	struct keyset keys;		/* the number: the index of the password */
	struct keyset folded;		/* the same, of keys without regard to case */
	bool fold;			/* the plan's keys are so; the caller sets it */
	bool twice;			/* keys that differ in case alone */
	struct password *all;
	size_t count, cap;
	/* private */
	struct password_block *blocks;
	size_t bytes;
	char *buffer;
	size_t fill;
};

/* Before the door shuts. */
void passwords_init(struct passwords *p);

/* Wipes them all. */
void passwords_free(struct passwords *p);

/*
 * Reads them from fd to its end.  Returns PROG_OK, or PROG_FAIL with the reason printed, which says
 * nothing but the number of the line.
 */
enum prog_status passwords_read(struct passwords *p, int fd, const char *name);

/* The password of a key of the plan, or NULL. */
struct password *passwords_find(struct passwords *p, const char *key);

/*
 * A random password with letters of both cases, digits and symbols; each of its characters is
 * equally likely to be any of 64.  Returns 0, or -1: there are no random bytes.
 */
int password_random(char out[PASSWORD_RANDOM]);

#endif
