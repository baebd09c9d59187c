/*
 * Any bytes as JSON: what is accepted has one canonical form, which is accepted again and stays as
 * it is; spans stay inside the text.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "json/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(bool good)
{
	if (!good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tok_list first, second;
	struct buf once, twice;

	tok_init(&first, 1 << 20);
	tok_init(&second, 1 << 20);
	buf_init(&once, 1 << 24);
	buf_init(&twice, 1 << 24);
	if (tok_parse(&first, (const char *)data, size) == TOK_OK) {
		for (size_t i = 0; i < first.count; i++)
			check(first.tok[i].start <= first.tok[i].end && first.tok[i].end <= size &&
			    first.tok[i].next > i && first.tok[i].next <= first.count);
		check(utf8_valid((const char *)data, size) == size);
		check(jtext_value(&once, &first, (const char *)data, 0) == 0);
		check(tok_parse(&second, once.data, once.len) == TOK_OK);
		check(second.count == first.count && (second.flags & TOK_LONE) == 0);
		check(jtext_value(&twice, &second, once.data, 0) == 0);
		check(once.len == twice.len && memcmp(once.data, twice.data, once.len) == 0);
	}
	buf_free(&once);
	buf_free(&twice);
	tok_free(&first);
	tok_free(&second);
	return 0;
}
