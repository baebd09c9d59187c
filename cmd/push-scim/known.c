#include "known.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/fold.h"
#include "json/jtext.h"
#include "net/scim_list.h"

/* A page's rows hold so many members at most: lines stay short, and so does what is parsed. */
enum { PIECE = 1000 };

static const char too_many[] = "too many resources";

static int
fail(struct push *p, const char *why)
{
	snprintf(p->why, sizeof p->why, "%s", why);
	return -1;
}

/* The decoded text of a token into b, cleared first. */
static const struct buf *
decode(struct buf *b, const struct json *top, uint32_t at)
{
	const struct tok *t = &top->list->tok[at];

	buf_clear(b);
	(void)jtext_decode(b, top->text + t->start, t->end - t->start);
	return b;
}

/* The user of this id, who may come later: lines may be sorted. */
static int
find_user(struct push *p, uint32_t *user)
{
	if (index_find(&p->users, INDEX_ID, buf_string(&p->key), p->key.len, user))
		return 0;
	if (index_add(&p->users, user) != 0)
		return -1;
	index_set(&p->users, *user, INDEX_ID, buf_string(&p->key), p->key.len);
	return 0;
}

/* Who is in a group already. */
static int
enter_members(struct push *p, const struct json *top, uint32_t members, uint32_t group)
{
	const struct tok *tok = top->list->tok;

	if (members == 0)
		return 0;
	for (uint32_t i = members + 1; i < tok[members].next; i = tok[i].next) {
		struct json member = json_at(top, i);
		uint32_t value = json_member(&member, "value"), user;

		if (value == 0 || tok[value].type != TOK_STRING ||
		    (tok[value].flags & TOK_NUL) != 0)
			continue;
		decode(&p->key, top, value);
		if (find_user(p, &user) != 0)
			return fail(p, too_many);
		(void)pairs_add(&p->pairs, pairs_make(group, user));
	}
	return 0;
}

/* The keys of a resource that is new to us. */
static int
enter_keys(struct push *p, const struct json *top, const struct scim_resource *r, uint32_t number)
{
	struct index *ix = push_index(p, r->kind);
	uint32_t other;

	index_set(ix, number, INDEX_ID, buf_string(&p->key), p->key.len);
	ix->entry[number].flags |= INDEX_KNOWN;
	if (r->external != 0) {
		decode(&p->key, top, r->external);
		if (index_find(ix, INDEX_EXTERNAL, buf_string(&p->key), p->key.len, &other))
			ix->entry[other].flags |= INDEX_TWICE;
		else
			index_set(ix, number, INDEX_EXTERNAL, buf_string(&p->key), p->key.len);
	}
	if (r->name == 0)
		return 0;
	decode(&p->key, top, r->name);
	buf_clear(&p->folded);
	if (fold_append(&p->folded, buf_string(&p->key), p->key.len) != 0)
		return fail(p, "a name that cannot be folded");
	index_set(ix, number, INDEX_NAME, buf_string(&p->folded), p->folded.len);
	return 0;
}

/* One resource of the server's; further rows of a group bring further members. */
static int
enter(struct push *p, const struct json *top, const char *text, size_t len)
{
	struct scim_resource r;
	const char *why = scim_resource_read(top, false, &r);
	struct index *ix;
	uint32_t number;
	bool found;

	if (why != NULL)
		return fail(p, why);
	ix = push_index(p, r.kind);
	decode(&p->key, top, r.id);
	found = index_find(ix, INDEX_ID, buf_string(&p->key), p->key.len, &number);
	if (!found && index_add(ix, &number) != 0)
		return fail(p, too_many);
	if ((ix->entry[number].flags & INDEX_KNOWN) == 0) {
		if (enter_keys(p, top, &r, number) != 0)
			return -1;
		ix->entry[number].at = p->texts.len;
		ix->entry[number].len = (uint32_t)len;
		if (spool_append(&p->texts, text, len) != 0)
			return fail(p, "the temporary file failed");
	}
	return enter_members(p, top, r.members, number);
}

struct taking {
	struct push *push;
	struct tok_list list;
	uint64_t rows;
};

static int
take_row(void *arg, const char *text, size_t len)
{
	struct taking *t = arg;
	struct json top = { &t->list, text, 0 };

	if (tok_parse(&t->list, text, len) != TOK_OK)
		return fail(t->push, "a row that is not JSON");
	progress_show(&t->push->progress, ++t->rows, 0);
	return enter(t->push, &top, text, len);
}

static enum prog_status
ask(struct push *p, enum scim_resource_kind kind)
{
	struct taking t = { .push = p };
	struct scim_list l = {
		.client = p->client, .path = push_path(kind), .piece = PIECE, .row = take_row,
		.arg = &t
	};
	char why[SCIM_DETAIL_SIZE] = "";
	enum prog_status status;

	tok_init(&t.list, SCIM_BODY_MAX / 2);
	status = scim_list_all(&l, why);
	tok_free(&t.list);
	if (status == PROG_OK)
		return status;
	if (why[0] != '\0')
		(void)fail(p, why);
	else
		diag_error("GET %s: %s", l.path, p->why);
	return status;
}

enum prog_status
known_ask(struct push *p)
{
	enum prog_status status = ask(p, RESOURCE_USER);

	return status == PROG_OK ? ask(p, RESOURCE_GROUP) : status;
}

static enum prog_status
wrong(struct push *p, enum prog_status status, const char *path, const char *why)
{
	diag_error("--known: %s: %s", path, why);
	if (why != p->why)
		snprintf(p->why, sizeof p->why, "%s", why);
	return status;
}

/* A seal says of which server the file is, and of what it is the whole. */
static enum prog_status
judge_seal(struct push *p, const char *path, const struct seal *seal)
{
	const char *url = scim_url(p->client), *source = seal->source;
	size_t len = strlen(url);

	if (source != NULL && (strncmp(source, url, len) != 0 || source[len] != '/'))
		return wrong(p, PROG_USAGE, path, "the list of another server");
	/* As list-scim names them. */
	if ((source != NULL && strcmp(source + len, "/Users+Groups") != 0) ||
	    seal->via_count > 0 || (seal->scope != NULL && strcmp(seal->scope, "all") != 0))
		return wrong(p, PROG_USAGE, path, "not the list of all users and groups");
	return PROG_OK;
}

static enum prog_status
judge(struct push *p, const char *path, struct record_reader *r)
{
	switch (record_verdict(r, p->options->seal)) {
	case RECORD_PLAIN:
		return PROG_OK;
	case RECORD_WHOLE:
		return judge_seal(p, path, &r->seal);
	case RECORD_FAILED:
		return wrong(p, r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE, path,
		    r->reason);
	default:
		return wrong(p, PROG_INCOMPLETE, path, r->reason);
	}
}

int
known_open(struct push *p, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd == -1)
		(void)wrong(p, PROG_FAIL, path, strerror(errno));
	return fd;
}

enum prog_status
known_read(struct push *p, int fd, const char *path)
{
	struct record_reader r;
	enum record_result got;
	enum prog_status status = PROG_OK;

	record_open(&r, fd, path);
	while (status == PROG_OK && (got = record_next(&r)) != RECORD_END) {
		struct json top = { &r.list, r.text, 0 };

		if (got == RECORD_ERROR)
			status = wrong(p, PROG_FAIL, path, "cannot be read");
		else if (got == RECORD_WRONG)
			status = wrong(p, PROG_FAIL, path, r.reason);
		else if (enter(p, &top, r.text, r.len) != 0)
			status = wrong(p, PROG_FAIL, path, p->why);
	}
	if (status == PROG_OK)
		status = judge(p, path, &r);
	record_close(&r);
	close(fd);
	return status;
}
