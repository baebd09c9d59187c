/* What is left alone (left.h). */
#include "left.h"

#include "json/jtext.h"

const char left_twice[] = "the key is more than once on a side";

static void
put(struct buf *b, const char *name, const char *text, size_t len)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, text, len);
}

/* A string of a half, as it is. */
static void
put_token(struct buf *b, const char *name, const struct view *v, uint32_t index)
{
	if (index == 0 || v->list->tok[index].type != TOK_STRING)
		return;
	buf_appendf(b, ",\"%s\":", name);
	jtext_string_token(b, &v->list->tok[index], v->text);
}

static void
end(struct sync *s, struct buf *b, const char *why)
{
	put(b, "Why", why, strlen(why));
	buf_append_string(b, "}\n");
	out_write(&s->left, b->data, b->len);
	buf_free(b);
}

static void
begin(struct sync *s, struct buf *b, const struct subject *p, const char *what)
{
	const struct half *have = subject_have(p), *h = have->count > 0 ? have : &p->half[WANT];

	(void)s;
	buf_init(b, 4 * (size_t)RECORD_LINE_MAX);
	buf_appendf(b, "{\"Left\":\"%s\"", what);
	put(b, "Key", p->key.data, p->key.len);
	if (p->kind == 'G' || h->count == 0)
		return;
	put_token(b, "Username", &h->view, h->view.keys.username);
	put_token(b, "sub", &h->view, h->view.keys.sub);
}

void
left_subject(struct sync *s, const struct subject *p, const char *why)
{
	struct buf b;

	if (s->o.left == NULL)
		return;
	begin(s, &b, p, p->kind == 'G' ? "group" : "user");
	end(s, &b, why);
}

void
left_twin(struct sync *s, const struct subject *p, const char *text, size_t len)
{
	char reason[RECORD_REASON_SIZE];
	struct tok_list list;
	struct view v = { text, &list, { 0, 0, 0, 0, 0 } };
	struct buf b;

	if (s->o.left == NULL)
		return;
	tok_init(&list, RECORD_TOKENS_MAX);
	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_append_string(&b, "{\"Left\":\"user\"");
	put(&b, "Key", p->key.data, p->key.len);
	if (record_check(text, len, &list, &v.keys, reason) == NULL) {
		put_token(&b, "Username", &v, v.keys.username);
		put_token(&b, "sub", &v, v.keys.sub);
	}
	end(s, &b, left_twice);
	tok_free(&list);
}

void
left_group(struct sync *s, uint32_t group, const char *why)
{
	struct buf b, name;

	if (s->o.left == NULL)
		return;
	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_init(&name, KEYSET_KEY_MAX);
	keyset_text(&s->groups.names, s->groups.item[group].entry, &name);
	buf_append_string(&b, "{\"Left\":\"group\"");
	put(&b, "Key", buf_string(&name), name.len);
	buf_free(&name);
	end(s, &b, why);
}

void
left_member(struct sync *s, const struct subject *p, uint32_t group, const char *why)
{
	struct buf b, name;

	if (s->o.left == NULL)
		return;
	begin(s, &b, p, "member");
	buf_init(&name, KEYSET_KEY_MAX);
	keyset_text(&s->groups.names, s->groups.item[group].entry, &name);
	put(&b, "GroupName", buf_string(&name), name.len);
	buf_free(&name);
	end(s, &b, why);
}

void
left_operation(struct sync *s, const struct view *v, const char *why)
{
	static const char *const members[] = { "Op", "Key", "GroupName", "Username", "sub" };
	struct buf b;

	if (s->o.left == NULL)
		return;
	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_append_string(&b, "{\"Left\":\"operation\"");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		put_token(&b, members[i], v, tok_member(v->list, v->text, 0, members[i]));
	end(s, &b, why);
}

void
left_record(struct sync *s, const struct view *v, const char *why)
{
	struct buf b;

	if (s->o.left == NULL)
		return;
	buf_init(&b, 4 * (size_t)RECORD_LINE_MAX);
	buf_appendf(&b, "{\"Left\":\"%s\"", v->keys.group_name != 0 ? "member" : "user");
	put_token(&b, "GroupName", v, v->keys.group_name);
	put_token(&b, "Username", v, v->keys.username);
	put_token(&b, "sub", v, v->keys.sub);
	end(s, &b, why);
}
