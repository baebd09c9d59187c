/* Guards against formulas: put on where needed, and taken off again exactly. */
#include "base/guard.h"

#include <stdint.h>
#include <stdlib.h>

#include "tap.h"

enum { ROUNDS = 200000, LONGEST = 8 };

/* The text as it is guarded: "!" where it is refused. */
static const char *
guarded(enum guard g, const char *s)
{
	static char out[64];
	size_t len = strlen(s);

	switch (guard_need(g, s, len)) {
	case GUARD_CLEAR:
		return s;
	case GUARD_AMBIGUOUS:
		return "!";
	default:
		break;
	}
	out[guard_write(g, out, s, len)] = '\0';
	return out;
}

static void
test_apostrophe(void)
{
	enum guard g = GUARD_APOSTROPHE;

	is(guarded(g, "=1+1"), "'=1+1", "a formula");
	is(guarded(g, "+1+1"), "'+1+1", "a sum");
	is(guarded(g, "-1"), "'-1", "a number below zero, which may be a formula's beginning");
	is(guarded(g, "@SUM(1)"), "'@SUM(1)", "a function");
	is(guarded(g, "\t=1"), "'\t=1", "a tab");
	is(guarded(g, "\r=1"), "'\r=1", "CR");
	is(guarded(g, "\n=1"), "'\n=1", "LF");
	is(guarded(g, "'=1"), "''=1", "one that looks guarded");
	is(guarded(g, "'''@"), "''''@", "and once more");
	is(guarded(g, "O'Hara"), "O'Hara", "an apostrophe inside");
	is(guarded(g, "'tis"), "'tis", "an apostrophe in front");
	is(guarded(g, "'"), "'", "an apostrophe alone");
	is(guarded(g, ""), "", "nothing");
	is(guarded(g, "|x"), "|x", "a bar, which is Oracle's alone");
	is(guarded(g, "+15551234567"), "+15551234567", "a telephone number");
	is(guarded(g, "+12"), "+12", "a short one");
	is(guarded(g, "+123456789012345"), "+123456789012345", "a long one");
	is(guarded(g, "+1"), "'+1", "too short for one");
	is(guarded(g, "+1234567890123456"), "'+1234567890123456", "too long for one");
	is(guarded(g, "+1555-1234"), "'+1555-1234", "a difference");
	is(guarded(g, "'+15551234567"), "''+15551234567", "a number behind an apostrophe");
}

static void
test_oci(void)
{
	enum guard g = GUARD_OCI;

	is(guarded(g, "@test"), "'@test'", "as Oracle's page has it");
	is(guarded(g, "|x"), "'|x'", "a bar");
	is(guarded(g, "%x"), "'%x'", "a percent sign");
	is(guarded(g, "="), "'='", "an equals sign alone");
	is(guarded(g, "+15551234567"), "'+15551234567'", "a telephone number too");
	is(guarded(g, "@'"), "'@''", "an apostrophe at the end");
	is(guarded(g, "'@"), "'@", "an apostrophe in front");
	is(guarded(g, "'x'"), "'x'", "apostrophes at both ends");
	is(guarded(g, "'@'"), "!", "one that looks guarded is refused");
	is(guarded(g, "'-1'"), "!", "a longer one too");
	is(guarded(g, "\t=1"), "\t=1", "a tab is none of its characters");
}

static void
test_report(void)
{
	ok(guard_need(GUARD_REPORT, "=1", 2) == GUARD_NEEDED, "report: a formula");
	ok(guard_need(GUARD_REPORT, "'=1", 3) == GUARD_CLEAR, "report: not behind an apostrophe");
	ok(guard_need(GUARD_REPORT, "+123", 4) == GUARD_CLEAR, "report: not a telephone number");
	ok(guard_need(GUARD_NONE, "=1", 2) == GUARD_CLEAR, "none");
}

/* Any text comes back, whatever its first bytes. */
static void
test_random(enum guard g, const char *title)
{
	static const char bytes[] = "'''=+-@\t\n|%a1";
	char *s = malloc(LONGEST), out[LONGEST + 2];
	uint64_t state = 1;
	bool good = s != NULL;

	for (int i = 0; i < ROUNDS && good; i++) {
		size_t len = 1 + (size_t)(state >> 60) % LONGEST, n;
		enum guard_need need;
		const char *back = out;

		for (size_t at = 0; at < len; at++) {
			/* Knuth's MMIX: the same in every run. */
			state = state * 6364136223846793005U + 1442695040888963407U;
			s[at] = bytes[(state >> 33) % (sizeof bytes - 1)];
		}
		need = guard_need(g, s, len);
		if (need == GUARD_AMBIGUOUS)
			continue;
		memcpy(out, s, len);
		n = need == GUARD_NEEDED ? guard_write(g, out, s, len) : len;
		good = guard_strip(g, &back, &n) == (need == GUARD_NEEDED) && n == len &&
		    memcmp(back, s, len) == 0;
	}
	free(s);
	ok(good, title);
}

int
main(void)
{
	const char *s = "'=1";
	size_t len = 3;

	test_apostrophe();
	test_oci();
	test_report();
	test_random(GUARD_APOSTROPHE, "apostrophe: any text comes back");
	test_random(GUARD_OCI, "oci: any text that is not refused comes back");
	ok(!guard_strip(GUARD_NONE, &s, &len) && !guard_strip(GUARD_REPORT, &s, &len) && len == 3,
	    "nothing to take off without a guard");
	return tap_done();
}
