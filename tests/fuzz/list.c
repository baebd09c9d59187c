/*
 * Any bytes as the pages of a SCIM server's users, one behind the other (\xff between them).
 * Compared with a slow walk over trees (tree.h): if the listing ends well, the rows since it last
 * began are the resources of all its pages, in canonical form, each id once, as many as
 * totalResults says, or up to the page without a cursor; and the pages that were asked for are the
 * ones behind what came.  It ends whatever the server does: the last two pages come again and
 * again.
 *
 * The first byte chooses the dialect, and whether those pages come again.
 *
 * Link: -Wl,--wrap=scim_call,--wrap=scim_dialect_of,--wrap=diag_error
 */
#include <stdint.h>
#include <strings.h>

#include "base/diag.h"
#include "json/record.h"
#include "net/scim_list.h"

#include "tree.h"

enum { PAGES_MAX = 8, CALLS_MAX = 20000, PAGE = 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const struct scim_result *__wrap_scim_call(struct scim_client *c, const char *method,
    const char *path, const char *body, size_t len);
enum scim_dialect __wrap_scim_dialect_of(const struct scim_client *c);
void __wrap_diag_error(const char *fmt, ...);

static struct {
	char *text[PAGES_MAX];
	size_t len[PAGES_MAX], count, calls;
	bool cursors, again;
} server;

/* What has come since the listing began, by the pages; and what was given out. */
static struct text wanted, given;
static size_t resources, tries;
static struct tree *ids;
static char *cursor;
static long long total;
static bool moved;	/* the pages did not agree on the total */

static void
forget(void)
{
	tree_free(ids);
	ids = calloc(1, sizeof *ids);
	free(cursor);
	cursor = NULL;
	wanted.len = 0;
	resources = 0;
	total = -1;
	moved = false;
}

/* The member of that name in any case, as SCIM has names (RFC 7643, 2.1), or NULL. */
static const struct tree *
get(const struct tree *t, const char *name)
{
	const struct tree *found = NULL;

	for (size_t i = 0; t != NULL && t->kind == TREE_OBJECT && i < t->count; i += 2)
		if (t->kid[i]->len == strlen(name) &&
		    strncasecmp(t->kid[i]->s, name, strlen(name)) == 0)
			found = t->kid[i + 1];
	return found;
}

/* The resources of a page that is good go to what is wanted. */
static void
note_page(const struct tree *page)
{
	const struct tree *list = get(page, "Resources"), *next = get(page, "nextCursor");
	const struct tree *number = get(page, "totalResults");

	for (size_t i = 0; list != NULL && list->kind == TREE_ARRAY && i < list->count; i++) {
		text_tree(&wanted, list->kid[i]);
		text_say(&wanted, "\n");
		resources++;
	}
	if (number != NULL && number->kind == TREE_NUMBER) {
		moved |= total >= 0 && total != strtoll(number->s, NULL, 10);
		total = strtoll(number->s, NULL, 10);
	}
	free(cursor);
	cursor = next != NULL && next->kind == TREE_STRING && next->len > 0 ?
	    strndup(next->s, next->len) : NULL;
}

const struct scim_result *
__wrap_scim_call(struct scim_client *c, const char *method, const char *path, const char *body,
    size_t len)
{
	static struct scim_result r;
	size_t i = server.calls++;
	struct tree *page;
	char start[60];

	(void)c;
	(void)len;
	check(server.calls < CALLS_MAX && strcmp(method, "GET") == 0 && body == NULL);
	check(strncmp(path, "/Users?", 7) == 0 && strpbrk(path, " \r\n\"\\") == NULL);
	if (!server.cursors) {
		/* From the first on, the listing has begun once more. */
		if (strstr(path, "startIndex=1&") != NULL)
			forget();
		snprintf(start, sizeof start, "startIndex=%zu&count=%d", resources + 1, PAGE);
		check(strcmp(path + strlen(path) - strlen(start), start) == 0);
	} else if (strstr(path, "?cursor&") != NULL) {
		forget();
	} else {
		check(cursor != NULL && strstr(path, "?cursor=") != NULL);
	}
	if (i >= server.count && server.again && server.count > 1)
		i = server.count - 2 + i % 2;
	memset(&r, 0, sizeof r);
	r.summary = r.message = "404";
	r.outcome = i < server.count ? SCIM_OK : SCIM_DENIED;
	r.body = i < server.count ? server.text[i] : "";
	r.body_len = i < server.count ? server.len[i] : 0;
	page = tree_parse(r.body, r.body_len);
	note_page(page);
	tree_free(page);
	return &r;
}

enum scim_dialect
__wrap_scim_dialect_of(const struct scim_client *c)
{
	(void)c;
	return server.cursors ? SCIM_AWS : SCIM_RFC;
}

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
}

static int
on_row(void *arg, const char *text, size_t len)
{
	(void)arg;
	text_add(&given, text, len);
	text_say(&given, "\n");
	return 0;
}

static int
on_again(void *arg)
{
	(void)arg;
	given.len = 0;
	tries++;
	return 0;
}

/* Each line of what was given has an id, and none twice. */
static void
check_ids(void)
{
	const char *p = given.s, *end = given.s + given.len;
	struct tree *rows[1000];
	size_t count = 0;

	while (p < end) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		check(lf != NULL);
		if (count == 1000)
			break;
		rows[count] = tree_parse(p, (size_t)(lf - p));
		check(rows[count] != NULL && get(rows[count], "id") != NULL);
		for (size_t i = 0; i < count; i++) {
			const struct tree *a = get(rows[i], "id"), *b = get(rows[count], "id");

			check(a->len != b->len || memcmp(a->s, b->s, a->len) != 0);
		}
		count++;
		p = lf + 1;
	}
	while (count > 0)
		tree_free(rows[--count]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct scim_list l = { .path = "/Users", .page = PAGE, .piece = 10, .row = on_row,
		.again = on_again };
	char why[SCIM_DETAIL_SIZE];
	enum prog_status status;

	if (size < 1)
		return 0;
	memset(&server, 0, sizeof server);
	server.cursors = (data[0] & 1) != 0;
	server.again = (data[0] & 2) != 0;
	for (data++, size--; server.count < PAGES_MAX && size > 0; server.count++) {
		const uint8_t *end = memchr(data, 0xff, size);
		size_t len = end != NULL ? (size_t)(end - data) : size;

		server.text[server.count] = strndup("", 0);
		server.text[server.count] = realloc(server.text[server.count], len + 1);
		memcpy(server.text[server.count], data, len);
		server.text[server.count][len] = '\0';
		server.len[server.count] = len;
		data += len + (end != NULL);
		size -= len + (end != NULL);
	}
	given.len = 0;
	tries = 0;
	forget();
	status = scim_list_all(&l, why);
	check((status == PROG_OK) == (why[0] == '\0'));
	if (status == PROG_OK) {
		text_add(&given, NULL, 0);
		text_add(&wanted, NULL, 0);
		check(given.len == wanted.len && memcmp(given.s, wanted.s, wanted.len) == 0);
		check(l.count == resources && (server.cursors ?
		    cursor == NULL : l.total == resources));
		check(server.cursors || !moved);
		check_ids();
	}
	for (size_t i = 0; i < server.count; i++)
		free(server.text[i]);
	return 0;
}
