#include "passwords.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/rand.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/mem.h"
#include "json/fold.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "json/utf8.h"

enum {
	LINE_SIZE = 64 * 1024,		/* a key and a password, each byte escaped to six */
	BLOCK_SIZE = 64 * 1024,
	TOKENS_MAX = 64
};

/* Never moved, so that no copy stays behind. */
struct password_block {
	struct password_block *next;
	size_t len;
	char bytes[BLOCK_SIZE];
};

void
passwords_init(struct passwords *p)
{
	*p = (struct passwords){ 0 };
	keyset_init(&p->keys);
	keyset_init(&p->folded);
	fold_prepare();
}

void
passwords_free(struct passwords *p)
{
	struct password_block *b;

	while ((b = p->blocks) != NULL) {
		p->blocks = b->next;
		mem_wipe(b, sizeof *b);
		free(b);
	}
	if (p->buffer != NULL)
		mem_wipe(p->buffer, LINE_SIZE);
	free(p->buffer);
	free(p->all);
	keyset_free(&p->keys);
	keyset_free(&p->folded);
	*p = (struct passwords){ 0 };
}

/* Room for len bytes. */
static char *
reserve(struct passwords *p, size_t len)
{
	struct password_block *b = p->blocks;

	if (b == NULL || BLOCK_SIZE - b->len < len) {
		b = mem_alloc(sizeof *b);
		b->next = p->blocks;
		p->blocks = b;
	}
	b->len += len;
	return b->bytes + b->len - len;
}

/* What a password may be made of: anything but white space and controls. */
static bool
is_password(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == 0x7f)
			return false;
	return len > 0 && len <= PASSWORD_MAX && utf8_count(s, len) <= PASSWORD_CHARACTERS;
}

/* Decodes the string into a place that is never moved.  Returns NULL if that is no password. */
static const char *
take_text(struct passwords *p, const struct tok *t, const char *text, size_t *len)
{
	struct buf b;
	char *to = NULL;

	if (t->type != TOK_STRING || (t->flags & (TOK_NUL | TOK_LONE)) != 0)
		return NULL;
	buf_init(&b, LINE_SIZE);
	(void)buf_reserve(&b, t->end - t->start);
	if (jtext_decode(&b, text + t->start, t->end - t->start) == 0 &&
	    is_password(buf_string(&b), b.len)) {
		to = reserve(p, b.len);
		memcpy(to, b.data, b.len);
		*len = b.len;
	}
	buf_wipe(&b);
	return to;
}

/* Notes the key as plans have it whose keys are folded. */
static void
add_folded(struct passwords *p, const struct buf *key)
{
	struct keyset_key k;
	struct buf b;

	buf_init(&b, KEYSET_KEY_MAX);
	if (fold_append(&b, key->data, key->len) == 0) {
		keyset_key(&k, b.data, b.len);
		p->twice |= keyset_find(&p->folded, &k) != 0;
		keyset_set_number(&p->folded, keyset_add(&p->folded, &k), (uint32_t)p->count);
	}
	buf_free(&b);
}

/* Returns NULL, or what is wrong (static). */
static const char *
take_members(struct passwords *p, const struct tok_list *l, const char *text)
{
	uint32_t key = tok_member(l, text, 0, "Key"), word = tok_member(l, text, 0, "Password");
	uint32_t permanent = tok_member(l, text, 0, "Permanent");
	struct password new = { .permanent = PASSWORD_UNSAID };
	const char *wrong = NULL;
	struct keyset_key k;
	struct buf b;

	if (key == 0 || l->tok[key].type != TOK_STRING || l->tok[key].start == l->tok[key].end ||
	    (l->tok[key].flags & (TOK_NUL | TOK_LONE)) != 0)
		return "Key: not a text";
	if (word == 0 || (new.text = take_text(p, &l->tok[word], text, &new.len)) == NULL)
		return "Password: not one that the service takes";
	if (permanent != 0) {
		if (l->tok[permanent].type != TOK_TRUE && l->tok[permanent].type != TOK_FALSE)
			return "Permanent: neither true nor false";
		new.permanent = l->tok[permanent].type == TOK_TRUE ? PASSWORD_PERMANENT :
		    PASSWORD_TEMPORARY;
	}
	buf_init(&b, KEYSET_KEY_MAX);
	if (jtext_decode(&b, text + l->tok[key].start, l->tok[key].end - l->tok[key].start) != 0)
		wrong = "Key: too long";
	if (wrong == NULL) {
		keyset_key(&k, b.data, b.len);
		if (keyset_find(&p->keys, &k) != 0)
			wrong = "Key: there before";
	}
	if (wrong == NULL) {
		if (p->count == p->cap) {
			p->cap += p->cap + 64;
			p->all = mem_resize(p->all, p->cap, sizeof *p->all);
		}
		(void)keyset_insert(&p->keys, &k, (uint32_t)p->count);
		add_folded(p, &b);
		p->all[p->count++] = new;
	}
	buf_free(&b);
	return wrong;
}

static const char *
take_line(struct passwords *p, struct tok_list *l, const char *text, size_t len)
{
	if (utf8_valid(text, len) != len || tok_parse(l, text, len) != TOK_OK ||
	    l->tok[0].type != TOK_OBJECT)
		return "not an object of JSON";
	p->bytes += len;
	if (p->bytes > PASSWORDS_BYTES_MAX)
		return "more passwords than 256 MiB hold";
	return take_members(p, l, text);
}

/* The whole lines in the buffer.  Returns NULL, or what is wrong with line *number. */
static const char *
take_lines(struct passwords *p, struct tok_list *l, uint64_t *number)
{
	const char *wrong = NULL, *lf;
	size_t at = 0;

	while (wrong == NULL && (lf = memchr(p->buffer + at, '\n', p->fill - at)) != NULL) {
		++*number;
		wrong = take_line(p, l, p->buffer + at, (size_t)(lf - p->buffer) - at);
		at = (size_t)(lf - p->buffer) + 1;
	}
	memmove(p->buffer, p->buffer + at, p->fill - at);
	p->fill -= at;
	if (wrong == NULL && p->fill == LINE_SIZE) {
		++*number;
		wrong = "longer than 64 KiB";
	}
	return wrong;
}

enum prog_status
passwords_read(struct passwords *p, int fd, const char *name)
{
	const char *wrong = NULL;
	struct tok_list l;
	uint64_t line = 0;
	ssize_t n = 1;

	p->buffer = mem_alloc(LINE_SIZE);
	tok_init(&l, TOKENS_MAX);
	while (wrong == NULL && n != 0) {
		n = read(fd, p->buffer + p->fill, LINE_SIZE - p->fill);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1) {
			diag_error("%s: %s", name, strerror(errno));
			tok_free(&l);
			return PROG_FAIL;
		}
		p->fill += (size_t)n;
		wrong = take_lines(p, &l, &line);
	}
	if (wrong == NULL && p->fill > 0) {
		line++;
		wrong = "the last line has no end: the file is cut off";
	}
	tok_free(&l);
	if (wrong != NULL)
		diag_error("%s:%llu: %s", name, (unsigned long long)line, wrong);
	return wrong != NULL ? PROG_FAIL : PROG_OK;
}

struct password *
passwords_find(struct passwords *p, const char *key)
{
	struct keyset *set = p->fold ? &p->folded : &p->keys;
	struct keyset_key k;
	uint32_t entry;

	if (p->count == 0)
		return NULL;
	keyset_key(&k, key, strlen(key));
	entry = keyset_find(set, &k);
	return entry != 0 ? &p->all[keyset_number(set, entry)] : NULL;
}

int
password_random(char out[PASSWORD_RANDOM])
{
	static const char symbols[64] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	static const char one_of_each[] = "Aa0-";
	unsigned char random[PASSWORD_RANDOM];

	if (RAND_bytes(random, sizeof random) != 1)
		return -1;
	for (size_t i = 0; i < sizeof random; i++)
		out[i] = symbols[random[i] % sizeof symbols];
	/* So that every policy is content; 96 random ones are enough. */
	memcpy(out, one_of_each, sizeof one_of_each - 1);
	mem_wipe(random, sizeof random);
	return 0;
}
