/*
 * The directory (directory.h).
 *
 * An item's name says whose it is, too: POOL"NAME", or for an answer WHAT and whom it is of.  No
 * text that is sent has it in one piece, so it stands behind the text.
 */
#include "directory.h"

#include <stdlib.h>
#include <string.h>

#include "json/record.h"

/* A record is at most a megabyte; its form has a few members more. */
enum { FORM_MAX = 2 * RECORD_LINE_MAX };

void
directory_init(struct directory *d)
{
	memset(d, 0, sizeof *d);
	buf_init(&d->form, FORM_MAX);
	buf_init(&d->key, FORM_MAX);
}

void
directory_free(struct directory *d)
{
	size_t i;

	store_free(&d->memory);
	store_free_table(&d->pools);
	for (i = 0; i < DIRECTORY_KINDS; i++)
		store_free_table(&d->part[i]);
	store_free_table(&d->identities);
	store_free_table(&d->answers);
	for (i = 0; i < d->realm_count; i++)
		free(d->realm[i].list);
	free(d->realm);
	free(d->pool);
	free(d->identity_realm);
	buf_wipe(&d->form);
	buf_free(&d->key);
}

uint32_t
directory_define(struct directory *d, struct store_table *t, size_t listed)
{
	const char *key = buf_string(&d->key);
	uint32_t number = store_mention(&d->memory, t, key, d->key.len);
	struct store_item item = {.listed = (uint32_t)listed, .name_at = (uint32_t)d->form.len,
	    .name_len = (uint32_t)d->key.len};

	if (store_is_defined(&t->item[number]))
		return UINT32_MAX;
	buf_append(&d->form, key, d->key.len);
	item.text = buf_string(&d->form);
	item.len = (uint32_t)d->form.len;
	store_define(&d->memory, t, number, &item);
	t->item[number].len = item.name_at;
	return number;
}

void
directory_key(struct buf *key, const char *what, const struct realm *realm, const char *name)
{
	buf_clear(key);
	buf_appendf(key, "%s %s %s ", what, realm->region, realm->account);
	buf_append_string(key, name);
}

/* The item of the key, which is freed; or NULL. */
static const struct store_item *
find(const struct store_table *t, struct buf *key)
{
	uint32_t number = store_find(t, buf_string(key), key->len);

	buf_free(key);
	return number != UINT32_MAX ? &t->item[number] : NULL;
}

const struct directory_pool *
directory_pool(const struct directory *d, const char *id)
{
	uint32_t number = store_find(&d->pools, id, strlen(id));

	return number != UINT32_MAX ? &d->pool[number] : NULL;
}

const struct store_item *
directory_part(const struct directory *d, enum directory_kind kind, const char *pool,
    const char *name)
{
	struct buf key;

	buf_init(&key, FORM_MAX);
	buf_append_string(&key, pool);
	buf_append_string(&key, name);
	return find(&d->part[kind], &key);
}

static const struct store_item *
answer_of_pool(const struct directory *d, const char *what, const char *id)
{
	struct buf key;

	buf_init(&key, FORM_MAX);
	buf_appendf(&key, "%s %s", what, id);
	return find(&d->answers, &key);
}

static const struct store_item *
answer_of_realm(const struct directory *d, const char *what, const struct realm *realm,
    const char *name)
{
	struct buf key;

	buf_init(&key, FORM_MAX);
	directory_key(&key, what, realm, name);
	return find(&d->answers, &key);
}

const struct store_item *
directory_mfa(const struct directory *d, const char *pool)
{
	return answer_of_pool(d, "mfa", pool);
}

const struct store_item *
directory_tags(const struct directory *d, const char *pool)
{
	return answer_of_pool(d, "tags", pool);
}

const struct store_item *
directory_domain(const struct directory *d, const struct realm *realm, const char *name)
{
	return answer_of_realm(d, "domain", realm, name);
}

const struct store_item *
directory_limit(const struct directory *d, const struct realm *realm, const char *category)
{
	return answer_of_realm(d, "limit", realm, category);
}

const struct store_item *
directory_roles(const struct directory *d, const char *identity_pool)
{
	return answer_of_pool(d, "roles", identity_pool);
}

const struct store_item *
directory_identity(const struct directory *d, const char *id, const struct realm **realm)
{
	uint32_t number = store_find(&d->identities, id, strlen(id));

	if (number == UINT32_MAX)
		return NULL;
	*realm = &d->realm[d->identity_realm[number]].realm;
	return &d->identities.item[number];
}

const struct directory_realm *
directory_identities(const struct directory *d, const struct realm *realm)
{
	size_t i;

	for (i = 0; i < d->realm_count; i++)
		if (realm_is_same(&d->realm[i].realm, realm))
			return &d->realm[i];
	return NULL;
}
