/* A request in the query protocol: a form of names and values. */
#ifndef SERVE_POOL_FORM_H
#define SERVE_POOL_FORM_H

#include <stddef.h>

struct form_pair {
	char *name, *value;
};

struct form {
	struct form_pair *pair;
	size_t count;
};

/* Fills f, which is empty, from a body.  A NUL in a name or a value becomes a byte 1. */
void form_read(struct form *f, const char *body);

/* Wipes and frees: tokens and codes come in forms.  f is empty. */
void form_free(struct form *f);

/* The first value of the name, or NULL.  Borrowed. */
const char *form_value(const struct form *f, const char *name);

/* The highest N of NAME.member.N, alone or with members of its own; 0: none. */
size_t form_count(const struct form *f, const char *name);

/* The value of NAME.member.N, or, if member is not NULL, of NAME.member.N.MEMBER.  Borrowed. */
const char *form_item(const struct form *f, const char *name, size_t n, const char *member);

#endif
