/* CSV cells: quoted exactly where needed, and read back by libcsv as what they were. */
#include <csv.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cell.h"

#include "tap.h"

enum { LONGEST = 70, ROUNDS = 20000 };

struct row {
	char text[LONGEST + 1];
	size_t len;
	int cells, rows;
};

static void
take_cell(void *s, size_t len, void *arg)
{
	struct row *row = arg;

	row->cells++;
	row->len = len;
	if (len > 0 && len <= LONGEST)
		memcpy(row->text, s, len);
}

static void
take_end(int c, void *arg)
{
	(void)c;
	((struct row *)arg)->rows++;
}

/* Whether libcsv reads the one cell "text" back as s. */
static bool
reads_back(const char *cell, size_t cell_len, const char *s, size_t len)
{
	struct row row = { .len = 0 };
	struct csv_parser parser;
	bool good;

	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	good = csv_parse(&parser, cell, cell_len, take_cell, take_end, &row) == cell_len &&
	    csv_parse(&parser, "\n", 1, take_cell, take_end, &row) == 1 &&
	    csv_fini(&parser, take_cell, take_end, &row) == 0;
	csv_free(&parser);
	return good && row.cells == 1 && row.rows == 1 && row.len == len &&
	    memcmp(row.text, s, len) == 0;
}

static const char *
written(const struct cell_format *f, const char *s)
{
	static char out[2 * LONGEST + 3];

	out[cell_write(f, out, s, strlen(s))] = '\0';
	return out;
}

/* A special byte at every place of cells of every length, across the blocks of 16. */
static void
test_places(const struct cell_format *f)
{
	bool found = true, bare = true;

	for (size_t len = 1; len <= LONGEST; len++) {
		/* As long as they must be, so that a sanitizer sees a byte too many. */
		char *s = malloc(len), *same = malloc(len), *out = malloc(cell_bound(len));

		for (size_t at = 0; at < len; at++)
			s[at] = (char)('a' + at % 26);
		bare &= cell_write(f, same, s, len) == len && memcmp(same, s, len) == 0;
		for (size_t at = 0; at < len; at++) {
			for (const char *c = ",\"\r\n"; *c != '\0'; c++) {
				s[at] = *c;
				found &= cell_write(f, out, s, len) == len + 2 + (*c == '"') &&
				    out[0] == '"';
			}
			s[at] = 'x';
		}
		free(s);
		free(same);
		free(out);
	}
	ok(bare, "no quotes without need, at any length");
	ok(found, "quotes for a special byte at any place");
}

/* Numbers that look random and are the same in every run (the constants are Knuth's MMIX). */
static size_t
next_number(uint64_t *state)
{
	*state = *state * 6364136223846793005U + 1442695040888963407U;
	return (size_t)(*state >> 33);
}

static void
test_random(const struct cell_format *f)
{
	static const char bytes[] = "ab,\"\r\n \t\\.;\xef\xbb\xbf";
	char *s = malloc(LONGEST), out[2 * LONGEST + 2];
	uint64_t state = 1;
	bool good = true;

	for (int i = 0; i < ROUNDS; i++) {
		size_t len = 1 + next_number(&state) % LONGEST, n;

		for (size_t at = 0; at < len; at++)
			s[at] = bytes[next_number(&state) % (i % 2 == 0 ? sizeof bytes - 1 : 3)];
		n = cell_write(f, out, s, len);
		good &= n <= cell_bound(len) && reads_back(out, n, s, len);
	}
	free(s);
	ok(good, "any text is read back as it was");
}

/* The delimiter that the text names, or 0. */
static char
delimiter(const char *text)
{
	char c = '\0';

	if (cell_delimiter(text, &c) != NULL)
		c = '\0';
	return c;
}

static void
test_delimiters(void)
{
	ok(delimiter(";") == ';' && delimiter("~") == '~' && delimiter(" ") == ' ', "a character");
	ok(delimiter("\t") == '\t' && delimiter("\\t") == '\t', "a tab, or its name");
	ok(delimiter("\"") == '\0' && delimiter("") == '\0' && delimiter(";;") == '\0' &&
	    delimiter("\n") == '\0' && delimiter("\x7f") == '\0', "nothing else");
}

int
main(void)
{
	struct cell_format f;

	cell_format_init(&f, ',');
	test_places(&f);
	test_random(&f);
	is(written(&f, ""), "", "an empty text gives nothing");
	is(written(&f, " a"), "\" a\"", "a blank in front");
	is(written(&f, "a\t"), "\"a\t\"", "a blank behind");
	is(written(&f, "\\."), "\"\\.\"", "the end of COPY's data");
	is(written(&f, "\\.."), "\\..", "not the end of COPY's data");
	is(written(&f, "\xef\xbb\xbf""a"), "\"\xef\xbb\xbf""a\"", "a byte order mark");
	is(written(&f, "a;b"), "a;b", "another delimiter");
	cell_format_init(&f, ';');
	is(written(&f, "a;b"), "\"a;b\"", "this delimiter");
	is(written(&f, "a,b"), "a,b", "no longer a delimiter");
	test_delimiters();
	return tap_done();
}
