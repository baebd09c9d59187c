/*
 * Records as rows of CSV, any columns and dialect.  Compared with a slow one: each cell's text from
 * a tree of the record (tree.h), guarded by hand; the file, headings and all, read back by a small
 * reader of RFC 4180 (rfc4180.h), by libcsv, or by one of Cognito's dialect: the same cells, and
 * the guard comes off; "" and nothing are told apart; quotes stand where they must and nowhere
 * else; a record is refused where it must be.
 *
 * Three bytes choose the dialect; the first line is the columns (\x02 between them; =TEXT is a
 * constant, NAME\x03TEXT a fallback), the others are records.
 *
 * With: cmd/emit-csv/{row,value,names}.c
 */
#include <csv.h>
#include <stdint.h>

#include "base/guard.h"
#include "base/mem.h"
#include "emit-csv/row.h"

#include "rfc4180.h"

enum { HEAD = 3, COLUMNS_MAX = 5, RECORDS_MAX = 4 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct expected {
	struct text text;
	bool null, guarded;
};

static struct expected rows[1 + RECORDS_MAX][COLUMNS_MAX];

/* The columns of the first line.  Returns the record behind it, or NULL. */
static const char *
make_columns(struct layout *l, char *text)
{
	char *lf = strchr(text, '\n'), *next;

	if (lf == NULL)
		return NULL;
	*lf = '\0';
	l->columns = calloc(COLUMNS_MAX, sizeof *l->columns);
	for (; text != NULL && l->count < COLUMNS_MAX; text = next) {
		struct layout_column *c = &l->columns[l->count++];
		char *fallback;

		next = strchr(text, 2);
		if (next != NULL)
			*next++ = '\0';
		fallback = strchr(text, 3);
		if (fallback != NULL)
			*fallback++ = '\0';
		c->heading = mem_dup_string(text);
		c->fallback = mem_dup_string(fallback);
		if (text[0] == '=') {
			c->constant = mem_dup_string(text + 1);
			free(c->fallback);
			c->fallback = NULL;
		} else {
			c->name = mem_dup_string(text);
		}
	}
	return lf + 1;
}

/* As a joined list's reader would: at the first joiner, and the next. */
static bool
splits_back(const struct text *joined, const struct tree *list, const struct text *items,
    const char *join)
{
	const char *s = joined->s;

	for (size_t i = 0; i < list->count; i++) {
		const char *end = strstr(s, join);

		if (end == NULL)
			end = joined->s + joined->len;
		if ((size_t)(end - s) != items[i].len || memcmp(s, items[i].s, items[i].len) != 0)
			return false;
		if (i + 1 == list->count)
			return *end == '\0';
		if (*end == '\0')
			return false;
		s = end + strlen(join);
	}
	return true;
}

static bool
item_text(struct text *to, const struct tree *t)
{
	if (t->kind == TREE_STRING)
		text_add(to, t->s, t->len);
	else if (t->kind != TREE_NULL)
		text_tree(to, t);
	text_add(to, NULL, 0);
	return t->kind != TREE_STRING || !t->nul;
}

static bool
value_text(struct text *to, const struct tree *t, const char *join)
{
	struct text *items;
	bool good = true;

	if (t->kind != TREE_ARRAY)
		return item_text(to, t);
	items = calloc(t->count + 1, sizeof *items);
	for (size_t i = 0; i < t->count; i++) {
		good &= item_text(&items[i], t->kid[i]);
		text_say(to, i > 0 ? join : "");
		text_add(to, items[i].s, items[i].len);
	}
	text_add(to, NULL, 0);
	good = good && splits_back(to, t, items, join);
	for (size_t i = 0; i < t->count; i++)
		free(items[i].s);
	free(items);
	return good;
}

static bool
is_phone(const char *s, size_t len)
{
	return s[0] == '+' && len >= 3 && len <= 16 && strspn(s + 1, "0123456789") == len - 1;
}

/* The guard put on by hand, as guard.h describes it.  False: it cannot be. */
static bool
guard_by_hand(enum guard g, struct expected *e)
{
	struct text was = e->text;
	size_t n;

	if (was.len == 0 || (g != GUARD_APOSTROPHE && g != GUARD_OCI))
		return true;
	n = g == GUARD_APOSTROPHE ? strspn(was.s, "'") : 0;
	if (g == GUARD_OCI && was.len >= 3 && was.s[0] == '\'' && was.s[was.len - 1] == '\'' &&
	    memchr("@+-=|%", was.s[1], 6) != NULL)
		return false;
	if (n == was.len || strchr(g == GUARD_OCI ? "@+-=|%" : "=+-@\t\r\n", was.s[n]) == NULL ||
	    (g == GUARD_APOSTROPHE && is_phone(was.s, was.len)))
		return true;
	e->guarded = true;
	e->text = (struct text){ NULL, 0, 0 };
	text_say(&e->text, "'");
	text_add(&e->text, was.s, was.len);
	text_say(&e->text, g == GUARD_OCI ? "'" : "");
	free(was.s);
	return true;
}

/* Whether Cognito's dialect can write the text. */
static bool
can_escape(const struct layout *l, const struct text *t)
{
	if (t->len == 0)
		return true;
	if (strchr(" \t", t->s[0]) != NULL || strchr(" \t", t->s[t->len - 1]) != NULL ||
	    strncmp(t->s, "\xef\xbb\xbf", 3) == 0 || strpbrk(t->s, "\r\n") != NULL)
		return false;
	if (l->backslash == BACKSLASH_REJECT)
		return strchr(t->s, '\\') == NULL;
	return l->backslash == BACKSLASH_DOUBLE || (strstr(t->s, "\\,") == NULL &&
	    t->s[t->len - 1] != '\\');
}

/* The cell's text.  Returns false if the record is to be refused. */
static bool
expect(const struct layout *l, const struct layout_column *c, const struct tree *record,
    struct expected *e)
{
	const struct tree *value;

	*e = (struct expected){ .null = true };
	text_add(&e->text, NULL, 0);
	if (c->name == NULL) {
		text_say(&e->text, c->constant);
		return true;
	}
	value = tree_get(record, c->name);
	if (value == NULL)
		value = tree_get(tree_get(record, "Attributes"), c->name);
	if (value != NULL && !value_text(&e->text, value, l->join))
		return false;
	e->null = value == NULL || value->kind == TREE_NULL;
	if (e->text.len == 0 && c->fallback != NULL) {
		text_say(&e->text, c->fallback);
		e->null = true;
	}
	if (!guard_by_hand(l->guard, e))
		return false;
	return !l->cognito || can_escape(l, &e->text);
}

static bool
expect_row(const struct layout *l, const struct tree *record, struct expected row[COLUMNS_MAX])
{
	bool good = true;

	for (size_t i = 0; i < l->count; i++)
		good &= expect(l, &l->columns[i], record, &row[i]);
	return good && !(l->cognito && l->count == 1 && row[0].text.len == 0);
}

/* Reads a cell of Cognito's dialect. */
static void
read_cognito(const struct layout *l, struct rfc_cell *cell, const char **s, const char *end)
{
	const char *p = *s;

	cell->quoted = false;
	cell->text.len = 0;
	text_add(&cell->text, NULL, 0);
	for (; p < end && *p != ',' && *p != '\r' && *p != '\n'; p++) {
		if (*p == '\\' && p + 1 < end &&
		    (p[1] == ',' || (l->backslash == BACKSLASH_DOUBLE && p[1] == '\\')))
			p++;
		text_add(&cell->text, p, 1);
	}
	cell->end = p < end ? *p++ : '\0';
	*s = p;
}

static void
check_cell(const struct layout *l, const struct rfc_cell *cell, const struct expected *e, bool head)
{
	const char *s = cell->text.s;
	size_t len = cell->text.len;

	check(len == e->text.len && memcmp(s, e->text.s, len) == 0);
	if (len == 0 && !l->cognito)
		check(cell->quoted == (l->count == 1 || (l->quote_empty && !e->null)));
	if (!head && (l->guard == GUARD_APOSTROPHE || l->guard == GUARD_OCI))
		check(guard_strip(l->guard, &s, &len) == e->guarded);
	if (e->guarded)
		check(s == cell->text.s + 1 &&
		    len == cell->text.len - (l->guard == GUARD_OCI ? 2 : 1));
}

static void
read_back(const struct layout *l, const struct text *file, size_t first, size_t count)
{
	struct rfc_cell cell = { .quoted = false };
	const char *s = file->s, *end = file->s + file->len;

	if (l->bom) {
		check(file->len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0);
		s += 3;
	}
	for (size_t row = first; row < count; row++) {
		for (size_t i = 0; i < l->count; i++) {
			if (l->cognito)
				read_cognito(l, &cell, &s, end);
			else
				check(rfc_cell(&cell, &s, end, l->delimiter));
			check_cell(l, &cell, &rows[row][i], row == 0);
			if (i + 1 < l->count)
				check(cell.end == l->delimiter);
		}
		check(cell.end == (l->crlf ? '\r' : '\n'));
		if (l->crlf)
			check(*s++ == '\n');
	}
	check(s == end);
	free(cell.text.s);
}

/* A cell as it must stand in the file. */
static void
write_cell(struct text *to, const struct layout *l, const struct expected *e)
{
	const char *s = e->text.s;
	size_t len = e->text.len;

	if (len == 0) {
		text_say(to, !l->cognito && (l->count == 1 || (l->quote_empty && !e->null)) ?
		    "\"\"" : "");
	} else if (l->cognito) {
		for (; len > 0; len--, s++) {
			if (*s == ',' || (*s == '\\' && l->backslash == BACKSLASH_DOUBLE))
				text_say(to, "\\");
			text_add(to, s, 1);
		}
	} else if (l->guard == GUARD_APOSTROPHE && strpbrk(s, ",;\t") != NULL) {
		rfc_quote(to, s, len);	/* which other readers would take apart */
	} else {
		rfc_write(to, s, len, l->delimiter);
	}
}

static void
check_bytes(const struct layout *l, const struct text *file, size_t first, size_t count)
{
	struct text wanted = { NULL, 0, 0 };

	text_say(&wanted, l->bom ? "\xef\xbb\xbf" : "");
	for (size_t row = first; row < count; row++) {
		for (size_t i = 0; i < l->count; i++) {
			text_add(&wanted, &l->delimiter, i > 0);
			write_cell(&wanted, l, &rows[row][i]);
		}
		text_say(&wanted, l->crlf ? "\r\n" : "\n");
	}
	check(file->len == wanted.len && memcmp(file->s, wanted.s, wanted.len) == 0);
	free(wanted.s);
}

/* libcsv's view. */
struct view {
	size_t row, column, columns;
};

static void
on_cell(void *s, size_t len, void *arg)
{
	struct view *v = arg;
	const struct expected *e;

	check(v->column < v->columns && v->row < 1 + RECORDS_MAX);
	e = &rows[v->row][v->column++];
	check(len == e->text.len && (len == 0 || memcmp(s, e->text.s, len) == 0));
}

static void
on_row(int c, void *arg)
{
	struct view *v = arg;

	(void)c;
	check(v->column == v->columns);
	v->column = 0;
	v->row++;
}

static int
no_space(unsigned char c)
{
	(void)c;
	return 0;
}

static void
read_by_libcsv(const struct layout *l, const struct text *file, size_t first, size_t count)
{
	struct view v = { first, 0, l->count };
	struct csv_parser parser;
	size_t at = l->bom ? 3 : 0;

	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_delim(&parser, (unsigned char)l->delimiter);
	csv_set_space_func(&parser, no_space);
	check(csv_parse(&parser, file->s + at, file->len - at, on_cell, on_row,
	    &v) == file->len - at);
	check(csv_fini(&parser, on_cell, on_row, &v) == 0 && v.row == count && v.column == 0);
	csv_free(&parser);
}

/* One record.  Returns whether it became a row. */
static bool
add_row(struct emitter *e, const char *text, size_t len, struct expected row[COLUMNS_MAX],
    struct text *file)
{
	struct record_reader r = { .text = text, .len = len, .name = "fuzz" };
	char reason[RECORD_REASON_SIZE];
	struct tree *record = tree_parse(text, len);
	bool good = false;
	size_t bound = 0;

	tok_init(&r.list, RECORD_TOKENS_MAX);
	if (record_check(text, len, &r.list, &r.keys, reason) == NULL) {
		good = expect_row(&e->layout, record, row);
		check((row_take(e, &r, &bound) == NULL) == good);
	}
	if (good) {
		char *to = malloc(bound);

		bound = row_write(e, to);
		text_add(file, to, bound);
		free(to);
	}
	for (size_t i = 0; !good && i < e->layout.count; i++) {
		free(row[i].text.s);
		row[i].text.s = NULL;
	}
	tok_free(&r.list);
	tree_free(record);
	return good;
}

static void
emit_all(struct emitter *e, const char *records)
{
	struct text file = { NULL, 0, 0 };
	size_t first = e->layout.no_header, count = 1;
	struct buf head;

	for (size_t i = 0; i < e->layout.count; i++) {
		rows[0][i] = (struct expected){ .null = true };
		text_say(&rows[0][i].text, e->layout.columns[i].heading);
	}
	row_prepare(e, NULL);
	check(row_head(e, &head) == 0);
	text_add(&file, buf_string(&head), head.len);
	while (*records != '\0' && count < 1 + RECORDS_MAX) {
		size_t len = strcspn(records, "\n");

		count += add_row(e, records, len, rows[count], &file);
		records += len + (records[len] == '\n');
	}
	read_back(&e->layout, &file, first, count);
	check_bytes(&e->layout, &file, first, count);
	if (!e->layout.cognito)
		read_by_libcsv(&e->layout, &file, first, count);
	for (size_t row = 0; row < count; row++)
		for (size_t i = 0; i < e->layout.count; i++) {
			free(rows[row][i].text.s);
			rows[row][i].text.s = NULL;
		}
	row_release(e);
	buf_free(&head);
	free(file.s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = ",;\t|'= \\";
	static const char *const joins[] = { ";", ",", "aa", "\"", "\n", "' " };
	static struct emitter e;
	struct layout *l = &e.layout;
	char reason[LAYOUT_REASON_SIZE], *text;
	const char *records;

	if (size < HEAD || memchr(data + HEAD, '\0', size - HEAD) != NULL)
		return 0;
	memset(&e, 0, sizeof e);
	layout_init(l);
	l->delimiter = delimiters[data[0] % 8];
	check(layout_set(l, "join", joins[data[0] / 8 % 6]) == NULL);
	l->guard = (enum guard)(data[1] % 4);
	l->crlf = (data[1] & 4) != 0;
	l->bom = (data[1] & 8) != 0;
	l->no_header = (data[1] & 16) != 0;
	l->quote_empty = (data[1] & 32) != 0;
	l->cognito = (data[1] & 64) != 0;
	l->backslash = (enum layout_backslash)(data[2] % 3);
	text = mem_dup((const char *)data + HEAD, size - HEAD);
	records = make_columns(l, text);
	if (records != NULL && layout_check(l, reason) == NULL &&
	    !(l->cognito && l->count == 1 && l->columns[0].heading[0] == '\0'))
		emit_all(&e, records);
	layout_free(l);
	free(text);
	return 0;
}
