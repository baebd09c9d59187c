/* The header of the import file (csv_header.h). */
#include "csv_header.h"

#include <string.h>

#include "exchange.h"

/* In the order in which the service gives them; the custom ones stand before the last two. */
static const char *const standard[] = {
	"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
	"profile", "picture", "website", "email", "email_verified", "gender", "birthdate",
	"zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"
};

static const char *const own[] = { "cognito:mfa_enabled", "cognito:username" };

size_t
csv_header_count(const struct schema *s)
{
	size_t n = sizeof standard / sizeof *standard + sizeof own / sizeof *own;

	for (size_t i = 0; i < s->count; i++)
		n += schema_is_custom(s->attribute[i].name);
	return n;
}

bool
csv_header_has(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (strcmp(own[i], name) == 0)
			return true;
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		if (strcmp(standard[i], name) == 0)
			return true;
	return schema_is_custom(name) && schema_find(s, name) != NULL;
}

void
csv_header_answer(struct exchange *x)
{
	const struct schema *schema = &x->pool->schema;
	struct buf *b = &x->answer.body;

	buf_appendf(b, "{\"UserPoolId\":\"%s\",\"CSVHeader\":[", x->pool->id);
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		buf_appendf(b, "\"%s\",", standard[i]);
	for (size_t i = 0; i < schema->count; i++) {
		if (!schema_is_custom(schema->attribute[i].name))
			continue;
		buf_append_byte(b, '"');
		buf_append_string(b, schema->attribute[i].name);
		buf_append_string(b, "\",");
	}
	buf_appendf(b, "\"%s\",\"%s\"]}", own[0], own[1]);
}
