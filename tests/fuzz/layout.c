/*
 * Any text as a layout file, as --columns, and as a header to fill.  Compared with a slow reader
 * that takes each line apart by a machine of four states: the same words, quoted or not; which
 * files are refused for their words; every column's heading, name and texts.  What is read and
 * written down again, each word in quotes but the keywords, is read as the same; so is a list.  A
 * header given as JSON puts the columns in its order (tree.h), each once.
 *
 * The first byte chooses which of them.
 *
 * Link: -Wl,--wrap=datafile_read,--wrap=diag_error
 */
#include <stdint.h>

#include "base/datafile.h"
#include "base/diag.h"
#include "json/layout.h"
#include "json/layout_columns.h"
#include "json/layout_line.h"

#include "tree.h"

enum { WORDS_MAX = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int __wrap_datafile_read(const char *path, struct buf *b);
void __wrap_diag_error(const char *fmt, ...);

static struct text file;
static unsigned errors;

int
__wrap_datafile_read(const char *path, struct buf *b)
{
	check(strcmp(path, "layout") == 0);
	return buf_append(b, file.s, file.len);
}

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
	errors++;
}

/* The words of a line, each with its first byte 'q' if it was quoted, else 'b'. */
struct words {
	struct text word[WORDS_MAX];
	size_t count;
};

/* Returns whether the line can be taken apart, looked at byte by byte. */
static bool
slow_split(struct words *w, const char *s, size_t len)
{
	enum { BETWEEN, BARE, QUOTED, BEHIND } state = BETWEEN;

	for (size_t i = 0; i <= len; i++) {
		char c = i < len ? s[i] : '\0';
		struct text *t = w->count > 0 ? &w->word[w->count - 1] : NULL;

		if (state == QUOTED) {
			if (c == '\0')
				return false;
			if (c == '"') {
				state = BEHIND;
				continue;
			}
			if (c == '\\') {
				c = ++i < len ? s[i] : '\0';
				if (c == '\0' || strchr("\"\\t", c) == NULL)
					return false;
				c = c == 't' ? '\t' : c;
			}
			text_add(t, &c, 1);
		} else if (c == ' ' || c == '\t' || c == '\0') {
			state = BETWEEN;
		} else if (state == BEHIND || (state == BARE && c == '"')) {
			return false;
		} else if (state == BARE) {
			text_add(t, &c, 1);
		} else if (c == '#') {
			return true;
		} else {
			if (w->count == WORDS_MAX)
				return false;
			text_say(&w->word[w->count], c == '"' ? "q" : "b");
			if (c != '"')
				text_add(&w->word[w->count], &c, 1);
			w->count++;
			state = c == '"' ? QUOTED : BARE;
		}
	}
	return true;
}

static void
words_free(struct words *w)
{
	for (size_t i = 0; i < WORDS_MAX; i++)
		free(w->word[i].s);
	memset(w, 0, sizeof *w);
}

static bool
is(const struct words *w, size_t i, const char *word)
{
	return i < w->count && w->word[i].s[0] == 'b' && strcmp(w->word[i].s + 1, word) == 0;
}

static void
put_quoted(struct text *t, const char *s)
{
	text_say(t, "\"");
	for (; *s != '\0'; s++) {
		text_say(t, *s == '"' || *s == '\\' || *s == '\t' ? "\\" : "");
		text_add(t, *s == '\t' ? "t" : s, 1);
	}
	text_say(t, "\"");
}

/* The columns of the layout as lines. */
static void
put_columns(struct text *t, const struct layout *l)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct layout_column *c = &l->columns[i];
		char number[60];

		text_say(t, "column ");
		put_quoted(t, c->heading);
		text_say(t, c->constant != NULL ? " constant " : " ");
		put_quoted(t, c->constant != NULL ? c->constant : c->name);
		if (c->fallback != NULL) {
			text_say(t, "\tdefault ");
			put_quoted(t, c->fallback);
		}
		snprintf(number, sizeof number, " min %u", c->min);
		text_say(t, c->min != 0 ? number : "");
		snprintf(number, sizeof number, " max %u", c->max);
		text_say(t, c->max != 0 ? number : "");
		text_say(t, c->required ? " required" : "");
		text_say(t, c->unique == UNIQUE_EXACT ? " unique" : c->unique == UNIQUE_FOLDED ?
		    " unique-ignoring-case" : "");
		text_say(t, " # \"\n");
	}
}

static bool
same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static void
compare_columns(const struct layout *a, const struct layout *b)
{
	check(a->count == b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct layout_column *x = &a->columns[i], *y = &b->columns[i];

		check(strcmp(x->heading, y->heading) == 0 && same_text(x->name, y->name));
		check(same_text(x->constant, y->constant) && same_text(x->fallback, y->fallback));
		check(x->unique == y->unique && x->required == y->required);
		check(x->min == y->min && x->max == y->max);
	}
}

/* The lines of the file, held against the layout if it was read.  Returns the columns, or -1. */
static int
slow_file(const struct layout *l, bool read)
{
	size_t at = 0, columns = 0;

	while (at < file.len) {
		const char *lf = memchr(file.s + at, '\n', file.len - at);
		size_t len = (lf != NULL ? (size_t)(lf - file.s) : file.len) - at;
		size_t used = lf != NULL && len > 0 && lf[-1] == '\r' ? len - 1 : len;
		struct words w = { .count = 0 };
		bool good = slow_split(&w, file.s + at, used);

		if (good && is(&w, 0, "column")) {
			bool constant = is(&w, 2, "constant");

			good = w.count > 2 && (!constant || w.count == 4);
			if (good && read) {
				const struct layout_column *c = &l->columns[columns];

				check(columns < l->count);
				check(strcmp(c->heading, w.word[1].s + 1) == 0);
				check(same_text(c->name, constant ? NULL : w.word[2].s + 1));
				check(same_text(c->constant, constant ? w.word[3].s + 1 : NULL));
				for (size_t i = 3; i < w.count; i++)
					check(!is(&w, i, "default") || i + 1 == w.count ||
					    constant || c->fallback != NULL);
			}
			columns++;
		} else if (good && w.count > 2) {
			good = false;
		}
		words_free(&w);
		if (!good)
			return -1;
		at += len + (lf != NULL);
	}
	return (int)columns;
}

static void
check_file(void)
{
	struct layout l, again;
	bool good;

	layout_init(&l);
	layout_init(&again);
	errors = 0;
	good = layout_read(&l, "layout") == 0;
	check(errors == !good);
	if (good) {
		char why[LAYOUT_REASON_SIZE];

		check(slow_file(&l, true) == (int)l.count && l.count > 0);
		for (size_t i = 0; i < l.count; i++) {
			check(l.columns[i].heading[0] != '\0');
			for (size_t k = 0; k < i; k++)
				check(strcmp(l.columns[i].heading, l.columns[k].heading) != 0);
		}
		(void)layout_check(&l, why);
		file.len = 0;
		put_columns(&file, &l);
		check(layout_read(&again, "layout") == 0);
		compare_columns(&l, &again);
	} else {
		(void)slow_file(&l, false);
	}
	layout_free(&l);
	layout_free(&again);
}

/* Columns as a list: HEADING=NAME, a backslash before what would mean something. */
static void
put_item(struct text *t, const char *s)
{
	for (; *s != '\0'; s++) {
		text_say(t, strchr(",=\\", *s) != NULL ? "\\" : "");
		text_add(t, s, 1);
	}
}

static void
check_list(void)
{
	struct text list = { NULL, 0, 0 };
	struct layout l, again;
	size_t commas = 0;

	layout_init(&l);
	layout_init(&again);
	if (layout_add_list(&l, file.s) == NULL) {
		for (const char *s = file.s; *s != '\0'; s++) {
			commas += *s == ',';
			s += *s == '\\';
		}
		check(l.count == commas + 1);
		for (size_t i = 0; i < l.count; i++) {
			text_say(&list, i > 0 ? "," : "");
			put_item(&list, l.columns[i].heading);
			text_say(&list, "=");
			put_item(&list, l.columns[i].name);
		}
		check(layout_add_list(&again, list.s) == NULL);
		compare_columns(&l, &again);
	}
	free(list.s);
	layout_free(&l);
	layout_free(&again);
}

/* The headings as JSON, over a layout of two columns, one of which must be there. */
static void
check_header(void)
{
	struct tree *t = tree_parse(file.s, file.len);
	bool object = t != NULL && t->kind == TREE_OBJECT;
	const struct tree *list = object ? tree_get(t, "CSVHeader") : t;
	bool good = list != NULL && list->kind == TREE_ARRAY && list->count > 0, mail = false;
	struct layout l;

	layout_init(&l);
	check(layout_add_list(&l, "mail=email,tenant=custom:t") == NULL);
	l.columns[0].required = true;
	for (size_t i = 0; good && i < list->count; i++) {
		const struct tree *h = list->kid[i];

		good = h->kind == TREE_STRING && h->len > 0 && !h->nul && !h->lone;
		for (size_t k = 0; good && k < i; k++)
			good = strcmp(list->kid[k]->s, h->s) != 0;
		mail |= good && strcmp(h->s, "mail") == 0;
	}
	if (!good || list->count < LAYOUT_COLUMNS_MAX) {
		errors = 0;
		check((layout_take_header(&l, "layout") == 0) == (good && mail));
		check(errors == !(good && mail));
		if (good && mail)
			check(l.count == list->count);
		for (size_t i = 0; good && mail && i < l.count; i++) {
			const char *h = list->kid[i]->s;

			check(strcmp(l.columns[i].heading, h) == 0);
			check(l.columns[i].required == (strcmp(h, "mail") == 0));
			check(strcmp(l.columns[i].name, strcmp(h, "mail") == 0 ? "email" :
			    strcmp(h, "tenant") == 0 ? "custom:t" : h) == 0);
		}
	}
	layout_free(&l);
	tree_free(t);
}

/* One line, both ways. */
static void
check_split(void)
{
	struct words w = { .count = 0 };
	struct line line = { .count = 0 };
	struct buf b;
	bool good;

	buf_init(&b, file.len + 1);
	good = line_split(&line, file.s, &b) == NULL;
	check(slow_split(&w, file.s, strlen(file.s)) == good);
	if (good)
		check(w.count == line.count);
	for (size_t i = 0; good && i < w.count; i++) {
		check(strcmp(w.word[i].s + 1, line.words[i].text) == 0);
		check((w.word[i].s[0] == 'q') == line.words[i].quoted);
	}
	line_clear(&line);
	words_free(&w);
	buf_free(&b);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static void (*const checks[])(void) = { check_file, check_list, check_header, check_split };

	if (size == 0)
		return 0;
	file.len = 0;
	text_add(&file, data + 1, size - 1);
	checks[data[0] % 4]();
	return 0;
}
