/*
 * draw-page FORMAT SCENE [NUMBER]: a page of pool-report with invented figures, on standard output.
 *
 * Scenes: pool (a pool as they are), empty, one (one of each), zero, hostile (names that attack),
 * huge (numbers as large as they can be), many (NUMBER of everything), random (texts and figures
 * from NUMBER), full (more than a page may have).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/prog.h"

#include "../../cmd/pool-report/page.h"

enum { MANY_MAX = 20000, NAME_SIZE = 64 };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct page_chart status = {
	"Users by status", "As UserStatus says.", "Status", "Users", NULL, 48211
}, groups = {
	"Largest groups", "Members that the pool names; a user can be in many groups.", "Group",
	"Members", "There are no groups.", 48211
}, attributes = {
	"Attributes by fill rate", "How many users have a value that is not empty.", "Attribute",
	"Users", "No user has an attribute.", 48211
}, signups = {
	"Users by month of creation", NULL, NULL, "Users", "There are no users.", 0
}, rejects = {
	"Rows that targets would reject", "From the reject files that were given.", NULL, NULL,
	"No target rejects anybody.", 0
}, overlap = {
	"Overlap of the largest groups", "How many members two groups have in common; the darker, "
	"the larger a part of the smaller one.", NULL, NULL, "There are no groups.", 0
};

static const struct page_column reject_columns[] = {
	{ "Target", PAGE_LEFT }, { "Reason", PAGE_LEFT }, { "Users", PAGE_RIGHT },
	{ "Share", PAGE_RIGHT }
};

static void
draw_pool_users(struct page *p)
{
	static const struct page_figure figures[] = {
		{ "Users", NULL, 48211, 0, NULL, true, 312 },
		{ "Enabled", NULL, 47900, 48211, NULL, true, 290 },
		{ "E-mail verified", NULL, 44017, 48211, NULL, true, -12 },
		{ "Phone number verified", NULL, 3, 48211, NULL, true, 0 },
		{ "MFA", "not known", 0, 0, "AdminGetUser was not asked", false, 0 },
		{ "Federated", NULL, 9120, 48211, "signed in through a provider", true, 75 }
	};
	static const struct page_item items[] = {
		{ "CONFIRMED", 41004, NULL, true, 280, false },
		{ "EXTERNAL_PROVIDER", 5120, "federated", true, 75, false },
		{ "FORCE_CHANGE_PASSWORD", 1710, NULL, true, -43, false },
		{ "UNCONFIRMED", 355, NULL, true, 0, false },
		{ "RESET_REQUIRED", 22, NULL, true, 0, false }
	};
	uint64_t counts[89];

	page_section(p, "Users", NULL);
	page_figures(p, figures, COUNT(figures));
	page_stack(p, &status, items, COUNT(items));
	for (size_t i = 0; i < COUNT(counts); i++)
		counts[i] = i % 37 == 30 ? 4100 : 210 + i * 7 % 130 + (i > 50 ? i * 8 : 0);
	counts[3] = counts[4] = counts[5] = counts[6] = 0;
	page_series(p, &signups, (struct page_start){ PAGE_MONTHS, 2019, 7 }, counts,
	    COUNT(counts));
	page_series(p, &signups, (struct page_start){ PAGE_YEARS, 2019, 0 }, counts + 20, 8);
	page_series(p, &signups, (struct page_start){ PAGE_MONTHS, 2025, 11 }, counts + 40, 14);
}

static void
draw_pool_groups(struct page *p)
{
	static const struct page_item items[] = {
		{ "all-employees", 40012, NULL, true, 300, false },
		{ "eu-west-1_Ab12Cd34E_Google", 5120, "Google", true, 75, false },
		{ "idp-admin", 14, NULL, true, -2, false },
		{ "The department for everything that has no other department, Zürich", 871, NULL,
		    true, 5, false },
		{ "営業部", 320, NULL, true, 0, false },
		{ "312 more groups", 61240, NULL, false, 0, true }
	};
	static const struct page_item filled[] = {
		{ "sub", 48211, NULL, false, 0, false }, { "email", 48190, NULL, false, 0, false },
		{ "given_name", 30111, NULL, false, 0, false },
		{ "custom:tenant", 12054, NULL, false, 0, false },
		{ "phone_number", 41, NULL, false, 0, false },
		{ "picture", 0, NULL, false, 0, false }
	};
	static const char *const cells[] = {
		"oci", "no family name", "1,204", "2.5%",
		"oci", "user name longer than 100 characters", "3", "<0.1%",
		"miniorange", ("two people with the same e-mail address, which the importer takes "
		"for one and keeps the second of"), "17", "<0.1%",
		"google", "no e-mail address", NULL, NULL
	};
	static const char *const names[] = { "all-employees", "eu-west-1_Ab12Cd34E_Google",
	    "idp-admin", "Zürich", "営業部" };
	static const uint64_t common[] = { 40012, 4100, 14, 871, 300, 4100, 5120, 2, 0, 20,
	    14, 2, 14, 1, 0, 871, 0, 1, 871, 3, 300, 20, 0, 3, 320 };

	page_section(p, "Groups", "A group of a provider holds everybody who came through it.");
	page_bars(p, &groups, items, COUNT(items), false);
	page_matrix(p, &overlap, names, common, COUNT(names));
	page_section(p, "Attributes", NULL);
	page_bars(p, &attributes, filled, COUNT(filled), true);
	page_section(p, "Targets", NULL);
	page_note(p, PAGE_WARN, "The reject file of scim belongs to another snapshot.");
	page_table(p, &rejects, reject_columns, COUNT(reject_columns), cells, 4);
	page_note(p, PAGE_PLAIN, "Counted in one pass; nothing is estimated.");
}

static void
draw_pool(struct page *p)
{
	draw_pool_users(p);
	draw_pool_groups(p);
}

/* Everything without anything. */
static void
draw_empty(struct page *p)
{
	page_section(p, "Users", NULL);
	page_figures(p, NULL, 0);
	page_stack(p, &status, NULL, 0);
	page_series(p, &signups, (struct page_start){ PAGE_MONTHS, 2024, 1 }, NULL, 0);
	page_section(p, "Groups", NULL);
	page_bars(p, &groups, NULL, 0, false);
	page_matrix(p, &overlap, NULL, NULL, 0);
	page_section(p, "Attributes", NULL);
	page_bars(p, &attributes, NULL, 0, true);
	page_section(p, "Targets", NULL);
	page_table(p, &rejects, reject_columns, COUNT(reject_columns), NULL, 0);
}

/* n of everything, label(i) its names and value(i) its figures. */
static void
draw_all(struct page *p, size_t n, const char *(*label)(size_t i), uint64_t (*value)(size_t i),
    uint64_t total)
{
	size_t side = n < 12 ? n : 12;
	struct page_item *items = mem_alloc(n * sizeof *items);
	struct page_figure *figures = mem_alloc(n * sizeof *figures);
	uint64_t *counts = mem_alloc((n > 144 ? n : 144) * sizeof *counts);
	const char **cells = mem_alloc(4 * n * sizeof *cells);
	struct page_chart chart = { label(0), label(1), label(2), label(3), NULL, total };
	struct page_column columns[] = { { label(0), PAGE_LEFT }, { label(1), PAGE_LEFT },
	    { label(2), PAGE_RIGHT }, { label(3), PAGE_RIGHT } };

	for (size_t i = 0; i < n; i++) {
		items[i] = (struct page_item){ label(i), value(i), i % 4 == 1 ? label(i + 1) : NULL,
		    i % 3 != 2, (int64_t)(i % 2 == 0 ? value(i + 1) : 0 - value(i + 1)),
		    i > 3 && i + 1 == n };
		figures[i] = (struct page_figure){ label(i), i % 5 == 4 ? label(i + 2) : NULL,
		    value(i), i % 2 == 0 ? total : 0, items[i].note, items[i].has_delta, items[i].delta };
		for (size_t c = 0; c < 4; c++)
			cells[4 * i + c] = label(i + c);
	}
	for (size_t i = 0; i < 144 || i < n; i++)
		counts[i] = value(i);
	for (size_t i = 0; i < side * side; i++)
		counts[i] = value(i % side > i / side ? i % side : i / side);
	page_section(p, label(0), label(1));
	page_figures(p, figures, n < 24 ? n : 24);
	page_stack(p, &chart, items, n < 12 ? n : 12);
	page_bars(p, &chart, items, n, true);
	page_section(p, label(1), NULL);
	page_bars(p, &chart, items, n, false);
	page_series(p, &chart, (struct page_start){ PAGE_MONTHS, 2019, 7 }, counts, n);
	page_series(p, &chart, (struct page_start){ PAGE_YEARS, 2019, 7 }, counts, n);
	page_table(p, &chart, columns, COUNT(columns), cells, n);
	page_section(p, label(2), label(3));
	page_matrix(p, &chart, (const char *const *)cells, counts, side);
	page_note(p, PAGE_PLAIN, label(0));
	page_note(p, PAGE_WARN, label(1));
	free(cells);
	free(counts);
	free(figures);
	free(items);
}

static const char *const hostile[] = {
	"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onmouseover='alert(1)",
	"</title></style></svg><h1>x</h1>", "&lt;&amp;&#60;", "]]><!-- -->",
	"\x1b[31mred\x1b]0;title\a", "a\nb\r\nc\td", "\xe2\x80\xae\x65vil\xe2\x80\xac txt.exe",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d 12",
	"\xff\xfe bad \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80", "", "\xc2\x9b\x31mC1\xc2\x85",
	"zero\xe2\x80\x8bwidth\xef\xbb\xbf\xc2\xad",
	"Z\xcc\x81\xcc\x82\xcc\x83\xcc\x84\xcc\x85\xcc\x86go", " blanks  and  blanks ",
	"\xef\xbf\xbf\xef\xbf\xbe\xf0\x9f\xbf\xbf", "\xf3\xa0\x81\xa1tag", "javascript:alert(1)",
	"expression(alert(1)); background:url(https://example.com/x)", "%s%n%d%1000000d",
	"\xe5\x96\xb6\xe6\xa5\xad\xe9\x83\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9", "{{7*7}}${7*7}",
	("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	("WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW"
	"WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW")
};

static const char *
hostile_label(size_t i)
{
	return hostile[i % COUNT(hostile)];
}

static uint64_t
hostile_value(size_t i)
{
	return 100 + i * 37 % 400;
}

static const char *
plain_label(size_t i)
{
	static char names[MANY_MAX + 3][NAME_SIZE];

	i %= COUNT(names);
	snprintf(names[i], sizeof names[i], "group-%zu-of-%s", i, i % 3 == 0 ? "the whole company" :
	    "Z\xc3\xbcrich");
	return names[i];
}

static uint64_t
falling_value(size_t i)
{
	return 10000 / (i + 1);
}

static uint64_t
zero_value(size_t i)
{
	(void)i;
	return 0;
}

static uint64_t
huge_value(size_t i)
{
	static const uint64_t values[] = { 40000000, UINT64_MAX, 1, 0, INT64_MAX, 999999999,
	    18446744073709551, 1000000000000000000U };

	return values[i % COUNT(values)];
}

static uint64_t random_state;

/* xorshift64: the same everywhere. */
static uint64_t
random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Bytes of all kinds, and pieces of UTF-8 and of markup. */
static const char *
random_label(size_t i)
{
	static const char pieces[] = "<>&\"'/ \xe2\x80\xae\xcc\x81\xd7\x90";
	static char names[64][NAME_SIZE];
	char *name = names[i % COUNT(names)];
	size_t len = random_next() % (NAME_SIZE - 1);

	for (size_t at = 0; at < len; at++) {
		uint64_t r = random_next();

		if (r % 3 == 0)
			name[at] = pieces[r / 3 % (sizeof pieces - 1)];
		else if (r % 3 == 1)
			name[at] = (char)(r >> 8);
		else
			name[at] = (char)(' ' + (r >> 8) % 95);
	}
	name[len] = '\0';
	return name;
}

static uint64_t
random_value(size_t i)
{
	(void)i;
	return random_next() >> (24 + random_next() % 40);
}

static void
draw(struct page *p, const char *scene, size_t number)
{
	random_state = number + 88172645463325252U;
	if (strcmp(scene, "pool") == 0) {
		draw_pool(p);
	} else if (strcmp(scene, "empty") == 0) {
		draw_empty(p);
	} else if (strcmp(scene, "one") == 0) {
		draw_all(p, 1, plain_label, falling_value, 20000);
	} else if (strcmp(scene, "zero") == 0) {
		draw_all(p, 6, plain_label, zero_value, 0);
	} else if (strcmp(scene, "hostile") == 0) {
		draw_all(p, COUNT(hostile), hostile_label, hostile_value, 3000);
	} else if (strcmp(scene, "huge") == 0) {
		draw_all(p, 16, plain_label, huge_value, UINT64_MAX);
	} else if (strcmp(scene, "many") == 0) {
		draw_all(p, number, plain_label, falling_value, 20000);
	} else if (strcmp(scene, "random") == 0) {
		draw_all(p, 1 + random_next() % 40, random_label, random_value, random_value(0));
	} else {
		for (size_t i = 0; i < PAGE_MAX / 20; i++)
			page_note(p, PAGE_PLAIN, "twenty bytes, and so on");
	}
}

int
main(int argc, char **argv)
{
	static const struct page_fact facts[] = {
		{ "Pool", "eu-west-1_Ab12Cd34E" }, { "Region", "eu-west-1" },
		{ "Snapshot", "2026-11-22 10:00 UTC" }, { "Compared with", "2026-10-22 10:00 UTC" },
		{ "Users", "48,211" }
	}, bad[] = { { "</dl>", "\"<b>\n" }, { "", NULL } };
	struct page_head head = { "Users of eu-west-1_Ab12Cd34E", "One pool, as it was exported",
	    facts, COUNT(facts) };
	enum page_format format;
	int64_t number = 100;
	uint64_t bytes;
	const char *why;
	struct page *p;
	struct out out;

	prog_start(argv[0]);
	if (argc < 3 || argc > 4)
		return PROG_USAGE;
	if (argc > 3 && num_parse(argv[3], 1, MANY_MAX, &number, &why) != 0)
		return PROG_USAGE;
	format = strcmp(argv[1], "html") == 0 ? PAGE_HTML : PAGE_TEXT;
	if (strcmp(argv[2], "hostile") == 0)
		head = (struct page_head){ "<i>'\"&\xe2\x80\xae", "]]></title><script>", bad,
		    COUNT(bad) };
	if (out_open(&out, NULL, false) != 0)
		return PROG_FAIL;
	p = page_open(&out, format, &head);
	draw(p, argv[2], (size_t)number);
	if (page_close(p, &bytes) != 0) {
		out_abandon(&out);
		return PROG_FAIL;
	}
	return out_commit(&out) == 0 ? PROG_OK : PROG_FAIL;
}
