/* Which pools there are (inventory.h). */
#include "inventory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/diag.h"
#include "json/jtext.h"
#include "json/record.h"
#include "load.h"
#include "ops.h"

struct reading {
	struct server *server;
	const char *file;
	struct realm home;		/* of a record that does not say where its pool is */
	struct record_reader reader;
	struct buf text, path;
};

/* The member's text in d->text; "" if it is not there.  NULL: it is no text, or has a NUL. */
static const char *
text_of(struct reading *d, const char *name)
{
	const struct record_reader *r = &d->reader;
	uint32_t value = tok_member(&r->list, r->text, 0, name);
	const struct tok *t = &r->list.tok[value];

	buf_clear(&d->text);
	if (value == 0 || t->type == TOK_NULL)
		return buf_string(&d->text);
	if (t->type != TOK_STRING || (t->flags & TOK_NUL) != 0)
		return NULL;
	jtext_decode(&d->text, r->text + t->start, t->end - t->start);
	return buf_string(&d->text);
}

/* Leaves *ms as it is where nothing is said.  -1: it is no date. */
static int
read_date(struct reading *d, const char *name, int64_t *ms)
{
	const char *text = text_of(d, name);

	if (text == NULL)
		return -1;
	return text[0] == '\0' ? 0 : clock_parse_rfc3339(text, d->text.len, ms);
}

static enum prog_status
refuse(const struct reading *d, const char *why)
{
	diag_error("%s:%llu: %s", d->reader.name, (unsigned long long)d->reader.line, why);
	return PROG_FAIL;
}

/* Who is in the pool: the file that Records names, from where the inventory is. */
static enum prog_status
read_records(struct reading *d, struct pool *p)
{
	const char *name = text_of(d, "Records"), *slash = strrchr(d->file, '/');
	char *files[] = { NULL, NULL };

	if (name == NULL)
		return refuse(d, "Records is not a path");
	if (name[0] == '\0')
		return PROG_OK;
	buf_clear(&d->path);
	if (name[0] != '/' && slash != NULL)
		buf_append(&d->path, d->file, (size_t)(slash + 1 - d->file));
	else if (name[0] != '/')
		buf_append_string(&d->path, "./");	/* "-" is a file, too */
	if (buf_append_string(&d->path, name) != 0)
		return refuse(d, "Records is too long for a path");
	if (access(buf_string(&d->path), R_OK) != 0) {
		diag_error("%s:%llu: Records: %s: cannot open: %s", d->reader.name,
		    (unsigned long long)d->reader.line, d->path.data, strerror(errno));
		return PROG_FAIL;
	}
	files[0] = d->path.data;
	return load_files(p, files);
}

static enum prog_status
add_user_pool(struct reading *d, const struct realm *realm, const struct role *owner)
{
	const struct record_reader *r = &d->reader;
	struct server *s = d->server;
	struct pool *p = pools_add(&s->pools, s, text_of(d, "Id"), realm->region, owner);
	enum prog_status status;
	const char *why;

	if (p == NULL)
		return refuse(d, "a second record of this user pool");
	p->schema.as_said = true;
	if ((why = schema_describe(&p->schema, &r->list, r->text, 0)) != NULL)
		return refuse(d, why);
	if (read_date(d, "CreationDate", &p->created_ms) != 0 ||
	    read_date(d, "LastModifiedDate", &p->modified_ms) != 0)
		return refuse(d, "CreationDate or LastModifiedDate is not a date");
	status = read_records(d, p);
	if (status == PROG_OK && ops_need_schema(s->allowed))
		schema_add_seen(&p->schema, &p->store.users);
	return status;
}

static enum prog_status
add(struct reading *d)
{
	const struct record_reader *r = &d->reader;
	struct server *s = d->server;
	bool is_user_pool = tok_member(&r->list, r->text, 0, "Id") != 0;
	const struct role *owner;
	struct realm realm;
	const char *why;

	if (!is_user_pool && tok_member(&r->list, r->text, 0, "IdentityPoolId") == 0)
		return refuse(d, "neither a user pool nor an identity pool");
	if ((why = realm_of(&realm, &r->list, r->text, 0, &d->home)) != NULL)
		return refuse(d, why);
	owner = accounts_add(&s->accounts, realm.partition, realm.account);
	if (owner == NULL)
		return refuse(d, "its account is in another partition, too");
	accounts_add_region(&s->accounts, realm.region);
	if (is_user_pool) {
		enum prog_status status = add_user_pool(d, &realm, owner);

		if (status != PROG_OK)
			return status;
	}
	why = directory_add(&s->directory, &r->list, r->text, 0, &realm);
	return why == NULL ? PROG_OK : refuse(d, why);
}

static enum prog_status
read_all(struct reading *d)
{
	enum record_result result;
	enum prog_status status = PROG_OK;

	while ((result = record_next(&d->reader)) == RECORD_LINE || result == RECORD_WRONG) {
		status = result == RECORD_WRONG ? refuse(d, d->reader.reason) : add(d);
		if (status != PROG_OK)
			return status;
	}
	return result == RECORD_ERROR ? PROG_FAIL : load_verdict(&d->reader);
}

enum prog_status
inventory_read(struct server *s, const char *file)
{
	struct reading d = { .server = s, .file = file };
	enum prog_status status;
	int fd = STDIN_FILENO;

	if (strcmp(file, "-") != 0 && (fd = open(file, O_RDONLY | O_CLOEXEC)) == -1) {
		diag_error("%s: cannot open: %s", file, strerror(errno));
		return PROG_FAIL;
	}
	memcpy(d.home.partition, s->role.partition, sizeof d.home.partition);
	memcpy(d.home.account, s->role.account, sizeof d.home.account);
	buf_init(&d.text, RECORD_LINE_MAX);
	buf_init(&d.path, PATH_MAX);
	record_open(&d.reader, fd, strcmp(file, "-") == 0 ? "stdin" : file);
	status = read_all(&d);
	record_close(&d.reader);
	buf_free(&d.text);
	buf_free(&d.path);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}
