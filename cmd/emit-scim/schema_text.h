/* Forms of texts that the schemas ask for, each of len bytes at s. */
#ifndef EMIT_SCIM_SCHEMA_TEXT_H
#define EMIT_SCIM_SCHEMA_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* A scheme, a colon, something behind it, no blanks (RFC 3986, loosely). */
bool schema_text_is_uri(const char *s, size_t len);

/* Subtags of one to eight letters and digits, the first of letters (RFC 5646, loosely). */
bool schema_text_is_tag(const char *s, size_t len);

/* Two letters. */
bool schema_text_is_country(const char *s, size_t len);

#endif
