/* AddCustomAttributes (write.h). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "json/jtext.h"
#include "write.h"

static bool
is_true(const struct exchange *x, uint32_t object, const char *name)
{
	const struct tok_list *l = &x->params.list;
	uint32_t value = tok_member(l, buf_string(&x->body), object, name);

	return value != 0 && l->tok[value].type == TOK_TRUE;
}

/* The member's text, canonical without its quotes, the caller frees; or NULL. */
static char *
text_of(const struct exchange *x, uint32_t object, const char *name, const char *before)
{
	const struct tok_list *l = &x->params.list;
	uint32_t value = tok_member(l, buf_string(&x->body), object, name);
	char *text = NULL;
	struct buf b;

	if (value == 0 || l->tok[value].type != TOK_STRING)
		return NULL;
	buf_init(&b, EXCHANGE_TEXT_MAX);
	jtext_string_token(&b, &l->tok[value], buf_string(&x->body));
	b.data[b.len - 1] = '\0';
	text = mem_alloc(strlen(before) + b.len);
	memcpy(text, before, strlen(before));
	memcpy(text + strlen(before), b.data + 1, b.len - 1);
	buf_free(&b);
	return text;
}

/* The name that users have it by, in *name.  Returns 0, or -1 with the error answered. */
static int
read_name(struct exchange *x, uint32_t object, char **name, enum schema_type *type)
{
	char *said = text_of(x, object, "AttributeDataType", "");

	*type = SCHEMA_STRING;
	if (said != NULL)
		schema_parse_type(said, type);
	free(said);
	*name = text_of(x, object, "Name", is_true(x, object, "DeveloperOnlyAttribute") ?
	    "dev:custom:" : "custom:");
	if (*name == NULL)
		return write_refuse(x, "A custom attribute has no name.");
	if (is_true(x, object, "Required"))
		return write_refuse(x, "Required custom attributes are not supported currently.");
	if (schema_find(&x->pool->schema, *name) != NULL)
		return write_refuse(x, "%s: Existing attribute already has name %s.", *name, *name);
	return 0;
}

static int
add(struct exchange *x, struct schema *s, uint32_t object)
{
	const struct tok_list *l = &x->params.list;
	const char *text = buf_string(&x->body);
	char *name, *min = NULL, *max = NULL;
	enum schema_type type;
	const char *why;
	uint32_t bounds;
	int result = read_name(x, object, &name, &type);

	if (result != 0) {
		free(name);
		return result;
	}
	bounds = tok_member(l, text, object, type == SCHEMA_NUMBER ?
	    "NumberAttributeConstraints" : "StringAttributeConstraints");
	if (bounds != 0 && l->tok[bounds].type == TOK_OBJECT) {
		min = text_of(x, bounds, type == SCHEMA_NUMBER ? "MinValue" : "MinLength", "");
		max = text_of(x, bounds, type == SCHEMA_NUMBER ? "MaxValue" : "MaxLength", "");
	}
	why = schema_refuses_bounds(type, min, max);
	if (why != NULL)
		result = write_refuse(x, "%s: %s.", name, why);
	schema_add(s, name, type, min, max);
	/* No default is documented; what is not said to be immutable can be changed. */
	schema_last(s)->immutable = tok_member(l, text, object, "Mutable") != 0 &&
	    !is_true(x, object, "Mutable");
	schema_last(s)->developer = is_true(x, object, "DeveloperOnlyAttribute");
	free(min);
	free(max);
	return result;
}

/* All or none of them. */
void
write_add_custom_attributes(struct exchange *x)
{
	struct schema *s = &x->pool->schema;
	const struct tok *tok = x->params.list.tok;
	uint32_t list = x->params.write.attributes, i;
	size_t before = s->count;
	int result = 0;

	for (i = list + 1; i < tok[list].next && result == 0; i = tok[i].next) {
		result = add(x, s, i);
		if (result == 0 && schema_custom(s) > SCHEMA_CUSTOM_MAX)
			result = write_refuse(x, "Maximum number of custom attributes exceeded");
	}
	if (result == 0)
		buf_append_string(&x->answer.body, "{}");
	else
		schema_cut(s, before);
}
