/*
 * Any bytes as the answers of a listing, one behind the other (\xff between them), through the
 * pager.  Compared with a slow walk over trees (tree.h): the same users, groups and memberships,
 * rendered by hand, byte for byte and in the same order; the same token in the next request; the
 * end and every refusal at the same answer.
 *
 * The pager's client is the one below, which sends nothing.
 */
#include <stdint.h>
#include <time.h>

#include "../../common/net/pager.c"

#include "base/clock.h"
#include "json/cognito.h"
#include "json/record.h"

#include "tree.h"

enum { ANSWERS_MAX = 8, RECORD_MAX = 4096, DIGITS_MAX = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The client. */

static struct {
	struct text request;
	unsigned submitted;
	bool stopped;
	enum prog_status status;
} client;

void
aws_submit(struct aws_client *c, const char *operation, const char *body, size_t len,
    aws_done *done, void *arg)
{
	(void)c;
	(void)done;
	(void)arg;
	check(strcmp(operation, "ListUsers") == 0);
	client.request.len = 0;
	text_add(&client.request, body, len);
	client.submitted++;
}

void
aws_kick(struct aws_client *c)
{
	(void)c;
}

void
aws_drop(struct aws_client *c, const void *arg)
{
	(void)c;
	(void)arg;
}

enum prog_status
aws_status(enum aws_outcome o)
{
	(void)o;
	return PROG_FAIL;
}

static void
on_done(void *arg, enum prog_status status, const char *why)
{
	(void)arg;
	check((status == PROG_OK) == (why == NULL));
	client.stopped = true;
	client.status = status;
}

/* The slow way.  All return false where a record is refused. */

/* The date of a number of seconds: its digits, the point moved by the exponent and by three. */
static bool
slow_date(struct text *to, const struct tree *t)
{
	char digits[DIGITS_MAX + 1] = "";
	const char *e = strpbrk(t->s, "eE"), *point = strchr(t->s, '.'), *s = t->s + (*t->s == '-');
	long exponent = e != NULL ? strtol(e + 1, NULL, 10) : 0, whole, n = 0;
	long long ms = 0;
	struct tm tm;
	char text[60];
	time_t seconds;

	exponent = exponent > 100000 ? 100000 : exponent < -100000 ? -100000 : exponent;
	whole = (point != NULL ? point : e != NULL ? e : t->s + t->len) - s + exponent + 3;
	for (; *s != '\0' && s != e && n < whole; s++) {
		if (*s == '.' || (*s == '0' && n == 0 && (whole--, true)))
			continue;
		if (n == DIGITS_MAX)
			return false;
		digits[n++] = *s;
	}
	if (n > 0 && whole > DIGITS_MAX)
		return false;
	for (; n > 0 && n < whole; n++)
		digits[n] = '0';
	if (n > 18)
		return false;
	ms = n > 0 ? strtoll(digits, NULL, 10) : 0;
	if (*t->s == '-')
		ms = -ms;
	if (ms < -62167219200000 || ms > 253402300799999)
		return false;
	seconds = (time_t)((ms - ((ms % 1000) + 1000) % 1000) / 1000);
	check(gmtime_r(&seconds, &tm) != NULL);
	snprintf(text, sizeof text, "\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\"", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
	    (int)(((ms % 1000) + 1000) % 1000));
	text_say(to, text);
	return true;
}

static bool
slow_name(struct text *to, const struct tree *t, const char *member)
{
	const struct tree *name = tree_get(t, member);

	if (name == NULL || name->kind != TREE_STRING || name->len == 0 || name->lone || name->nul)
		return false;
	text_string(to, name->s, name->len);
	return true;
}

static int
by_name(const void *a, const void *b)
{
	const struct tree *x = tree_get(*(struct tree *const *)a, "Name");
	const struct tree *y = tree_get(*(struct tree *const *)b, "Name");
	int order = memcmp(x->s, y->s, x->len < y->len ? x->len : y->len);

	return order != 0 ? order : (x->len > y->len) - (x->len < y->len);
}

static bool
is_attribute(const struct tree *t)
{
	const struct tree *name = tree_get(t, "Name"), *value = tree_get(t, "Value");

	if (name == NULL || name->kind != TREE_STRING || name->len == 0 || name->lone)
		return false;
	if (value == NULL || value->kind == TREE_NULL)
		return true;
	return value->kind == TREE_STRING &&
	    !(tree_is(name, "sub") && (value->lone || value->nul));
}

static bool
slow_attributes(struct text *to, const struct tree *list, bool few, size_t *replaced)
{
	struct tree **sorted;
	bool good = true, first = true;

	text_say(to, ",\"Attributes\":{");
	if (list != NULL && (list->kind != TREE_ARRAY || list->count > COGNITO_ATTRIBUTES_MAX))
		return false;
	for (size_t i = 0; list != NULL && i < list->count; i++)
		if (!is_attribute(list->kid[i]))
			return false;
	sorted = malloc((list != NULL ? list->count + 1 : 1) * sizeof *sorted);
	if (list != NULL && list->count > 0) {
		memcpy(sorted, list->kid, list->count * sizeof *sorted);
		qsort(sorted, list->count, sizeof *sorted, by_name);
	}
	for (size_t i = 0; list != NULL && i < list->count; i++) {
		const struct tree *name = tree_get(sorted[i], "Name"),
		    *v = tree_get(sorted[i], "Value");

		good &= i == 0 || by_name(&sorted[i - 1], &sorted[i]) != 0;
		if (few && !tree_is(name, "sub") && !tree_is(name, "email") &&
		    !tree_is(name, "custom:x"))
			continue;
		text_say(to, first ? "" : ",");
		first = false;
		text_string(to, name->s, name->len);
		text_say(to, ":");
		text_string(to, v != NULL ? v->s : NULL, v != NULL ? v->len : 0);
		*replaced += good && v != NULL && v->lone;
	}
	free(sorted);
	text_say(to, "}");
	return good;
}

static bool
is_one_of(const struct tree *key, const char *const names[])
{
	for (; *names != NULL; names++)
		if (tree_is(key, *names))
			return true;
	return false;
}

/* The members of the names, in their order; "@" before that of a date. */
static bool
slow_members(struct text *to, const struct tree *t, const char *const names[])
{
	for (; *names != NULL; names++) {
		const char *name = *names + (**names == '@');
		const struct tree *v = tree_get(t, name);

		if (v == NULL || v->kind == TREE_NULL)
			continue;
		text_say(to, ",\"");
		text_say(to, name);
		text_say(to, "\":");
		if (**names != '@')
			text_tree(to, v);
		else if (v->kind != TREE_NUMBER || !slow_date(to, v))
			return false;
	}
	return true;
}

static bool
slow_unknown(struct text *to, const struct tree *t, const char *const known[])
{
	static const char *const keys[] = { "Username", "GroupName", "Groups", NULL };

	for (size_t i = 0; i < t->count; i += 2) {
		if (t->kid[i + 1]->kind == TREE_NULL || is_one_of(t->kid[i], known))
			continue;
		/* It would be another kind of record. */
		if ((t->kid[i]->len > 0 && t->kid[i]->s[0] == '~') || is_one_of(t->kid[i], keys))
			return false;
		text_say(to, ",");
		text_string(to, t->kid[i]->s, t->kid[i]->len);
		text_say(to, ":");
		text_tree(to, t->kid[i + 1]);
	}
	return true;
}

static bool
slow_user(struct text *to, const struct tree *t, size_t *replaced)
{
	static const char *const known[] = { "Username", "Enabled", "UserStatus", "UserCreateDate",
		"UserLastModifiedDate", "Attributes", "UserAttributes", NULL };
	static const char *const ours[] = { "Enabled", "UserStatus", "@UserCreateDate",
		"@UserLastModifiedDate", NULL };
	const struct tree *list = tree_get(t, "Attributes");

	text_say(to, "{\"Username\":");
	if (!slow_name(to, t, "Username") || !slow_members(to, t, ours) ||
	    !slow_attributes(to, list != NULL ? list : tree_get(t, "UserAttributes"), false,
	    replaced) ||
	    !slow_unknown(to, t, known))
		return false;
	text_say(to, ",\"Groups\":[\"g\"]}");
	return to->len <= RECORD_MAX;
}

static bool
slow_group(struct text *to, const struct tree *t, size_t *replaced)
{
	static const char *const known[] = { "GroupName", "Description", "Precedence", "RoleArn",
		"CreationDate", "LastModifiedDate", "UserPoolId", NULL };
	static const char *const ours[] = { "Description", "Precedence", "RoleArn", "@CreationDate",
		"@LastModifiedDate", NULL };

	(void)replaced;
	text_say(to, "{\"GroupName\":");
	if (!slow_name(to, t, "GroupName") || !slow_members(to, t, ours) ||
	    !slow_unknown(to, t, known))
		return false;
	text_say(to, "}");
	return to->len <= RECORD_MAX;
}

static bool
slow_membership(struct text *to, const struct tree *t, size_t *replaced)
{
	text_say(to, "{\"GroupName\":\"\xc3\xa9\\\"\",\"Username\":");
	if (!slow_name(to, t, "Username") ||
	    !slow_attributes(to, tree_get(t, "Attributes"), true, replaced))
		return false;
	text_say(to, "}");
	return to->len <= RECORD_MAX;
}

/* The comparison. */

static struct tree *page_tree;
static struct cognito_names *names;

static void
check_record(const char *wrong, const struct buf *b, size_t replaced, const struct tree *item,
    bool (*slow)(struct text *, const struct tree *, size_t *))
{
	static const char before[] = "before";
	size_t counted = 0, at = sizeof before - 1;
	struct text text = { NULL, 0, 0 };
	char reason[RECORD_REASON_SIZE];
	struct record_keys keys;
	struct tok_list list;
	bool good = slow(&text, item, &counted);

	check(good == (wrong == NULL));
	check(memcmp(b->data, before, at) == 0 && b->data[b->len] == '\0');
	if (!good) {
		check(b->len == at);
	} else {
		check(b->len - at == text.len && memcmp(b->data + at, text.s, text.len) == 0);
		check(counted == replaced);
		tok_init(&list, RECORD_TOKENS_MAX);
		/* Members that we do not know may repeat, also what is reserved in a record. */
		(void)record_check(b->data + at, b->len - at, &list, &keys, reason);
		check(list.count > 0 && list.tok[0].type == TOK_OBJECT);
		tok_free(&list);
	}
	free(text.s);
}

static bool
on_page(void *arg, const struct pager_page *page)
{
	const struct tree *list = tree_get(page_tree, "Users");
	uint32_t at = page->items + 1;
	struct buf b;

	(void)arg;
	check(list != NULL && list->kind == TREE_ARRAY);
	buf_init(&b, RECORD_MAX + sizeof "before" - 1);
	for (size_t i = 0; i < list->count; i++, at = page->list->tok[at].next) {
		size_t replaced = 0;

		check(at < page->list->tok[page->items].next);
		buf_clear(&b);
		buf_append_string(&b, "before");
		check_record(cognito_user(&b, page->list, page->text, at, "[\"g\"]", &replaced), &b,
		    replaced, list->kid[i], slow_user);
		buf_clear(&b);
		buf_append_string(&b, "before");
		check_record(cognito_group(&b, page->list, page->text, at), &b, 0, list->kid[i],
		    slow_group);
		buf_clear(&b);
		buf_append_string(&b, "before");
		replaced = 0;
		check_record(cognito_membership(&b, page->list, page->text, at, "\xc3\xa9\"", names,
		    &replaced), &b, replaced, list->kid[i], slow_membership);
	}
	check(at == page->list->tok[page->items].next);
	buf_free(&b);
	return true;
}

/* The tokens so far, as they stand in the answers' canonical form. */
struct tokens {
	char *text[ANSWERS_MAX];
	size_t count;
};

static bool
is_new(struct tokens *t, const char *s)
{
	for (size_t i = 0; i < t->count; i++)
		if (strcmp(t->text[i], s) == 0)
			return false;
	t->text[t->count++] = strdup(s);
	return true;
}

/* What must have become of the answer. */
static void
check_answer(struct tokens *seen, unsigned submitted)
{
	const struct tree *list = tree_get(page_tree, "Users");
	const struct tree *token = tree_get(page_tree, "PaginationToken");
	struct text wanted = { NULL, 0, 0 };
	bool good = page_tree != NULL && list != NULL && list->kind == TREE_ARRAY;
	bool last = token == NULL || token->kind == TREE_NULL;

	if (good && !last)
		good = token->kind == TREE_STRING && token->len > 0;
	if (!good || last) {
		check(client.stopped && client.submitted == submitted);
		check(client.status == (good ? PROG_OK : PROG_FAIL));
		return;
	}
	text_say(&wanted, "{\"Limit\":60,\"PaginationToken\":");
	text_string(&wanted, token->s, token->len);
	text_say(&wanted, "}");
	if (is_new(seen, wanted.s)) {
		check(!client.stopped && client.submitted == submitted + 1);
		check(client.request.len == wanted.len &&
		    memcmp(client.request.s, wanted.s, wanted.len) == 0);
	} else {
		check(client.stopped && client.status == PROG_FAIL &&
		    client.submitted == submitted);
	}
	free(wanted.s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	bool told = true;
	struct pager_request request = { .operation = "ListUsers", .items = "Users",
		.token = "PaginationToken", .body = "{\"Limit\":60}", .page = on_page,
		    .done = on_done,
		.told = &told };
	struct tokens seen = { .count = 0 };
	struct pager *p;

	if (names == NULL)
		names = cognito_names_new("email,custom:x");
	client.submitted = 0;
	client.stopped = false;
	p = pager_start(NULL, &request);
	for (int i = 0; i < ANSWERS_MAX && !client.stopped; i++) {
		const uint8_t *end = size > 0 ? memchr(data, 0xff, size) : NULL;
		size_t len = end != NULL ? (size_t)(end - data) : size;
		struct aws_result r = { .outcome = AWS_OK, .body_len = len };
		unsigned submitted = client.submitted;

		r.body = malloc(len + 1);
		memcpy(r.body, data, len);
		r.body[len] = '\0';
		page_tree = tree_parse(r.body, len);
		on_answer(p, &r);
		check_answer(&seen, submitted);
		tree_free(page_tree);
		free(r.body);
		data += len + (end != NULL);
		size -= len + (end != NULL);
	}
	if (!client.stopped)
		pager_cancel(p);
	for (size_t i = 0; i < seen.count; i++)
		free(seen.text[i]);
	return 0;
}
