#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/files.h"
#include "json/jtext.h"
#include "json/record.h"

#include "ids.h"
#include "schema.h"

void
ids_init(struct ids *d)
{
	keyset_init(&d->users);
	keyset_init(&d->groups);
	keyset_init(&d->ids);
}

void
ids_free(struct ids *d)
{
	keyset_free(&d->users);
	keyset_free(&d->groups);
	keyset_free(&d->ids);
}

/* Decodes the member's text into b.  Returns false if it is no text of a usable length. */
static bool
take_text(const struct record_reader *r, const char *name, struct buf *b)
{
	uint32_t value = tok_member(&r->list, r->text, 0, name);
	const struct tok *t = &r->list.tok[value];

	buf_clear(b);
	return value != 0 && t->type == TOK_STRING && (t->flags & TOK_NUL) == 0 &&
	    jtext_decode(b, r->text + t->start, t->end - t->start) == 0 && b->len > 0;
}

void
ids_add(struct ids *d, bool group, const struct buf *external, const struct buf *id)
{
	struct keyset *set = group ? &d->groups : &d->users;
	size_t before = set->count;
	struct keyset_key k;
	uint32_t value, entry;

	keyset_key(&k, id->data, id->len);
	value = keyset_add(&d->ids, &k);
	keyset_key(&k, external->data, external->len);
	entry = keyset_add(set, &k);
	if (set->count > before)
		keyset_set_number(set, entry, value);
	else if (keyset_number(set, entry) != value)
		keyset_set_number(set, entry, 0);
}

/* One line.  Returns NULL or what is wrong with it. */
static const char *
take_resource(struct ids *d, const struct record_reader *r, struct buf *external, struct buf *id)
{
	enum schema_type type = schema_type(&r->list, r->text);

	if (type == SCHEMA_NEITHER)
		return "neither a User nor a Group";
	if (!take_text(r, "id", id))
		return "no id";
	if (take_text(r, "externalId", external))
		ids_add(d, type == SCHEMA_IS_GROUP, external, id);
	return NULL;
}

static enum prog_status
judge(struct record_reader *r, bool need_seal)
{
	switch (record_verdict(r, need_seal)) {
	case RECORD_PLAIN:
	case RECORD_WHOLE:
		return PROG_OK;
	case RECORD_FAILED:
		diag_error("%s: %s", r->name, r->reason);
		return r->seal.retryable ? PROG_TEMPORARY : PROG_INCOMPLETE;
	default:
		diag_error("%s: incomplete: %s", r->name, r->reason);
		return PROG_INCOMPLETE;
	}
}

enum prog_status
ids_read(struct ids *d, const char *path, bool need_seal)
{
	int fd = files_open(path);
	enum record_result result = RECORD_END;
	enum prog_status status;
	const char *wrong = NULL;
	struct buf external, id;
	struct record_reader r;

	if (fd < 0) {
		diag_error("%s: cannot open: %s", path, strerror(errno));
		return PROG_FAIL;
	}
	buf_init(&external, KEYSET_KEY_MAX);
	buf_init(&id, KEYSET_KEY_MAX);
	record_open(&r, fd, path);
	while (wrong == NULL && (result = record_next(&r)) == RECORD_LINE)
		wrong = take_resource(d, &r, &external, &id);
	if (result == RECORD_WRONG)
		wrong = r.reason;
	if (wrong != NULL)
		diag_error("%s:%llu: %s", path, (unsigned long long)r.line, wrong);
	status = wrong != NULL || result == RECORD_ERROR ? PROG_FAIL : judge(&r, need_seal);
	record_close(&r);
	buf_free(&external);
	buf_free(&id);
	close(fd);
	return status;
}

enum ids_found
ids_find(struct ids *d, bool group, const char *external, size_t len, struct buf *id)
{
	struct keyset *set = group ? &d->groups : &d->users;
	struct keyset_key k;
	uint32_t entry, value;

	/* Most runs have no ids at all. */
	if (set->count == 0)
		return IDS_NONE;
	keyset_key(&k, external, len);
	entry = keyset_find(set, &k);
	if (entry == 0)
		return IDS_NONE;
	value = keyset_number(set, entry);
	if (value == 0)
		return IDS_TWO;
	keyset_text(&d->ids, value, id);
	return IDS_ONE;
}
