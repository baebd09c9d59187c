/* Reads the FILEs into the pool (load.h). */
#include "load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/jtext.h"
#include "password.h"
#include "wire.h"

struct load {
	struct pool *pool;
	struct store *store;
	uint32_t file;		/* number of the file, for memberships */
	struct buf form, name;
};

/*
 * A record of at most RECORD_LINE_MAX bytes; sent, an attribute is 20 bytes longer, and has at
 * least six.
 */
enum { FORM_MAX = 8 * RECORD_LINE_MAX };

static const char *
file_name(const char *file)
{
	return strcmp(file, "-") == 0 ? "stdin" : file;
}

/* The number of the item that a name's token means. */
static uint32_t
mention(struct load *d, struct store_table *t, const struct record_reader *r, uint32_t token)
{
	buf_clear(&d->name);
	jtext_string_token(&d->name, &r->list.tok[token], r->text);
	return store_mention(d->store, t, buf_string(&d->name), d->name.len);
}

static const char *
load_groups_of(struct load *d, const struct record_reader *r, uint32_t user)
{
	const struct tok *tok = r->list.tok;
	uint32_t list = r->keys.groups, i;

	if (list == 0 || tok[list].type == TOK_NULL)
		return NULL;
	if (tok[list].type != TOK_ARRAY)
		return "Groups is not an array";
	for (i = list + 1; i < tok[list].next; i = tok[i].next) {
		if (tok[i].type != TOK_STRING)
			return "a name in Groups is not a string";
		store_add_membership(d->store, user, mention(d, &d->store->groups, r, i), d->file,
		    (uint32_t)r->line);
	}
	return NULL;
}

/* A hash that we have written ourselves. */
static const char *
load_password(struct load *d, const struct record_reader *r, uint32_t user)
{
	static const char own[] = "abcdefghijklmnopqrstuvwxyz0123456789$-";
	uint32_t value = tok_member(&r->list, r->text, 0, WIRE_PASSWORD);
	const struct tok *t = &r->list.tok[value];

	if (value == 0)
		return NULL;
	buf_clear(&d->name);
	buf_append(&d->name, r->text + t->start, t->end - t->start);
	if (t->type != TOK_STRING || d->name.len >= PASSWORD_SIZE ||
	    buf_string(&d->name)[strspn(buf_string(&d->name), own)] != '\0')
		return "PasswordHash is none of serve-pool's";
	password_set(d->pool, user, buf_string(&d->name));
	return NULL;
}

static const char *
load_user(struct load *d, const struct record_reader *r)
{
	struct store_table *t = &d->store->users;
	uint32_t user = mention(d, t, r, r->keys.username);
	struct store_item form;
	const char *why;

	if (store_is_defined(&t->item[user]))
		return "a second record of the same user";
	if ((why = wire_user(&d->form, &r->list, r->text, &form)) != NULL)
		return why;
	store_define(d->store, t, user, &form);
	if ((why = load_password(d, r, user)) != NULL)
		return why;
	return load_groups_of(d, r, user);
}

static const char *
load_group(struct load *d, const struct record_reader *r)
{
	struct store_table *t = &d->store->groups;
	uint32_t group = mention(d, t, r, r->keys.group_name);
	struct store_item form;
	const char *why;

	if (store_is_defined(&t->item[group]))
		return "a second record of the same group";
	if ((why = wire_group(&d->form, &r->list, r->text, d->pool->id, &form)) != NULL)
		return why;
	store_define(d->store, t, group, &form);
	return NULL;
}

static const char *
load_record(struct load *d, const struct record_reader *r)
{
	uint32_t user, group;

	switch (record_kind(&r->keys)) {
	case RECORD_USER:
		return load_user(d, r);
	case RECORD_GROUP:
		return load_group(d, r);
	case RECORD_MEMBERSHIP:
		user = mention(d, &d->store->users, r, r->keys.username);
		group = mention(d, &d->store->groups, r, r->keys.group_name);
		store_add_membership(d->store, user, group, d->file, (uint32_t)r->line);
		return NULL;
	case RECORD_OTHER:
		if (tok_member(&r->list, r->text, 0, "UserPool") != 0)
			return schema_describe(&d->pool->schema, &r->list, r->text, 0);
		break;
	}
	return "neither a user, a group nor a membership";
}

enum prog_status
load_verdict(struct record_reader *r)
{
	switch (record_verdict(r, false)) {
	case RECORD_CUT:
		diag_error("%s: incomplete: %s", r->name, r->reason);
		return PROG_INCOMPLETE;
	case RECORD_FAILED:
		diag_error("%s: its writer failed: %s", r->name, r->reason);
		return r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE;
	case RECORD_PLAIN:
	case RECORD_WHOLE:
		break;
	}
	return PROG_OK;
}

static enum prog_status
load_stream(struct load *d, struct record_reader *r)
{
	enum record_result result;
	const char *why;

	while ((result = record_next(r)) == RECORD_LINE || result == RECORD_WRONG) {
		why = result == RECORD_WRONG ? r->reason : load_record(d, r);
		if (why != NULL) {
			diag_error("%s:%llu: %s", r->name, (unsigned long long)r->line, why);
			return PROG_FAIL;
		}
	}
	return result == RECORD_ERROR ? PROG_FAIL : load_verdict(r);
}

static enum prog_status
load_file(struct load *d, const char *file)
{
	struct record_reader reader;
	enum prog_status status;
	int fd = STDIN_FILENO;

	if (strcmp(file, "-") != 0 && (fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		diag_error("%s: cannot open: %s", file, strerror(errno));
		return PROG_FAIL;
	}
	record_open(&reader, fd, file_name(file));
	status = load_stream(d, &reader);
	record_close(&reader);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

static enum prog_status
finish(struct store *s, char **files)
{
	const struct store_membership *m = store_finish(s);

	if (m == NULL)
		return PROG_OK;
	diag_error("%s:%u: a membership of a %s that has no record", file_name(files[m->file]),
	    (unsigned)m->line, store_is_defined(&s->users.item[m->user]) ? "group" : "user");
	return PROG_FAIL;
}

enum prog_status
load_files(struct pool *p, char **files)
{
	struct load d = {.pool = p, .store = &p->store};
	enum prog_status status = PROG_OK;

	buf_init(&d.form, FORM_MAX);
	buf_init(&d.name, FORM_MAX);
	for (; files[d.file] != NULL && status == PROG_OK; d.file++)
		status = load_file(&d, files[d.file]);
	if (status == PROG_OK)
		status = finish(&p->store, files);
	buf_free(&d.form);
	buf_free(&d.name);
	return status;
}
