/* Any JSON as a page of users and groups: what is accepted is a good record. */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "json/cognito.h"
#include "json/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const char *wrong, const struct buf *b)
{
	char reason[RECORD_REASON_SIZE];
	struct record_keys keys;
	struct tok_list list;

	tok_init(&list, RECORD_TOKENS_MAX);
	/* The service may repeat members of its own, which a record must not: a reader says so. */
	if (wrong == NULL && tok_parse(&list, b->data, b->len) != TOK_OK)
		abort();
	if (wrong == NULL)
		(void)record_check(b->data, b->len, &list, &keys, reason);
	tok_free(&list);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cognito_names *names = cognito_names_new("email,custom:x");
	struct tok_list page;
	struct buf b;
	size_t replaced = 0;

	tok_init(&page, 1 << 20);
	buf_init(&b, RECORD_LINE_MAX);
	if (tok_parse(&page, (const char *)data, size) == TOK_OK) {
		check(cognito_user(&b, &page, (const char *)data, 0, "[]", &replaced), &b);
		buf_clear(&b);
		check(cognito_group(&b, &page, (const char *)data, 0), &b);
		buf_clear(&b);
		check(cognito_membership(&b, &page, (const char *)data, 0, "g", names, &replaced), &b);
	}
	buf_free(&b);
	tok_free(&page);
	cognito_names_free(names);
	return 0;
}
