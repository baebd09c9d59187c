/* The sorted lines become figures (sorted.h). */
#include "sorted.h"

#include <string.h>

#include "base/diag.h"

#include "changes.h"

enum { NAMES_SHOWN = 5 };	/* users of an example */

/* What is told of the users of one side who share a key. */
struct sharing {
	uint64_t users, spellings, verified, native;
	bool spelled;		/* the spelling at hand was counted */
};

/* The key at hand. */
struct run {
	struct figures *figures;
	struct people *people;
	struct compare compare;
	struct buf key, spelling;	/* key with its kind */
	struct sharing side[SIDES];
	struct buf names;		/* of the users of now, for an example */
	uint64_t named;
};

static enum shared
shared_of(char kind)
{
	switch (kind) {
	case LINE_EMAIL:
		return SHARED_EMAIL;
	case LINE_PHONE:
		return SHARED_PHONE;
	case LINE_PREFERRED:
		return SHARED_PREFERRED;
	case LINE_IDENTITY:
		return SHARED_IDENTITY;
	case LINE_NAME:
		return SHARED_NAME_CASE;
	default:
		return SHARED_SUB;
	}
}

static void
count_shared(struct shared_count *to, const struct sharing *from)
{
	to->values++;
	to->users += from->users;
	if (from->users > to->most)
		to->most = from->users;
	to->cased += from->spellings > 1;
	to->verified += from->verified > 1;
	to->native += from->native > 1;
}

/* "value: name, name and 3 more"; of names that differ in case there is no further value. */
static void
put_example(struct run *r, enum shared what, const char *text, size_t len)
{
	struct buf b;

	buf_init(&b, SORTER_LINE_MAX);
	buf_append(&b, text, len);
	for (size_t i = 0; i < b.len; i++)
		if ((unsigned char)b.data[i] == LINE_NUL)
			b.data[i] = ' ';
	if (r->names.len > 0)
		(void)buf_appendf(&b, "%s%s", len > 0 ? ": " : "", r->names.data);
	if (r->named > NAMES_SHOWN)
		(void)buf_appendf(&b, " and %llu more",
		    (unsigned long long)(r->named - NAMES_SHOWN));
	examples_add(&r->figures->shared[what], buf_string(&b), b.len);
	buf_free(&b);
}

static void
add_name(struct run *r, const char *name, size_t len)
{
	if (!r->figures->show_values || len == 0 || ++r->named > NAMES_SHOWN)
		return;
	if (r->names.len > 0)
		buf_append_string(&r->names, ", ");
	(void)buf_append(&r->names, name, len);
}

/* No more lines of this spelling. */
static int
end_spelling(struct run *r)
{
	struct people *p = r->people;
	uint64_t now = p->side[NOW].users;
	const struct buf *name = r->spelling.len > 0 ? &r->spelling : &r->key;
	size_t skipped = r->spelling.len > 0 ? 0 : 1;

	for (int s = 0; s < SIDES; s++)
		r->side[s].spelled = false;
	if (r->key.len == 0 || r->key.data[0] != LINE_NAME)
		return 0;
	for (int s = 0; s < SIDES; s++) {
		struct sharing same = {
			.users = p->side[s].users, .native = p->side[s].native, .spellings = 1
		};

		if (same.users > 1)
			count_shared(&r->figures->side[s].shared[SHARED_NAME], &same);
	}
	if (now > 0)
		add_name(r, name->data + skipped, name->len - skipped);
	if (now > 1 && r->figures->show_values)
		examples_add(&r->figures->shared[SHARED_NAME], name->data + skipped,
		    name->len - skipped);
	return people_end(p);
}

/* No more lines of this key.  Returns 0, or -1 with the reason printed. */
static int
end_key(struct run *r)
{
	char kind = '\0';
	enum shared what;

	if (end_spelling(r) != 0)
		return -1;
	if (r->key.len > 0)
		kind = r->key.data[0];
	what = shared_of(kind);
	if (kind == LINE_SUB && !compare_end(&r->compare))
		return -1;
	for (int s = 0; s < SIDES && kind != '\0'; s++) {
		const struct sharing *h = &r->side[s];

		if (kind == LINE_NAME ? h->spellings < 2 : h->users < 2)
			continue;
		count_shared(&r->figures->side[s].shared[what], h);
		if (s == NOW && r->figures->show_values && what == SHARED_NAME_CASE)
			put_example(r, what, "", 0);
		else if (s == NOW && r->figures->show_values)
			put_example(r, what, r->key.data + 1, r->key.len - 1);
	}
	memset(r->side, 0, sizeof r->side);
	buf_clear(&r->names);
	r->named = 0;
	return 0;
}

static bool
is_same(const struct buf *b, size_t skipped, const char *text, size_t len)
{
	return b->len == len + skipped && memcmp(b->data + skipped, text, len) == 0;
}

static void
set(struct buf *b, const char *text, size_t len)
{
	buf_clear(b);
	buf_append(b, text, len);
}

/* Returns false if the line is none that we wrote. */
static bool
take_line(struct run *r, const struct line *l)
{
	struct sharing *h = &r->side[l->side];
	unsigned flags;

	if (l->rest_len == 0)
		return false;
	if (l->kind == LINE_NAME && l->rest[0] == LINE_MEMBER)
		return people_line(r->people, l);
	flags = (unsigned)(l->rest[l->kind == LINE_NAME ? l->rest_len - 1 : 0] - '0');
	h->users++;
	h->verified += (flags & FLAG_VERIFIED) != 0;
	h->native += (flags & FLAG_FEDERATED) == 0;
	h->spellings += !h->spelled;
	h->spelled = true;
	if (l->kind == LINE_NAME)
		return people_line(r->people, l);
	if (l->kind == LINE_SUB)
		compare_line(&r->compare, l);
	else if (l->side == NOW)
		add_name(r, l->rest + 1, l->rest_len - 1);
	return true;
}

/* Returns 0, or -1 with the reason printed. */
static int
take_lines(struct run *r, struct order *o)
{
	struct line l;
	int more;

	while ((more = order_next(o)) > 0) {
		if (!lines_parse(o, &l)) {
			diag_error("sort: gave back a line that it was not given");
			return -1;
		}
		if (!is_same(&r->key, 0, l.key - 1, l.key_len + 1)) {
			if (end_key(r) != 0)
				return -1;
			set(&r->key, l.key - 1, l.key_len + 1);
			set(&r->spelling, l.spelling, l.spelling_len);
		} else if (!is_same(&r->spelling, 0, l.spelling, l.spelling_len)) {
			if (end_spelling(r) != 0)
				return -1;
			set(&r->spelling, l.spelling, l.spelling_len);
		}
		if (!take_line(r, &l)) {
			diag_error("sort: gave back a line that it was not given");
			return -1;
		}
	}
	return more == 0 ? end_key(r) : -1;
}

int
sorted_read(struct order *o, struct figures *f, struct people *people)
{
	struct run r = { .figures = f, .people = people };
	int result = order_end(o);

	buf_init(&r.key, SORTER_LINE_MAX);
	buf_init(&r.spelling, SORTER_LINE_MAX);
	buf_init(&r.names, SORTER_LINE_MAX);
	compare_init(&r.compare, f);
	if (result == 0)
		result = take_lines(&r, o);
	if (result == 0)
		result = people_overlap(people);
	compare_free(&r.compare);
	buf_free(&r.key);
	buf_free(&r.spelling);
	buf_free(&r.names);
	return result;
}
