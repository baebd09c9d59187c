/* One user, taken apart to be changed (user.h).  The form is of our own making (wire.c). */
#include "user.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"
#include "wire.h"

void
user_make(struct user *u, const char *username)
{
	memset(u, 0, sizeof *u);
	u->username = mem_dup_string(username);
	u->status = mem_dup_string("");
	u->rest = mem_dup_string("");
	u->unlisted = mem_dup_string("");
}

static void
read_attributes(struct user *u, const struct store_item *item)
{
	static const char head[] = "{\"Name\":\"", middle[] = "\",\"Value\":\"", tail[] = "\"},";
	const char *at = item->text + item->attributes + 1;
	const char *end = item->text + item->attributes_end - 1;
	size_t n;
	char *name;

	while (at < end) {
		at += sizeof head - 1;
		n = store_string_length(at);
		name = mem_dup(at, n);
		at += n + sizeof middle - 1;
		n = store_string_length(at);
		u->attribute = mem_resize(u->attribute, u->count + 1, sizeof *u->attribute);
		u->attribute[u->count++] = (struct user_attribute){ name, mem_dup(at, n) };
		at += n + sizeof tail - 1;
	}
}

/* The number behind this name, at *at, which moves behind it; or NULL. */
static char *
read_date(const char **at, const char *name)
{
	size_t n = strlen(name);
	char *date;

	if (strncmp(*at, name, n) != 0)
		return NULL;
	*at += n;
	n = strcspn(*at, ",}");
	date = mem_dup(*at, n);
	*at += n;
	return date;
}

void
user_read(struct user *u, const struct store_item *item)
{
	static const char status[] = ",\"UserStatus\":\"";
	const char *at = item->text + item->attributes_end, *listed = item->text + item->listed;
	size_t n;

	memset(u, 0, sizeof *u);
	u->username = mem_dup(item->text + item->name_at + 1, item->name_len - 2);
	read_attributes(u, item);
	u->created = read_date(&at, ",\"UserCreateDate\":");
	u->modified = read_date(&at, ",\"UserLastModifiedDate\":");
	at = item->text + item->enabled;
	u->enabled = *at == 't';
	at += strcspn(at, ",") + sizeof status - 1;
	n = store_string_length(at);
	u->status = mem_dup(at, n);
	at += n + 1;
	u->rest = mem_dup(at, (size_t)(listed - at));
	u->unlisted = mem_dup(listed, item->len - item->listed - 1);
}

void
user_free(struct user *u)
{
	size_t i;

	for (i = 0; i < u->count; i++) {
		free(u->attribute[i].name);
		free(u->attribute[i].value);
	}
	free(u->attribute);
	free(u->username);
	free(u->created);
	free(u->modified);
	free(u->status);
	free(u->rest);
	free(u->unlisted);
}

static size_t
find(const struct user *u, const char *name)
{
	size_t i;

	for (i = 0; i < u->count && strcmp(u->attribute[i].name, name) != 0; i++)
		;
	return i;
}

const char *
user_get(const struct user *u, const char *name)
{
	size_t i = find(u, name);

	return i < u->count ? u->attribute[i].value : NULL;
}

void
user_set(struct user *u, const char *name, const char *value)
{
	size_t i = find(u, name);

	if (value == NULL) {
		if (i == u->count)
			return;
		free(u->attribute[i].name);
		free(u->attribute[i].value);
		memmove(&u->attribute[i], &u->attribute[i + 1],
		    (--u->count - i) * sizeof *u->attribute);
	} else if (i < u->count) {
		free(u->attribute[i].value);
		u->attribute[i].value = mem_dup_string(value);
	} else {
		u->attribute = mem_resize(u->attribute, u->count + 1, sizeof *u->attribute);
		u->attribute[u->count++] = (struct user_attribute){
			mem_dup_string(name), mem_dup_string(value)
		};
	}
}

void
user_set_status(struct user *u, const char *status)
{
	free(u->status);
	u->status = mem_dup_string(status);
}

void
user_touch(struct user *u, int64_t ms)
{
	struct buf b;

	buf_init(&b, 64);
	wire_put_epoch(&b, ms);
	free(u->modified);
	u->modified = mem_dup_string(buf_string(&b));
	if (u->created == NULL)
		u->created = mem_dup_string(u->modified);
	buf_free(&b);
}

void
user_render(const struct user *u, struct buf *b, struct store_item *form)
{
	size_t i;

	memset(form, 0, sizeof *form);
	buf_clear(b);
	buf_append_string(b, "{\"Username\":");
	form->name_at = (uint32_t)b->len;
	buf_append_byte(b, '"');
	buf_append_string(b, u->username);
	buf_append_byte(b, '"');
	form->name_len = (uint32_t)b->len - form->name_at;
	buf_append_string(b, ",\"Attributes\":");
	form->attributes = (uint32_t)b->len;
	for (i = 0; i < u->count; i++) {
		buf_append_string(b, i == 0 ? "[{\"Name\":\"" : ",{\"Name\":\"");
		buf_append_string(b, u->attribute[i].name);
		buf_append_string(b, "\",\"Value\":\"");
		buf_append_string(b, u->attribute[i].value);
		buf_append_string(b, "\"}");
	}
	buf_append_string(b, u->count == 0 ? "[]" : "]");
	form->attributes_end = (uint32_t)b->len;
	if (u->created != NULL)
		buf_appendf(b, ",\"UserCreateDate\":%s", u->created);
	if (u->modified != NULL)
		buf_appendf(b, ",\"UserLastModifiedDate\":%s", u->modified);
	buf_append_string(b, ",\"Enabled\":");
	form->enabled = (uint32_t)b->len;
	buf_append_string(b, u->enabled ? "true" : "false");
	buf_append_string(b, ",\"UserStatus\":\"");
	buf_append_string(b, u->status);
	buf_append_byte(b, '"');
	buf_append_string(b, u->rest);
	form->listed = (uint32_t)b->len;
	buf_append_string(b, u->unlisted);
	buf_append_byte(b, '}');
	form->text = b->data;
	form->len = (uint32_t)b->len;
}

bool
user_says_true(const char *value)
{
	return value != NULL && strcasecmp(value, "true") == 0;
}
