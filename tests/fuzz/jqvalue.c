/*
 * Any JSON text as a value of libjq: what comes of its tokens is what libjq's own parser makes of
 * the text, and prints as libjq's own printer prints it; again when keys and values were kept.
 */
#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/jqvalue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool good)
{
	if (!good)
		abort();
}

/* Consumes v. */
static void
check_print(struct jqvalue *q, jv v)
{
	jv theirs = jv_dump_string(jv_copy(v), 0);
	struct buf ours;
	const char *wrong;

	buf_init(&ours, INT_MAX);
	wrong = jqvalue_print(q, v, &ours);
	/* 1e999 is read as infinity, which ours refuses. */
	check(wrong != NULL ? strstr(wrong, "finite") != NULL :
	    ours.len == (size_t)jv_string_length_bytes(jv_copy(theirs)) &&
	    memcmp(ours.data, jv_string_value(theirs), ours.len) == 0);
	buf_free(&ours);
	jv_free(theirs);
	jv_free(v);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jqvalue *q;
	struct tok_list list;

	if (q == NULL)
		q = jqvalue_new();
	tok_init(&list, 1 << 20);
	if (tok_parse(&list, (const char *)data, size) == TOK_OK) {
		jv ours = jqvalue_read(q, &list, (const char *)data, size);
		jv theirs = jv_parse_sized((const char *)data, (int)size);

		check(jv_is_valid(ours) == jv_is_valid(theirs));
		if (jv_is_valid(ours)) {
			check(jv_equal(jv_copy(ours), jv_copy(theirs)));
			check_print(q, jv_copy(theirs));
			check_print(q, jv_copy(ours));
		}
		jv_free(ours);
		jv_free(theirs);
	}
	tok_free(&list);
	return 0;
}
