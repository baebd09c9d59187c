/* What the progress line says (base/progress_text.h). */
#include "base/progress_text.h"

#include <stdio.h>
#include <string.h>

#include "tap.h"

static char out[PROGRESS_TEXT_SIZE];

static struct progress_stage
stage(const char *name, uint64_t count, uint64_t in, uint64_t to)
{
	struct progress_stage s = { .started_ms = 1000, .count = count, .in = { 7, in },
		.out = { 7, to } };

	snprintf(s.name, sizeof s.name, "%s", name);
	return s;
}

static const char *
line(const struct progress_stage *stages, size_t count, size_t columns)
{
	size_t len = progress_text(out, stages, count, 14000, columns);

	ok(len == strlen(out) && len <= columns, "the length is right, and fits");
	return out;
}

static const char *
order(struct progress_stage *stages, size_t count)
{
	progress_text_sort(stages, count);
	for (size_t i = 0; i < count; i++)
		out[i] = stages[i].name[0];
	out[count] = '\0';
	return out;
}

static void
test_widths(void)
{
	struct progress_stage s[] = {
		stage("list-users", 12000, 0, 1), stage("map-attributes", 11940, 1, 2),
		stage("emit-csv", 11900, 2, 0)
	};

	s[0].done = 12000;
	s[0].total = 30000;
	s[1].started_ms = 900;
	is(line(s, 3, 100), "list-users 12,000 923/s | map-attributes 11,940 | emit-csv 11,900"
	    "  0:00:13  40%", "all of it");
	is(line(s, 3, 75), "list-users 12,000 | map-attributes 11,940 | emit-csv 11,900"
	    "  0:00:13  40%", "without the rate");
	is(line(s, 3, 70), "list-users 12,000 | map-attributes | emit-csv 11,900  0:00:13  40%",
	    "the middle without its count");
	is(line(s, 3, 60), "list-users 12,000 | .. | emit-csv 11,900  0:00:13  40%",
	    "and without its name");
	is(line(s, 3, 40), "list-users 12,000 | ..  0:00:13  40%", "only the first");
	is(line(s, 3, 20), "list-users 12,000", "alone");
	is(line(s, 3, 10), "list-users", "cut");
	is(line(s + 1, 1, 80), "map-attributes 11,940 911/s  0:00:13", "one stage, no total");
	snprintf(s[1].unit, sizeof s[1].unit, "users");
	s[1].total = 10;
	s[1].done = 11;
	is(line(s + 1, 1, 80), "map-attributes 11,940 users 911/s  0:00:13  100%",
	    "what it counts, and more than an estimate");
	snprintf(s[1].name, sizeof s[1].name, "a\033[2Jb\xc3\xa4");
	is(line(s, 2, 80), "list-users 12,000 923/s | a?[2Jb?? 11,940  0:00:13  40%",
	    "nothing steers the terminal");
}

static void
test_many(void)
{
	struct progress_stage s[32];

	for (size_t i = 0; i < 32; i++)
		s[i] = stage("some-stage-with-a-long-name", UINT64_MAX, i, i + 1);
	is(line(s, 32, 10000), "some-stage-with-a-long-name 18,446,744,073,709,551,615 | .. | "
	    "some-stage-with-a-long-name 18,446,744,073,709,551,615  0:00:13", "a long pipe");
	s[0].started_ms = -3600LL * 1000 * 1000;
	is(line(s, 1, 79), "some-stage-with-a-long-name 18,446,744,073,709,551,615  1000:00:14",
	    "a long time");
}

static void
test_order(void)
{
	struct progress_stage a = stage("a", 0, 0, 1), b = stage("b", 0, 1, 2),
	    c = stage("c", 0, 2, 0), d = stage("d", 0, 5, 6), e = stage("e", 0, 6, 0),
	    x = stage("x", 0, 8, 9), y = stage("y", 0, 9, 8);

	is(order((struct progress_stage[]){ c, a, b }, 3), "abc", "by their pipes");
	is(order((struct progress_stage[]){ c, b, a }, 3), "abc", "in any order");
	is(order((struct progress_stage[]){ e, b, d, c, a }, 5), "abcde",
	    "what reads from a foreign filter stands behind");
	e.started_ms = 10;
	e.in.inode = 77;
	is(order((struct progress_stage[]){ d, e }, 2), "ed", "by time");
	a.out.device = 8;
	b.in.inode = 1;
	is(order((struct progress_stage[]){ b, c, a }, 3), "abc", "another device is no pipe");
	ok(strlen(order((struct progress_stage[]){ x, y }, 2)) == 2, "a circle ends");
}

int
main(void)
{
	test_widths();
	test_many();
	test_order();
	return tap_done();
}
