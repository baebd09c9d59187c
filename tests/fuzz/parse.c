/*
 * Any bytes as a CSV file that parse-csv reads in pieces, and what becomes of each row.  Compared
 * with a slow reader that goes over the text byte by byte, by the letter of RFC 4180 or of
 * Cognito's dialect (that of rfc4180.h ends at the first quote in a wrong place): where rows begin
 * and end, by line; which are refused, and which are nobody's; how the file ends; every cell.  The
 * records are read as trees (tree.h): of a flat one every member is the cell below its heading, and
 * no other is there; of others the names and the custom attributes are; all are canonical.
 *
 * Four bytes choose delimiter, dialect, empty cells, lists, guard, kind and the pieces.
 *
 * With: cmd/parse-csv/{rows,cells,columns,make,input}.c
 * Link: -Wl,--wrap=read
 */
#include <stdint.h>
#include <unistd.h>

#include "json/record.h"
#include "json/utf8.h"
#include "parse-csv/input.h"

#include "tree.h"

enum { HEAD = 4, CELLS_MAX = 64, ROWS_MAX = 8192 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
ssize_t __wrap_read(int fd, void *to, size_t len);

static struct {
	const char *s;
	size_t len, piece;
} input;

/* What came out: the rows that became records or were refused, in order. */
static struct {
	struct text record;
	bool refused;
	uint64_t line;
} got[ROWS_MAX];
static size_t got_count;

/* One row, the slow way. */
struct slow {
	struct text cell[CELLS_MAX];
	bool quoted[CELLS_MAX];		/* stands there as "" */
	size_t count;
	bool wrong, open, inside;	/* inside: the text ends in quotes */
	bool any;			/* some cell is not empty */
	const char *start, *end;	/* end: behind the line end */
};

static struct slow head, row;

ssize_t
__wrap_read(int fd, void *to, size_t len)
{
	size_t n = input.len < input.piece ? input.len : input.piece;

	check(fd == STDIN_FILENO);
	n = n < len ? n : len;
	memcpy(to, input.s, n);
	input.s += n;
	input.len -= n;
	return (ssize_t)n;
}

/* The output. */

int
sink_row(struct sink *s, const char *text, size_t len)
{
	(void)s;
	check(got_count < ROWS_MAX);
	got[got_count].record.len = 0;
	text_add(&got[got_count].record, text, len);
	got[got_count++].refused = false;
	return 0;
}

int
sink_reject(struct sink *s, const char *stream, uint64_t line, const char *reason,
    const char *text, size_t len)
{
	(void)s;
	(void)text;
	(void)len;
	check(strcmp(stream, "stdin") == 0 && reason[0] != '\0' && got_count < ROWS_MAX);
	check(utf8_valid(reason, strlen(reason)) == strlen(reason));
	got[got_count].line = line;
	got[got_count++].refused = true;
	return 0;
}

int
out_flush(struct out *o)
{
	(void)o;
	return 0;
}

/* The slow reader. */

static struct text *
new_cell(struct slow *r)
{
	size_t i = r->count < CELLS_MAX ? r->count : CELLS_MAX - 1;

	r->count++;
	r->cell[i].len = 0;
	r->quoted[i] = false;
	text_add(&r->cell[i], NULL, 0);
	return &r->cell[i];
}

static bool
ends_row(const char *p, const char *end)
{
	return p == end || *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] == '\n'));
}

/* A bare cell up to its delimiter or the row's end. */
static const char *
slow_bare(struct slow *r, struct text *to, const char *p, const char *end, char delimiter)
{
	for (; p < end && *p != delimiter && !ends_row(p, end); p++) {
		r->wrong |= *p == '"' || *p == '\r';
		if (to != NULL)
			text_add(to, p, 1);
		else
			r->wrong = true;	/* behind the end of a quoted one */
	}
	return p;
}

static const char *
slow_quoted(struct slow *r, struct text *to, const char *p, const char *end, char delimiter)
{
	for (p++;; p++) {
		if (p == end) {
			r->inside = true;
			return p;
		}
		if (*p == '"' && (++p == end || *p != '"'))
			break;
		text_add(to, p, 1);
	}
	return slow_bare(r, NULL, p, end, delimiter);
}

static const char *
slow_cognito(struct slow *r, struct text *to, const char *p, const char *end,
    enum layout_backslash backslash)
{
	for (; !ends_row(p, end) && *p != ','; p++) {
		r->wrong |= *p == '\r';
		if (*p == '\\' && p + 1 < end && (p[1] == ',' ||
		    (p[1] == '\\' && backslash == BACKSLASH_DOUBLE)))
			p++;
		else if (*p == '\\' && backslash != BACKSLASH_KEEP)
			r->wrong = true;
		text_add(to, p, 1);
	}
	return p;
}

static void
slow_trim(struct text *t)
{
	size_t from = 0;

	while (t->len > 0 && memchr(" \t", t->s[t->len - 1], 2) != NULL)
		t->len--;
	while (from < t->len && memchr(" \t", t->s[from], 2) != NULL)
		from++;
	memmove(t->s, t->s + from, t->len - from);
	t->len -= from;
}

static void
slow_row(struct slow *r, const struct input_rules *rules, const char *p, const char *end)
{
	const struct layout *l = &rules->layout;
	size_t len;

	r->start = p;
	r->count = 0;
	r->wrong = r->open = r->inside = r->any = false;
	for (;; p++) {
		struct text *to = new_cell(r);
		bool quoted = !l->cognito && p < end && *p == '"';

		if (l->cognito)
			p = slow_cognito(r, to, p, end, l->backslash);
		else if (quoted)
			p = slow_quoted(r, to, p, end, l->delimiter);
		else
			p = slow_bare(r, to, p, end, l->delimiter);
		if (quoted && r->count <= CELLS_MAX)
			r->quoted[r->count - 1] = to->len == 0;
		if (l->cognito || rules->trim)
			slow_trim(to);
		r->any |= to->len > 0;
		if (ends_row(p, end))
			break;
	}
	len = (size_t)(p - r->start);
	r->wrong |= utf8_valid(r->start, len) != len || memchr(r->start, '\0', len) != NULL;
	if (p < end && *p == '\r')
		p++;
	r->open = p == end;
	r->end = p + !r->open;
}

/* What the record says of the cell below the heading, by the rules that hold for all types. */
static void
check_member(const struct tree *value, const struct text *cell, bool quoted,
    const struct make_rules *rules)
{
	const char *s = cell->s;
	size_t len = cell->len;
	bool empty = rules->empty == EMPTY_TEXT || (rules->empty == EMPTY_QUOTED && quoted);

	if (len > 0)
		guard_strip(rules->guard, &s, &len);
	if (len == 0)
		check(empty ? value != NULL && value->kind == TREE_STRING && value->len == 0 :
		    value == NULL);
	else
		check(value != NULL && value->kind == TREE_STRING && value->len == len &&
		    memcmp(value->s, s, len) == 0);
}

static const struct tree *
find_kid(const struct tree *object, const char *name, size_t len)
{
	for (size_t i = 0; i < object->count; i += 2) {
		if (object->kid[i]->len == len && memcmp(object->kid[i]->s, name, len) == 0)
			return object->kid[i + 1];
	}
	return NULL;
}

static void
check_flat(const struct tree *record, const struct make_rules *rules)
{
	size_t there = 0;

	for (size_t i = 0; i < head.count; i++) {
		const struct tree *value = find_kid(record, head.cell[i].s, head.cell[i].len);

		check_member(value, &row.cell[i], row.quoted[i], rules);
		there += value != NULL;
	}
	check(2 * there == record->count);
}

/* Of the others: the names, and attributes whose value is the cell as it is. */
static void
check_person(const struct tree *record, const struct make_rules *rules)
{
	const struct tree *attributes = find_kid(record, "Attributes", 10);

	for (size_t i = 0; i < head.count; i++) {
		const struct text *h = &head.cell[i];
		bool name = (h->len == 8 && memcmp(h->s, "Username", 8) == 0) ||
		    (h->len == 9 && memcmp(h->s, "GroupName", 9) == 0);

		if (name)
			check_member(find_kid(record, h->s, h->len), &row.cell[i], true, rules);
		if (name)
			check(row.cell[i].len > 0);
		if (h->len > 7 && memcmp(h->s, "custom:", 7) == 0)
			check_member(find_kid(attributes, h->s, h->len), &row.cell[i],
			    row.quoted[i], rules);
	}
}

static void
check_record(const struct text *record, const struct input_rules *rules)
{
	struct tree *tree = tree_parse(record->s, record->len);
	char reason[RECORD_REASON_SIZE];
	struct text canonical = { NULL, 0, 0 };
	struct record_keys keys;
	struct tok_list list;

	check(tree != NULL && row.count == head.count);
	text_tree(&canonical, tree);
	check(canonical.len == record->len && memcmp(canonical.s, record->s, record->len) == 0);
	tok_init(&list, RECORD_TOKENS_MAX);
	check(record_check(record->s, record->len, &list, &keys, reason) == NULL);
	if (rules->columns.kind == KIND_FLAT)
		check_flat(tree, &rules->make);
	else
		check_person(tree, &rules->make);
	free(canonical.s);
	tree_free(tree);
	tok_free(&list);
}

/* Goes over the text behind the headings, and over what was got. */
static void
check_rows(const struct input_rules *rules, const struct input *in, enum prog_status status,
    const char *p, const char *end, uint64_t line)
{
	size_t at = 0, blank = 0;

	while (p < end) {
		slow_row(&row, rules, p, end);
		if (row.inside || (row.open && !rules->open_end)) {
			check(status == PROG_INCOMPLETE);
			break;
		}
		if (!row.wrong && !row.any) {
			blank++;
		} else {
			check(at < got_count);
			if (got[at].refused)
				check(got[at].line == line);
			else
				check_record(&got[at].record, rules);
			check(!row.wrong || got[at].refused);
			/* Nothing else is asked of a flat one. */
			check(rules->columns.kind != KIND_FLAT || row.wrong ||
			    row.count != head.count || !got[at].refused);
			check(row.count == head.count || got[at].refused);
			at++;
		}
		for (; p < row.end; p++)
			line += *p == '\n';
	}
	check(p < end || status == PROG_OK);
	check(at == got_count && in->rows == at && in->blank == blank);
}

static void
check_all(const struct input_rules *rules, const struct input *in, enum prog_status status,
    const char *s, size_t len)
{
	const char *end = s + len;
	uint64_t line = 1;

	/* UTF-16, which is told by two bytes. */
	if (len >= 2 && (memcmp(s, "\xff\xfe", 2) == 0 || memcmp(s, "\xfe\xff", 2) == 0 ||
	    s[0] == '\0' || s[1] == '\0')) {
		check(status == PROG_FAIL && got_count == 0);
		return;
	}
	if (len >= 3 && memcmp(s, "\xef\xbb\xbf", 3) == 0)
		s += 3;
	if (s == end) {
		check(status == PROG_INCOMPLETE);
		return;
	}
	slow_row(&head, rules, s, end);
	if (head.inside || (head.open && !rules->open_end)) {
		check(status == PROG_INCOMPLETE && got_count == 0);
		return;
	}
	if (head.wrong)
		check(status == PROG_FAIL);
	if (status == PROG_FAIL) {
		check(got_count == 0);
		return;
	}
	check(head.count <= CELLS_MAX);
	for (; s < head.end; s++)
		line += *s == '\n';
	check_rows(rules, in, status, s, end, line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = ",;\t|'= \\";
	static struct input_rules rules;
	struct input in;
	struct sink sink = { .rows = 0 };
	char *none[] = { NULL };
	enum prog_status status;
	const char *text = (const char *)data + HEAD;
	size_t commas = 0;

	if (size < HEAD)
		return 0;
	size -= HEAD;
	memset(&rules, 0, sizeof rules);
	layout_init(&rules.layout);
	layout_init(&rules.renames);
	rules.layout.cognito = (data[0] & 1) != 0;
	rules.layout.backslash = (enum layout_backslash)(data[0] >> 1 & 3) % 3;
	rules.layout.delimiter = rules.layout.cognito ? ',' : delimiters[data[1] % 8];
	rules.trim = rules.make.trim = (data[0] & 8) != 0;
	rules.open_end = (data[0] & 16) != 0;
	rules.columns.kind = (data[0] & 32) != 0 ? KIND_FLAT : 0;
	rules.columns.unknown = UNKNOWN_ATTRIBUTE;
	rules.columns.layout = &rules.layout;
	rules.columns.renames = &rules.renames;
	rules.make.empty = (enum make_empty)(data[2] & 3) % 3;
	rules.make.guard = (enum guard)(data[2] >> 2 & 3) % 3;
	rules.make.empty_lists = (data[2] & 16) != 0;
	rules.make.birthdate = (enum make_order)(data[2] >> 5 & 3);
	rules.make.join = rules.layout.join;
	for (size_t i = 0; i < size && text[i] != '\n'; i++)
		commas += text[i] == rules.layout.delimiter;
	if (commas < CELLS_MAX - 1) {
		input.s = text;
		input.len = size;
		input.piece = data[3] == 0 ? 65536 : data[3];
		got_count = 0;
		input_init(&in, &rules, &sink);
		status = input_run(&in, none);
		if (in.columns.cells <= CELLS_MAX && (in.columns.kind == KIND_FLAT ||
		    rules.columns.kind == 0))
			check_all(&rules, &in, status, text, size);
		input_free(&in);
	}
	layout_free(&rules.layout);
	layout_free(&rules.renames);
	return 0;
}
