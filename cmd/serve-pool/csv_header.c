/* The header of the import file (csv_header.h). */
#include "csv_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "exchange.h"

/* In the order in which the service gives them; the custom ones stand before the last two. */
static const char *const standard[] = {
	"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
	"profile", "picture", "website", "email", "email_verified", "gender", "birthdate",
	"zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"
};

/* A name as it stands in the JSON text, in an item's memory. */
struct name {
	const char *text;
	size_t len;
};

struct custom {
	struct name *names;
	size_t count;
};

static void
add(struct custom *c, const char *name, size_t len)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->names[i].len == len && memcmp(c->names[i].text, name, len) == 0)
			return;
	c->names = mem_resize(c->names, c->count + 1, sizeof *c->names);
	c->names[c->count++] = (struct name){ name, len };
}

static bool
begins(const char *at, const char *end, const char *word)
{
	return (size_t)(end - at) > strlen(word) && memcmp(at, word, strlen(word)) == 0;
}

/* Inside a string the quotes would be escaped, so what looks like an attribute is one. */
static void
collect(struct custom *c, const struct store_item *user)
{
	static const char begin[] = "{\"Name\":\"";
	const char *at = user->text + user->attributes, *end = user->text + user->attributes_end;

	while ((at = memchr(at, '{', (size_t)(end - at))) != NULL) {
		if (!begins(at, end, begin)) {
			at++;
			continue;
		}
		at += sizeof begin - 1;
		if (begins(at, end, "custom:") || begins(at, end, "dev:custom:"))
			add(c, at, (size_t)((const char *)memchr(at, '"', (size_t)(end - at)) - at));
	}
}

void
csv_header_answer(struct exchange *x)
{
	const struct store_table *users = &x->server->store.users;
	struct custom c = { .count = 0 };
	struct buf *b = &x->answer.body;

	for (size_t i = 0; i < users->order_count; i++)
		collect(&c, &users->item[users->order[i]]);
	buf_appendf(b, "{\"UserPoolId\":\"%s\",\"CSVHeader\":[", x->server->pool);
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		buf_appendf(b, "\"%s\",", standard[i]);
	for (size_t i = 0; i < c.count; i++)
		buf_appendf(b, "\"%.*s\",", (int)c.names[i].len, c.names[i].text);
	buf_append_string(b, "\"cognito:mfa_enabled\",\"cognito:username\"]}");
	free(c.names);
}
