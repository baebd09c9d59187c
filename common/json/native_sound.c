/*
 * Whether libjq compiles a program without being asked.
 *
 * The parser takes a little more than jq 1.6's grammar does, and what nothing calls is never looked
 * at by native_inline.  Here everything is: names, and each form in which the grammars, or what libjq
 * works out while it compiles, could differ.  What is not known to be sound is not wrong: libjq says.
 */
#include <string.h>

#include "json/native_tree.h"
#include "json/native_value.h"

enum {
	/*
	 * Of a program's text, and of the helpers'.  libjq refuses 4,096 functions and arguments in one
	 * function, and 65,536 words of its code, of which a part of the text makes some ten.
	 */
	PARTS_MAX = 2000,
	PARAMETERS_MAX = 50
};

/* What a name means, innermost first. */
struct meaning {
	const struct meaning *up;
	bool variable;
	const char *name;
	int64_t args;
};

struct reading {
	const struct native_value *named;	/* the object of the program's variables */
	unsigned parts;
};

/* Those of jq 1.6 that newer versions have too. */
static const char *const builtins[] = {
	"add/0", "all/0", "all/1", "all/2", "any/0", "any/1", "any/2", "arrays/0", "ascii_downcase/0",
	"ascii_upcase/0", "booleans/0", "capture/1", "ceil/0", "contains/1", "del/1", "delpaths/1",
	"empty/0", "endswith/1", "error/0", "error/1", "explode/0", "false/0", "first/0", "first/1",
	"flatten/0", "flatten/1", "floor/0", "from_entries/0", "fromdate/0", "fromjson/0", "getpath/1",
	"group_by/1", "gsub/2", "gsub/3", "has/1", "implode/0", "in/1", "index/1", "inside/1", "isempty/1",
	"join/1", "keys/0", "keys_unsorted/0", "last/0", "last/1", "length/0", "limit/2", "ltrimstr/1",
	"map/1", "map_values/1", "match/1", "max/0", "min/0", "not/0", "null/0", "nulls/0", "numbers/0",
	"objects/0", "path/1", "paths/0", "range/1", "range/2", "recurse/0", "reverse/0", "rindex/1",
	"rtrimstr/1", "scalars/0", "scan/1", "select/1", "setpath/2", "sort/0", "sort_by/1", "split/1",
	"startswith/1", "strings/0", "sub/2", "sub/3", "test/1", "test/2", "to_entries/0",
	"todate/0", "tojson/0", "tonumber/0", "tostring/0", "true/0", "type/0", "unique/0", "unique_by/1",
	"utf8bytelength/0", "values/0", "with_entries/1"
};

static bool
is_keyword(const char *name)
{
	static const char *const words[] = {
		"__loc__", "and", "as", "break", "catch", "def", "elif", "else", "end", "foreach", "if",
		"import", "include", "label", "module", "or", "reduce", "then", "try"
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(name, words[i]) == 0)
			return true;
	}
	return false;
}

static bool
is_builtin(const char *name, int64_t args)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof builtins / sizeof *builtins; i++) {
		if (strncmp(builtins[i], name, n) == 0 && builtins[i][n] == '/')
			if (builtins[i][n + 1] - '0' == args)
				return true;
	}
	return false;
}

static bool
has_meaning(const struct meaning *m, bool variable, const char *name, int64_t args)
{
	while (m != NULL && (m->variable != variable || m->args != args || strcmp(m->name, name) != 0))
		m = m->up;
	return m != NULL;
}

static bool
is_variable(const struct reading *r, const struct meaning *m, const char *name)
{
	const struct native_value key = native_text(name, strlen(name));

	return strcmp(name, "ARGS") == 0 || has_meaning(m, true, name, 0) ||
	    native_member(r->named, &key) != NULL;
}

/* What libjq takes for a constant: it works out with these while it compiles, and may refuse. */
static bool
may_be_constant(const struct native_tree *t)
{
	switch (t->type) {
	case NT_DOT:
	case NT_INDEX:
	case NT_INTERPOLATION:
	case NT_PIPE:
	case NT_VARIABLE:
		return false;
	case NT_CALL:
		return strcmp(t->text, "null") == 0 || strcmp(t->text, "true") == 0 ||
		    strcmp(t->text, "false") == 0;
	default:
		return true;
	}
}

static bool is_sound(struct reading *r, const struct native_tree *t, const struct meaning *m);

static bool
is_sound_or_absent(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	return t == NULL || is_sound(r, t, m);
}

static bool
is_sound_list(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	while (t != NULL && is_sound(r, t, m))
		t = t->next;
	return t == NULL;
}

static bool
is_sound_pair(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	bool name = t->a->type == NT_STRING && *t->a->at != '"';

	if (name && is_keyword(t->a->text))
		return false;
	/* A key that is a constant and no string does not compile. */
	if (t->a->type != NT_STRING && may_be_constant(t->a))
		return false;
	return is_sound(r, t->a, m) && is_sound(r, t->b, m);
}

/* The operators that the parser knows. */
static bool
is_sound_operation(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	static const char *const known[] = {
		"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"
	};
	size_t i = 0;

	while (i < sizeof known / sizeof *known && strcmp(known[i], t->text) != 0)
		i++;
	if (i == sizeof known / sizeof *known || t->a == NULL || t->b == NULL)
		return false;
	/* 1 / 0 does not compile. */
	if ((t->text[0] == '/' || t->text[0] == '%') && may_be_constant(t->a) && may_be_constant(t->b))
		return false;
	return is_sound(r, t->a, m) && is_sound(r, t->b, m);
}

/* The body of a definition, which knows its own name and those of its parameters. */
static bool
is_sound_body(struct reading *r, const struct native_tree *def, const struct meaning *m)
{
	struct meaning known[2 * PARAMETERS_MAX];
	size_t n = 0;

	if (is_keyword(def->text) || def->number > PARAMETERS_MAX)
		return false;
	for (const struct native_tree *name = def->c; name != NULL; name = name->next) {
		if (is_keyword(name->text))
			return false;
		known[n] = (struct meaning){ .up = m, .name = name->text };
		m = &known[n++];
		if (name->number == 0)
			continue;
		known[n] = (struct meaning){ .up = m, .variable = true, .name = name->text };
		m = &known[n++];
	}
	return is_sound(r, def->a, m);
}

static bool
is_sound_name(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	struct meaning own = { .up = m, .name = t->text };

	switch (t->type) {
	case NT_AS:
		own.variable = true;
		return !is_keyword(t->text) && is_sound(r, t->a, m) && is_sound(r, t->b, &own);
	case NT_REDUCE:
		own.variable = true;
		return !is_keyword(t->text) && is_sound(r, t->a, m) && is_sound(r, t->b, m) &&
		    is_sound(r, t->c, &own);
	case NT_DEF:
		own.args = t->number;
		return is_sound_body(r, t, &own) && is_sound(r, t->b, &own);
	case NT_VARIABLE:
		return !is_keyword(t->text) && is_variable(r, m, t->text);
	default:
		return (has_meaning(m, false, t->text, t->number) || is_builtin(t->text, t->number)) &&
		    is_sound_list(r, t->a, m);
	}
}

static bool
is_sound(struct reading *r, const struct native_tree *t, const struct meaning *m)
{
	if (++r->parts > PARTS_MAX)
		return false;
	switch (t->type) {
	case NT_DOT:
	case NT_NUMBER:
	case NT_STRING:
		return true;
	case NT_INDEX:
	case NT_PIPE:
	case NT_COMMA:
	case NT_AND:
	case NT_OR:
	case NT_ALTERNATIVE:
	case NT_SET:
	case NT_UPDATE:
		return is_sound(r, t->a, m) && is_sound(r, t->b, m);
	case NT_SLICE:
		return (t->b != NULL || t->c != NULL) && is_sound(r, t->a, m) &&
		    is_sound_or_absent(r, t->b, m) && is_sound_or_absent(r, t->c, m);
	case NT_EACH:
	case NT_NEGATION:
		return is_sound(r, t->a, m);
	case NT_TRY:
		/* (a)? may stand in fewer places than a.b? and (a). */
		return (t->number == 1 || *t->at != '?') && is_sound(r, t->a, m) &&
		    is_sound_or_absent(r, t->b, m);
	case NT_INTERPOLATION:
	case NT_OBJECT:
		return is_sound_list(r, t->a, m);
	case NT_ARRAY:
		return is_sound_or_absent(r, t->a, m);
	case NT_PAIR:
		return is_sound_pair(r, t, m);
	case NT_IF:
		return is_sound(r, t->a, m) && is_sound(r, t->b, m) && is_sound(r, t->c, m);
	case NT_AS:
	case NT_REDUCE:
	case NT_DEF:
	case NT_CALL:
	case NT_VARIABLE:
		return is_sound_name(r, t, m);
	case NT_OPERATION:
	case NT_OTHER:
		return is_sound_operation(r, t, m);
	default:
		/* Whoever adds to the tree adds here what libjq wants of it; until then libjq is asked. */
		return false;
	}
}

bool
native_is_sound(struct native_arena *arena, const struct native_tree *helpers,
    const struct native_tree *program, const struct native_value *named)
{
	struct reading r = { .named = named };
	const struct meaning *m = NULL;

	for (; helpers != NULL; helpers = helpers->b) {
		struct meaning *own = native_alloc(arena, sizeof *own);

		*own = (struct meaning){ .up = m, .name = helpers->text, .args = helpers->number };
		if (!is_sound_body(&r, helpers, own))
			return false;
		m = own;
	}
	r.parts = 0;
	/* Nothing at all is a program too, but one of another kind. */
	return *program->at != '\0' && is_sound(&r, program, m);
}
