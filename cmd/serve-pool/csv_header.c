/* The header of the import file (csv_header.h). */
#include "csv_header.h"

#include "exchange.h"

/* In the order in which the service gives them; the custom ones stand before the last two. */
static const char *const standard[] = {
	"name", "given_name", "family_name", "middle_name", "nickname", "preferred_username",
	"profile", "picture", "website", "email", "email_verified", "gender", "birthdate",
	"zoneinfo", "locale", "phone_number", "phone_number_verified", "address", "updated_at"
};

void
csv_header_answer(struct exchange *x)
{
	const struct schema *schema = &x->server->schema;
	struct buf *b = &x->answer.body;

	buf_appendf(b, "{\"UserPoolId\":\"%s\",\"CSVHeader\":[", x->server->pool);
	for (size_t i = 0; i < sizeof standard / sizeof *standard; i++)
		buf_appendf(b, "\"%s\",", standard[i]);
	for (size_t i = 0; i < schema->count; i++) {
		if (!schema_is_custom(schema->attribute[i].name))
			continue;
		buf_append_byte(b, '"');
		buf_append_string(b, schema->attribute[i].name);
		buf_append_string(b, "\",");
	}
	buf_append_string(b, "\"cognito:mfa_enabled\",\"cognito:username\"]}");
}
