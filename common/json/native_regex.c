/*
 * A regular expression as a program of single steps.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "json/native_regex_step.h"

enum {
	REPEAT_MAX = 300,
	DEPTH_MAX = 20
};

struct compiler {
	struct native_regex *regex;
	const char *p, *end;
	int depth;
};

static bool alternatives(struct compiler *c);

static struct step *
emit(struct compiler *c, enum step_type type)
{
	struct step *s;

	if (c->regex->n >= STEPS_MAX)
		return NULL;
	s = &c->regex->steps[c->regex->n++];
	memset(s, 0, sizeof *s);
	s->type = type;
	return s;
}

static void
add_range(struct class *class, unsigned from, unsigned to)
{
	for (unsigned i = from; i <= to && i < 128; i++)
		class->set[i / 64] |= (uint64_t)1 << i % 64;
}

static bool
add_words(struct compiler *c, struct class *class, char letter)
{
	c->regex->words = true;
	if (letter == 'd' || letter == 'w')
		add_range(class, '0', '9');
	if (letter == 'w') {
		add_range(class, 'A', 'Z');
		add_range(class, 'a', 'z');
		add_range(class, '_', '_');
	}
	if (letter == 's') {
		add_range(class, '\t', '\r');
		add_range(class, ' ', ' ');
	}
	return true;
}

static int
hex(char ch)
{
	return ch >= '0' && ch <= '9' ? ch - '0' : ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 :
	    ch >= 'A' && ch <= 'F' ? ch - 'A' + 10 : -1;
}

/* The character that the escape behind the backslash means, or -1. */
static int
escaped(struct compiler *c)
{
	static const char from[] = "tnr", to[] = "\t\n\r";
	static const char itself[] = "\\/.*+?()[]{}|^$-\"';:,@#&=!~%";
	const char *found;
	char ch;

	if (c->p == c->end)
		return -1;
	ch = *c->p++;
	if (ch == 'x') {
		int value;

		if (c->end - c->p < 2 || hex(c->p[0]) < 0 || hex(c->p[1]) < 0)
			return -1;
		value = hex(c->p[0]) * 16 + hex(c->p[1]);
		c->p += 2;
		return value < 128 ? value : -1;
	}
	if (ch == '\0')
		return -1;
	found = strchr(from, ch);
	if (found != NULL)
		return to[found - from];
	return strchr(itself, ch) != NULL ? ch : -1;
}

/* One character of a class, or a whole class such as \d, which gives -2; -1 for neither. */
static int
class_item(struct compiler *c, struct class *class)
{
	char ch;

	if (c->p == c->end)
		return -1;
	ch = *c->p++;
	if (ch == '\\') {
		if (c->p < c->end && *c->p != '\0' && strchr("dws", *c->p) != NULL)
			return add_words(c, class, *c->p++) ? -2 : -1;
		return escaped(c);
	}
	return ch == '[' || ch == '&' || (unsigned char)ch >= 128 ? -1 : ch;
}

/* Behind the bracket. */
static bool
class_of(struct compiler *c, struct class *class)
{
	bool negated = c->p < c->end && *c->p == '^';

	c->p += negated;
	if (c->p < c->end && *c->p == ']')
		return false;
	while (c->p < c->end && *c->p != ']') {
		int from = class_item(c, class), to = from;

		if (from == -1)
			return false;
		if (c->end - c->p > 1 && c->p[0] == '-' && c->p[1] != ']') {
			c->p++;
			to = class_item(c, class);
			if (from < 0 || to < from)
				return false;
		}
		if (from >= 0)
			add_range(class, (unsigned)from, (unsigned)to);
	}
	if (c->p == c->end)
		return false;
	c->p++;
	if (negated) {
		class->set[0] = ~class->set[0];
		class->set[1] = ~class->set[1];
		class->other = true;
	}
	return true;
}

static bool
group(struct compiler *c)
{
	bool good;

	if (c->end - c->p > 1 && c->p[0] == '?' && c->p[1] == ':')
		c->p += 2;
	if (c->p == c->end || *c->p == '?' || *c->p == '*' || c->depth == DEPTH_MAX)
		return false;
	c->depth++;
	good = alternatives(c) && c->p < c->end && *c->p == ')';
	c->depth--;
	c->p++;
	return good;
}

static bool
take_class(struct compiler *c, char ch, struct class *class)
{
	int meant;

	switch (ch) {
	case '.':
		add_range(class, 0, 127);
		class->set[0] &= ~((uint64_t)1 << '\n');
		class->other = true;
		return true;
	case '[':
		return class_of(c, class);
	case '\\':
		if (c->p < c->end && *c->p != '\0' && strchr("dws", *c->p) != NULL)
			return add_words(c, class, *c->p++);
		meant = escaped(c);
		break;
	default:
		meant = strchr("*+?{}])|#", ch) == NULL && (unsigned char)ch < 128 ? ch : -1;
	}
	if (meant < 0)
		return false;
	add_range(class, (unsigned)meant, (unsigned)meant);
	return true;
}

/* What a quantifier may follow.  *assertion: ^ and \z, which none may. */
static bool
atom(struct compiler *c, bool *assertion)
{
	struct class class = { .other = false };
	struct step *s;
	char ch = *c->p++;

	*assertion = ch == '^' || ch == '$' || (ch == '\\' && c->p < c->end && *c->p == 'z');
	if (*assertion) {
		c->p += ch == '\\';
		c->regex->lines = c->regex->lines || ch != '\\';
		return emit(c, ch == '^' ? STEP_BEGIN : STEP_END) != NULL;
	}
	if (ch == '(')
		return group(c);
	if (ch == '\0' || !take_class(c, ch, &class))
		return false;
	s = emit(c, STEP_CLASS);
	if (s != NULL)
		s->class = class;
	return s != NULL;
}

static bool
digits(struct compiler *c, int *value)
{
	const char *start = c->p;

	*value = 0;
	while (c->p < c->end && *c->p >= '0' && *c->p <= '9' && *value <= REPEAT_MAX)
		*value = *value * 10 + (*c->p++ - '0');
	return c->p > start && *value <= REPEAT_MAX;
}

/* *most: -1 for any number.  *some: whether there was a quantifier. */
static bool
quantifier(struct compiler *c, int *least, int *most, bool *some)
{
	char ch = '\0';

	if (c->p < c->end)
		ch = *c->p;
	*least = *most = 1;
	*some = ch == '*' || ch == '+' || ch == '?' || ch == '{';
	if (!*some)
		return true;
	c->p++;
	if (ch != '{') {
		*least = ch == '+';
		*most = ch == '?' ? 1 : -1;
	} else {
		if (!digits(c, least))
			return false;
		*most = *least;
		if (c->p < c->end && *c->p == ',') {
			c->p++;
			if (!digits(c, most) || *most < *least)
				return false;
		}
		if (c->p == c->end || *c->p++ != '}' || *most == 0)
			return false;
	}
	/* Lazy and possessive ones. */
	return c->p == c->end || *c->p == '\0' || strchr("*+?{", *c->p) == NULL;
}

/* Writes the steps of the atom at start that often. */
static bool
repeat(struct compiler *c, const char *start, int least, int most)
{
	bool ignored;

	for (int i = 0; i < least || i < most || (most < 0 && i == least); i++) {
		uint16_t at = c->regex->n;
		struct step *split = NULL;

		if (i >= least) {
			split = emit(c, STEP_SPLIT);
			if (split == NULL)
				return false;
			split->to = (uint16_t)(at + 1);
		}
		c->p = start;
		if (!atom(c, &ignored))
			return false;
		if (i >= least && most < 0) {
			c->regex->turns_empty = c->regex->turns_empty ||
			    native_regex_leads(c->regex, at + 1u, c->regex->n);
			struct step *back = emit(c, STEP_SPLIT);

			if (back == NULL)
				return false;
			back->to = back->or = at;
		}
		if (split != NULL)
			split->or = c->regex->n;
	}
	return true;
}

static bool
piece(struct compiler *c)
{
	const char *start = c->p, *behind;
	uint16_t n = c->regex->n;
	bool assertion, some;
	int least, most;

	if (!atom(c, &assertion) || !quantifier(c, &least, &most, &some) || (assertion && some))
		return false;
	if (!some)
		return true;
	behind = c->p;
	c->regex->n = n;
	if (!repeat(c, start, least, most))
		return false;
	c->p = behind;
	return true;
}

/* a|b|c up to the end or a parenthesis; none may be empty. */
static bool
alternatives(struct compiler *c)
{
	uint16_t first = c->regex->n, ends[16];
	size_t count = 0;
	struct step *s;

	for (;;) {
		const char *start = c->p;

		/* Made for one alternative more, which is the way nowhere if there is none. */
		s = emit(c, STEP_SPLIT);
		if (s == NULL)
			return false;
		s->to = (uint16_t)(first + 1);
		while (c->p < c->end && *c->p != '|' && *c->p != ')') {
			if (!piece(c))
				return false;
		}
		if (c->p == start)
			return false;
		if (c->p == c->end || *c->p != '|')
			break;
		c->p++;
		ends[count] = c->regex->n;
		if (++count == sizeof ends / sizeof *ends || emit(c, STEP_SPLIT) == NULL)
			return false;
		c->regex->steps[first].or = c->regex->n;
		first = c->regex->n;
	}
	c->regex->steps[first].or = (uint16_t)(first + 1);
	for (size_t i = 0; i < count; i++)
		c->regex->steps[ends[i]].to = c->regex->steps[ends[i]].or = c->regex->n;
	return true;
}

struct native_regex *
native_regex_new(struct native_arena *arena, const char *s, size_t len)
{
	struct native_regex *regex = native_alloc(arena,
	    sizeof *regex + STEPS_MAX * sizeof regex->steps[0]);
	struct compiler c = { .regex = regex, .p = s, .end = s + len };

	memset(regex, 0, sizeof *regex);
	if (!alternatives(&c) || c.p < c.end || emit(&c, STEP_MATCH) == NULL)
		return NULL;
	native_regex_look_ahead(regex);
	return regex;
}
