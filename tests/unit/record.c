/* The record reader: what is a good line, and when a stream is whole. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "json/record.h"
#include "tap.h"

static char tally[64];	/* of the last stream: L for a line, W for a wrong one, E for a read error */

/* Reads the whole stream; returns the verdict, with what was seen in tally. */
static enum record_verdict
judge(const char *text, size_t len, bool need_seal)
{
	FILE *f = tmpfile();
	struct record_reader r;
	enum record_result result;
	enum record_verdict verdict;
	size_t n = 0;

	if (f == NULL || fwrite(text, 1, len, f) != len || fflush(f) != 0 ||
	    lseek(fileno(f), 0, SEEK_SET) != 0)
		abort();
	record_open(&r, fileno(f), "test");
	while ((result = record_next(&r)) != RECORD_END && n < sizeof tally - 1)
		tally[n++] = "LW?E"[result];
	tally[n] = '\0';
	verdict = record_verdict(&r, need_seal);
	record_close(&r);
	fclose(f);
	return verdict;
}

static enum record_verdict
judge_text(const char *text)
{
	return judge(text, strlen(text), false);
}

static void
test_lines(void)
{
	static const struct { const char *line, *want; } rows[] = {
		{ "{}", "L" }, { " {\"Username\":\"ana\"}\t", "L" }, { "", "W" }, { "[]", "W" },
		{ "{}{}", "W" }, { "{\"a\":NaN}", "W" }, { "{\"a\":\"\xff\"}", "W" },
		{ "{\"a\":\"\\ud800\"}", "W" }, { "{\"a\":\"\\u0000\"}", "L" },
		{ "{\"Username\":\"a\\u0000\"}", "W" }, { "{\"Username\":\"\"}", "W" },
		{ "{\"Username\":7}", "W" }, { "{\"GroupName\":null}", "W" },
		{ "{\"Username\":\"a\",\"Username\":\"b\"}", "W" },
		{ "{\"Username\":\"a\",\"\\u0055sername\":\"b\"}", "W" },
		{ "{\"Groups\":[],\"Groups\":[]}", "W" },
		{ "{\"Attributes\":{\"sub\":\"1\",\"sub\":\"2\"}}", "W" },
		{ "{\"Attributes\":{\"sub\":\"\\u0000\"}}", "W" }, { "{\"x\":1,\"x\":2}", "L" },
		{ "{\"n\":123456789012345678901234567890}", "L" }, { "{\"~x\":1}", "W" },
		{ "{\"\\u007ex\":1}", "W" }, { "{\"a\":{\"~end\":1}}", "L" },
		{ "{\"Attributes\":{\"~end\":\"x\"}}", "L" }, { "{\"a\":\"b", "W" }, { "{}\r", "L" },
		{ "\xef\xbb\xbf{}", "W" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf b;

		buf_init(&b, 1000);
		buf_appendf(&b, "%s\n", rows[i].line);
		judge(b.data, b.len, false);
		if (!is(tally, rows[i].want, "line"))
			printf("# %s\n", rows[i].line);
		buf_free(&b);
	}
}

static void
test_long_lines(void)
{
	size_t len = RECORD_LINE_MAX + 1;
	char *text = malloc(2 * len + 16), *p = text;

	/* The longest line allowed, then one byte more, then a short one. */
	memcpy(p, "{\"a\":\"", 6);
	memset(p + 6, 'x', RECORD_LINE_MAX - 8);
	memcpy(p + RECORD_LINE_MAX - 2, "\"}\n", 3);
	p += RECORD_LINE_MAX + 1;
	memcpy(p, "{\"a\":\"", 6);
	memset(p + 6, 'x', RECORD_LINE_MAX - 7);
	memcpy(p + RECORD_LINE_MAX - 1, "\"}\n", 3);
	p += RECORD_LINE_MAX + 2;
	memcpy(p, "{}\n", 3);
	p += 3;
	ok(judge(text, (size_t)(p - text), false) == RECORD_PLAIN, "long lines do not end the stream");
	is(tally, "LWL", "the longest is good, one byte more is wrong, and the next is good");
	ok(judge(text, (size_t)(p - text) - 4, false) == RECORD_CUT,
	    "a line too long that never ends is a cut stream");
	free(text);
}

static void
test_verdicts(void)
{
	static const char rows[] = "{\"a\":1}\n{\"b\":2}\n";
	static const struct { const char *head, *seal, *tail; enum record_verdict want; } t[] = {
		{ rows, "", "", RECORD_PLAIN }, { "", "", "", RECORD_PLAIN },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16}}\n", "", RECORD_WHOLE },
		{ "", "{ \"~end\": {\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16} }\n", rows, RECORD_WHOLE },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":1,\"bytes\":16}}\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":15}}\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":2,\"ok\":true,\"rows\":2,\"bytes\":16}}\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":1,\"rows\":2,\"bytes\":16}}\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"ok\":true,\"rows\":2,\"bytes\":16}}\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"rows\":2,\"bytes\":16}}\n", "",
		    RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16},\"x\":1}\n", "",
		    RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16}}", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\n", "", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16}}\n",
		    "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":16}}\n", RECORD_CUT },
		{ rows, "{\"~end\":{\"v\":1,\"ok\":false,\"rows\":2,\"bytes\":16,\"reason\":\"r\","
		    "\"retryable\":true}}\n", "", RECORD_FAILED },
		{ "{\"a\":1}\n{\"b\":2}", "", "", RECORD_CUT },
	};

	for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
		struct buf b;

		buf_init(&b, 1000);
		buf_appendf(&b, "%s%s%s", t[i].head, t[i].seal, t[i].tail);
		if (!ok(judge(buf_string(&b), b.len, false) == t[i].want, "verdict"))
			printf("# %s\n", b.data);
		buf_free(&b);
	}
	ok(judge(rows, strlen(rows), true) == RECORD_CUT, "a seal that is wanted and not there");
	ok(judge_text("{\"~end\":{\"v\":1,\"ok\":true,\"rows\":0,\"bytes\":0}}\n") == RECORD_WHOLE,
	    "an empty stream that is sealed");
}

/* The property that everything rests on: whole only at full length, wherever the stream is cut. */
static void
test_cuts(void)
{
	struct buf b;
	struct seal seal;
	unsigned whole = 0, rows = 0;
	size_t body;

	buf_init(&b, 100000);
	for (; rows < 30; rows++)
		buf_appendf(&b, "{\"Username\":\"user%u\",\"Attributes\":{\"sub\":\"%u\"}}\n", rows, rows);
	body = b.len;
	seal_init(&seal);
	seal.rows = rows;
	seal.bytes = body;
	seal_set(&seal.source, "test");
	seal_set(&seal.scope, "all");
	seal_write(&seal, &b);
	seal_free(&seal);
	for (size_t cut = 0; cut < b.len; cut++)
		whole += judge(b.data, cut, true) == RECORD_WHOLE;
	ok(whole == 0, "cut at every byte: never whole");
	/* Without --seal a cut at a line end looks plain, but inside the seal it must not. */
	for (size_t cut = body + 1; cut < b.len; cut++)
		whole += judge(b.data, cut, false) != RECORD_CUT;
	ok(whole == 0, "cut inside the seal: never plain either");
	ok(judge(b.data, b.len, true) == RECORD_WHOLE, "uncut: whole");
	for (size_t line = 0; line < body;) {
		size_t len = (size_t)((char *)memchr(b.data + line, '\n', body - line) + 1 - (b.data + line));
		char *shorter = malloc(b.len);

		memcpy(shorter, b.data, line);
		memcpy(shorter + line, b.data + line + len, b.len - line - len);
		whole += judge(shorter, b.len - len, true) != RECORD_CUT;
		free(shorter);
		line += len;
	}
	ok(whole == 0, "every line dropped in turn: never whole");
	buf_free(&b);
}

static void
test_seal_too_long(void)
{
	struct buf b;

	buf_init(&b, RECORD_LINE_MAX);
	buf_append_string(&b, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":0,\"bytes\":0,\"x\":[0");
	while (b.len < SEAL_LINE_MAX)
		buf_append_string(&b, "                ");
	buf_append_string(&b, "]}}\n");
	ok(judge(b.data, b.len, false) == RECORD_CUT, "a seal that is too long");
	buf_free(&b);
}

/* A pipe that another program made non-blocking is waited for. */
static void
test_no_input_yet(void)
{
	const struct timespec pause = { .tv_nsec = 100000000L };
	struct record_reader r;
	int fd[2];
	pid_t child;

	if (pipe(fd) != 0 || fcntl(fd[0], F_SETFL, O_NONBLOCK) != 0)
		abort();
	child = fork();
	if (child == 0) {
		nanosleep(&pause, NULL);
		_exit(write(fd[1], "{}\n", 3) != 3);
	}
	close(fd[1]);
	record_open(&r, fd[0], "test");
	ok(record_next(&r) == RECORD_LINE, "a pipe that blocks nobody");
	ok(record_next(&r) == RECORD_END, "and its end");
	record_close(&r);
	close(fd[0]);
	ok(child > 0 && waitpid(child, NULL, 0) == child, "its writer is over");
}

static void
test_seal(void)
{
	static const char text[] = "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":3,\"bytes\":9,\"rejected\":1,"
	    "\"source\":\"s\\u00e9\",\"scope\":\"all\",\"via\":[\"through\"],\"started\":\"2026-01-01T00:00:00.000Z\","
	    "\"ended\":\"2026-01-02T00:00:00.000Z\",\"new\":{\"x\":[1]}}}\n";
	struct tok_list l;
	struct seal a, b;
	struct buf out;

	tok_init(&l, 1000);
	buf_init(&out, SEAL_MAX);
	seal_init(&a);
	seal_init(&b);
	ok(tok_parse(&l, text, strlen(text)) == TOK_OK && seal_parse(&a, &l, text) == 1, "parsed");
	seal_merge(&b, &a);
	seal_add_via(&b, "through");
	seal_add_via(&b, "map-attributes");
	b.rows = 2;
	b.bytes = 5;
	ok(seal_write(&b, &out) == 0, "written");
	is(buf_string(&out), "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":2,\"bytes\":5,\"rejected\":1,"
	    "\"source\":\"s\xc3\xa9\",\"scope\":\"all\",\"via\":[\"through\",\"map-attributes\"],"
	    "\"started\":\"2026-01-01T00:00:00.000Z\",\"ended\":\"2026-01-02T00:00:00.000Z\","
	    "\"new\":{\"x\":[1]}}}\n", "what it says travels, unknown members too");
	seal_set(&a.scope, "groups:[\"x\"]");
	seal_merge(&b, &a);
	is(b.scope, "all + groups:[\"x\"]", "scopes that differ are joined");
	is(b.source, "s\xc3\xa9", "equal sources stand once");
	seal_free(&a);
	seal_free(&b);
	buf_free(&out);
	tok_free(&l);
}

int
main(void)
{
	test_lines();
	test_long_lines();
	test_verdicts();
	test_cuts();
	test_seal_too_long();
	test_no_input_yet();
	test_seal();
	return tap_done();
}
