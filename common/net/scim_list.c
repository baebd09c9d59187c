/*
 * All that a SCIM server has of one kind (scim_list.h).
 *
 * A try reads the pages from the first to the last.  What shows that the set moved under it (or
 * that the server does not page as it should) ends the try; the last try's reason is the failure's.
 */
#include "net/scim_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/num.h"
#include "json/json.h"
#include "json/jtext.h"
#include "json/record.h"

#include "net/scim_members.h"
#include "net/scim_query.h"

enum {
	PAGE_TOKENS_MAX = 16 * 1024 * 1024,	/* a page of 1,000 groups of 1,000 members each */
	PATH_MAX_BYTES = 64 * 1024,
	/* Of what a server can announce: beyond it the number is a mistake. */
	TOTAL_MAX = 1000 * 1000 * 1000
};

struct listing {
	struct scim_list *l;
	size_t page;
	bool by_cursor;
	struct buf path;		/* of a page, up to where it starts */
	size_t path_len;
	struct buf cursor, next;	/* of the page asked for, and of the one behind it */
	struct tok_list tokens;
	struct scim_seen seen;
	unsigned round;
	uint64_t got;			/* different resources in this try */
	unsigned vain;			/* pages without one since the last that had any */
	bool groups;
	struct scim_members members;
	struct buf row, id;
	enum prog_status status;
	char why[SCIM_DETAIL_SIZE];
};

static enum scim_turn
end(struct listing *s, enum scim_turn turn, enum prog_status status, const char *why)
{
	s->status = status;
	snprintf(s->why, sizeof s->why, "%s", why);
	return turn;
}

/* A member of an object, whose name servers may write in any case (RFC 7643 section 2.1), or 0. */
static uint32_t
member(const struct listing *s, const char *text, uint32_t object, const char *name)
{
	const struct json j = { &s->tokens, text, object };

	return json_member(&j, name);
}

/* Reads totalResults.  Returns 0, or -1 if there is no such number. */
static int
read_total(const struct listing *s, const char *text, uint64_t *total)
{
	uint32_t at = member(s, text, 0, "totalResults");
	const struct tok *t = &s->tokens.tok[at];
	char digits[20] = "";
	const char *why;
	int64_t n;

	if (at == 0 || t->type != TOK_NUMBER || t->end - t->start >= sizeof digits)
		return -1;
	memcpy(digits, text + t->start, t->end - t->start);
	if (num_parse(digits, 0, TOTAL_MAX, &n, &why) != 0)
		return -1;
	*total = (uint64_t)n;
	return 0;
}

/* The resource's id, decoded, into s->id.  Returns 0 or -1. */
static int
read_id(struct listing *s, const char *text, uint32_t index)
{
	uint32_t at = member(s, text, index, "id");
	const struct tok *t = &s->tokens.tok[at];

	buf_clear(&s->id);
	if (at == 0 || t->type != TOK_STRING || t->end == t->start || (t->flags & TOK_NUL) != 0)
		return -1;
	return jtext_decode(&s->id, text + t->start, t->end - t->start);
}

/* Whether a member's name begins with "~": reserved in records, and none that SCIM has. */
static bool
has_reserved(struct listing *s, const char *text, uint32_t index)
{
	const struct tok *tok = s->tokens.tok;

	for (uint32_t i = index + 1; i < tok[index].next; i = tok[i + 1].next) {
		char first = text[tok[i].start];

		if (first != '~' && first != '\\')
			continue;
		buf_clear(&s->row);
		if (jtext_string_token(&s->row, &tok[i], text) != 0 || s->row.data[1] == '~')
			return true;
	}
	return false;
}

static enum scim_turn
give_row(struct listing *s, const char *text, uint32_t index)
{
	buf_clear(&s->row);
	if (jtext_value(&s->row, &s->tokens, text, index) != 0)
		return end(s, SCIM_ENDED, PROG_FAIL, "a resource is too long for a row");
	if (s->l->row(s->l->arg, s->row.data, s->row.len) != 0)
		return end(s, SCIM_ENDED, PROG_FAIL, "");
	return SCIM_GOES_ON;
}

static enum scim_turn
take_resource(struct listing *s, const char *text, uint32_t index)
{
	enum scim_turn turn;

	if (read_id(s, text, index) != 0)
		return end(s, SCIM_ENDED, PROG_FAIL, "a resource has no id");
	if (has_reserved(s, text, index))
		return end(s, SCIM_ENDED, PROG_FAIL,
		    "a resource has a member whose name begins with ~ (reserved)");
	switch (scim_seen_note(&s->seen, s->round, s->id.data, s->id.len)) {
	case SCIM_TWICE:
		return end(s, SCIM_MOVED, PROG_TEMPORARY, "the same resource came twice");
	case SCIM_EARLIER:
		s->got++;
		return SCIM_GOES_ON;
	case SCIM_NEW:
		break;
	}
	s->got++;
	s->l->count++;
	if (!s->groups)
		return give_row(s, text, index);
	turn = scim_members_add(&s->members, &s->tokens, text, index, s->id.data, s->id.len);
	return turn == SCIM_GOES_ON ? turn :
	    end(s, turn, s->members.status, s->members.why);
}

static enum scim_turn
take_resources(struct listing *s, const char *text, uint32_t list)
{
	enum scim_turn turn = SCIM_GOES_ON;

	for (uint32_t i = list + 1; list != 0 && turn == SCIM_GOES_ON &&
	    i < s->tokens.tok[list].next; i = s->tokens.tok[i].next)
		turn = take_resource(s, text, i);
	if (turn == SCIM_GOES_ON && s->groups) {
		turn = scim_members_flush(&s->members);
		if (turn != SCIM_GOES_ON)
			end(s, turn, s->members.status, s->members.why);
	}
	return turn;
}

/* Asks for the page that starts behind what there is.  NULL: s->status and s->why say why not. */
static const struct scim_result *
ask(struct listing *s)
{
	const struct scim_result *r;
	enum tok_error e;
	int failed;

	s->path.len = s->path_len;
	if (s->by_cursor)
		failed = scim_query_cursor(&s->path, &s->cursor);
	else
		failed = buf_appendf(&s->path, "startIndex=%llu", (unsigned long long)s->got + 1);
	if (failed || buf_appendf(&s->path, "&count=%zu", s->page) != 0) {
		end(s, SCIM_ENDED, PROG_FAIL, "the filter or the list of attributes is too long");
		return NULL;
	}
	r = scim_call(s->l->client, "GET", s->path.data, NULL, 0);
	if (r->outcome != SCIM_OK) {
		end(s, SCIM_ENDED, scim_status(r->outcome), r->summary);
		return NULL;
	}
	e = tok_parse(&s->tokens, r->body, r->body_len);
	if (e == TOK_OK && s->tokens.tok[0].type == TOK_OBJECT)
		return r;
	end(s, SCIM_ENDED, PROG_FAIL, e == TOK_MANY ?
	    "a page has too many JSON values: ask for smaller ones" :
	    "the answer is not a JSON object");
	return NULL;
}

static enum scim_turn
contradict(struct listing *s)
{
	end(s, SCIM_MOVED, PROG_TEMPORARY, "");
	snprintf(s->why, sizeof s->why, "the server announces %llu and gives %llu",
	    (unsigned long long)s->l->total, (unsigned long long)s->got);
	return SCIM_MOVED;
}

/* What the answer says beside the resources: how many there are, or where the next page begins. */
static enum scim_turn
read_frame(struct listing *s, const char *text, bool first, int *next)
{
	uint64_t total;

	*next = 0;
	if (s->by_cursor) {
		*next = scim_query_next(&s->tokens, text, &s->cursor, &s->next);
		if (*next < 0)
			return end(s, SCIM_ENDED, PROG_FAIL, "the server gives a page's cursor that "
			    "is none, or the same again");
		return SCIM_GOES_ON;
	}
	if (read_total(s, text, &total) != 0)
		return end(s, SCIM_ENDED, PROG_FAIL, "the answer is no ListResponse");
	if (!first && total != s->l->total)
		return end(s, SCIM_MOVED, PROG_TEMPORARY, "the number of resources changed");
	s->l->total = total;
	return SCIM_GOES_ON;
}

/* Reads the next page; *more says whether there are further ones. */
static enum scim_turn
take_page(struct listing *s, bool first, bool *more)
{
	const struct scim_result *r = ask(s);
	uint64_t before = s->got;
	enum scim_turn turn;
	uint32_t list;
	int next;

	if (r == NULL)
		return SCIM_ENDED;
	list = member(s, r->body, 0, "Resources");
	if (list != 0 && s->tokens.tok[list].type == TOK_NULL)
		list = 0;
	if (list != 0 && s->tokens.tok[list].type != TOK_ARRAY)
		return end(s, SCIM_ENDED, PROG_FAIL, "the answer is no ListResponse");
	turn = read_frame(s, r->body, first, &next);
	if (turn == SCIM_GOES_ON)
		turn = take_resources(s, r->body, list);
	if (turn != SCIM_GOES_ON)
		return turn;
	*more = s->by_cursor ? next > 0 : s->got < s->l->total;
	s->vain = s->got > before ? 0 : s->vain + 1;
	if (*more && s->vain > SCIM_VAIN_PAGES_MAX)
		return end(s, SCIM_ENDED, PROG_FAIL, "the server's cursors lead to no end");
	if (!s->by_cursor && (s->got > s->l->total || (*more && s->got == before)))
		return contradict(s);
	return SCIM_GOES_ON;
}

static enum scim_turn
read_all(struct listing *s)
{
	enum scim_turn turn;
	bool more = true;

	s->got = 0;
	s->vain = 0;
	buf_clear(&s->cursor);
	for (bool first = true; more; first = false) {
		turn = take_page(s, first, &more);
		if (turn != SCIM_GOES_ON)
			return turn;
		scim_query_turn(&s->cursor, &s->next);
	}
	return SCIM_GOES_ON;
}

/* Another try.  Returns 0, or -1 if the caller ends the listing. */
static int
begin_again(struct listing *s)
{
	diag_verbose(1, "%s: %s: read once more", s->l->path + 1, s->why);
	scim_members_drop(&s->members);
	s->round++;
	if (s->l->again == NULL)
		return 0;
	scim_seen_free(&s->seen);
	s->l->count = 0;
	return s->l->again(s->l->arg);
}

static void
list(struct listing *s)
{
	enum scim_turn turn;

	if (scim_query_path(s->l, s->groups && (s->l->no_members ||
	    s->members.ask == SCIM_ASK_PAGES), &s->path) != 0) {
		end(s, SCIM_ENDED, PROG_FAIL, "the filter or the list of attributes is too long");
		return;
	}
	s->path_len = s->path.len;
	while ((turn = read_all(s)) == SCIM_MOVED && s->round < SCIM_LIST_TRIES)
		if (begin_again(s) != 0) {
			end(s, SCIM_ENDED, PROG_FAIL, "");
			return;
		}
	if (turn == SCIM_GOES_ON)
		s->status = PROG_OK;
	else if (turn == SCIM_MOVED)
		snprintf(s->why + strlen(s->why), sizeof s->why - strlen(s->why),
		    ", in %d tries: the set changes while it is read, or the server does not page",
		    SCIM_LIST_TRIES);
}

enum prog_status
scim_list_all(struct scim_list *l, char why[SCIM_DETAIL_SIZE])
{
	struct scim_features features;
	struct listing s = { .l = l, .page = l->page, .round = 1, .status = PROG_FAIL };

	why[0] = '\0';
	l->total = l->count = 0;
	if (l->page == 0) {
		s.status = scim_discover(l->client, &features);
		if (s.status != PROG_OK) {
			snprintf(why, SCIM_DETAIL_SIZE, "ServiceProviderConfig cannot be read");
			return s.status;
		}
		s.page = features.page_max;
	}
	s.by_cursor = scim_dialect_of(l->client) == SCIM_AWS;
	if (s.by_cursor && s.page > SCIM_CURSOR_PAGE_MAX)
		s.page = SCIM_CURSOR_PAGE_MAX;
	s.groups = strcmp(l->path, "/Groups") == 0;
	scim_members_init(&s.members, l, scim_query_members(l));
	buf_init(&s.path, PATH_MAX_BYTES);
	buf_init(&s.cursor, PATH_MAX_BYTES);
	buf_init(&s.next, PATH_MAX_BYTES);
	buf_init(&s.row, RECORD_LINE_MAX);
	buf_init(&s.id, RECORD_LINE_MAX);
	tok_init(&s.tokens, PAGE_TOKENS_MAX);
	scim_seen_init(&s.seen);
	list(&s);
	if (s.status != PROG_OK && s.why[0] != '\0')
		diag_error("%s: %s", l->path + 1, s.why);
	if (s.status != PROG_OK)
		snprintf(why, SCIM_DETAIL_SIZE, "%s", s.why);
	scim_members_free(&s.members);
	scim_seen_free(&s.seen);
	tok_free(&s.tokens);
	buf_free(&s.path);
	buf_free(&s.cursor);
	buf_free(&s.next);
	buf_free(&s.row);
	buf_free(&s.id);
	return s.status;
}
