/* What can be told of a resource before it is checked. */
#include "schema.h"

bool
schema_is_void_within(const struct tok_list *l, uint32_t value)
{
	const struct tok *tok = l->tok;

	for (uint32_t i = value + 1; i < tok[value].next; i = tok[i].next) {
		i += tok[value].type == TOK_OBJECT;
		if (!schema_is_void(l, i))
			return false;
	}
	return true;
}

enum schema_type
schema_type(const struct tok_list *l, const char *text)
{
	uint32_t array = tok_member(l, text, 0, "schemas");
	unsigned found = 0;

	if (array == 0 || l->tok[array].type != TOK_ARRAY)
		return SCHEMA_NEITHER;
	for (uint32_t i = array + 1; i < l->tok[array].next; i = l->tok[i].next) {
		if (l->tok[i].type != TOK_STRING)
			continue;
		if (tok_is(&l->tok[i], text, SCHEMA_USER, sizeof SCHEMA_USER - 1))
			found |= 1u << SCHEMA_IS_USER;
		else if (tok_is(&l->tok[i], text, SCHEMA_GROUP, sizeof SCHEMA_GROUP - 1))
			found |= 1u << SCHEMA_IS_GROUP;
	}
	if (found == 1u << SCHEMA_IS_USER)
		return SCHEMA_IS_USER;
	return found == 1u << SCHEMA_IS_GROUP ? SCHEMA_IS_GROUP : SCHEMA_NEITHER;
}
