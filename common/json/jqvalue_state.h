/* What jqvalue.c, which reads, and jqvalue_print.c have in common. */
#ifndef JSON_JQVALUE_STATE_H
#define JSON_JQVALUE_STATE_H

#include <stdbool.h>

#include "base/buf.h"
#include "json/jqvalue.h"

enum {
	JQVALUE_KEYS = 256,	/* a power of two; a user has some 40 */
	JQVALUE_KEPT_MAX = 64	/* bytes of a key, or of a value, that is kept */
};

/* A string that may come again, with what is asked of it each time; s is NULL if there is none. */
struct jqvalue_kept {
	jv string;
	const char *s;		/* its bytes */
	size_t len;
	unsigned misses;	/* since it was the right one */
};

struct jqvalue {
	struct jqvalue_kept keys[JQVALUE_KEYS];
	struct jqvalue_kept last[JQVALUE_KEYS];	/* the value that each of these had last */
	struct buf decoded;
	bool keeps_literals;	/* libjq 1.7 and newer print 1.0 as it was read */
};

#endif
