/* Values of simple attributes: what is wrong with one, without its path. */
#ifndef EMIT_SCIM_SCHEMA_VALUE_H
#define EMIT_SCIM_SCHEMA_VALUE_H

#include "json/tok.h"

#include "schema.h"
#include "schema_table.h"

enum { SCHEMA_VALUE_SIZE = 160 };

/*
 * Checks the value t of text against what the attribute may be: a string, a boolean, one of the
 * canonical values, a URI, a language tag, a country, a time zone.  Returns NULL, or a static text
 * or one in what: "not one of work, home, other".
 */
const char *schema_value_check(const struct tok *t, const char *text, const struct attribute *a,
    enum dialect dialect, char what[SCHEMA_VALUE_SIZE]);

#endif
