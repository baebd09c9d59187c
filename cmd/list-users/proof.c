/* The proof (proof.h). */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/hash.h"
#include "json/jtext.h"
#include "json/record.h"
#include "json/sink.h"

#include "proof.h"

static const char scope[] = "proof";

enum { LINE_SIZE = 80, AHEAD_MS = 5 * 60 * 1000 };	/* clocks of two machines may differ so */

bool
proof_can_ask(char c)
{
	return c >= PROOF_FIRST && c <= PROOF_LAST && c != '"' && c != '\\';
}

/* Finds where the beginning of sub is counted.  Returns false if it cannot be. */
static bool
find_place(const char *sub, size_t len, int *first, int *second)
{
	if (len == 0 || !proof_can_ask(sub[0]) || (len > 1 && !proof_can_ask(sub[1])))
		return false;
	*first = sub[0] - PROOF_FIRST;
	*second = len > 1 ? sub[1] - PROOF_FIRST : PROOF_CHARS;
	return true;
}

uint64_t
proof_first(const struct proof *p, char first)
{
	uint64_t sum = 0;

	for (int i = 0; i <= PROOF_CHARS; i++)
		sum += p->users[first - PROOF_FIRST][i];
	return sum;
}

bool
proof_knows(const struct proof *p, const char *sub, size_t len, int depth)
{
	int first, second;

	if (depth == 1)
		return len > 0 && proof_can_ask(sub[0]) && proof_first(p, sub[0]) > 0;
	return find_place(sub, len, &first, &second) && p->users[first][second] > 0;
}

static void
doubt(struct proof *p, const char *why)
{
	if (p->why[0] == '\0')
		snprintf(p->why, sizeof p->why, "%s", why);
}

void
proof_count(struct proof *p, const char *sub, size_t len)
{
	int first, second;

	if (sub == NULL)
		doubt(p, "a user has no sub");
	else if (!find_place(sub, len, &first, &second))
		doubt(p, "a sub begins with what no filter can be trusted with");
	else
		p->users[first][second]++;
}

/* Calls row for every line of the file, in order. */
static int
write_rows(const struct proof *p, struct sink *sink)
{
	for (int i = 0; i < PROOF_CHARS; i++) {
		/* What is no longer sorts before what begins with it. */
		for (int j = -1; j < PROOF_CHARS; j++) {
			uint64_t users = p->users[i][j >= 0 ? j : PROOF_CHARS];
			char line[LINE_SIZE];
			int n;

			if (users == 0)
				continue;
			n = snprintf(line, sizeof line, "{\"Prefix\":\"%c%.*s\",\"Users\":%llu}",
			    PROOF_FIRST + i, j >= 0, (char[]){ (char)(PROOF_FIRST + j), '\0' },
			    (unsigned long long)users);
			if (sink_row(sink, line, (size_t)n) != 0)
				return -1;
		}
	}
	return 0;
}

int
proof_write(const struct proof *p, const char *path, const char *source, const char *started)
{
	const struct sink_options opts = { .output = path, .seal = true };
	struct sink sink;

	if (sink_open(&sink, &opts, true) != 0)
		return -1;
	seal_set(&sink.seal.source, source);
	seal_set(&sink.seal.scope, scope);
	seal_set(&sink.seal.started, started);
	return sink_close(&sink, write_rows(p, &sink) == 0 ? PROG_OK : PROG_FAIL, NULL,
	    NULL) == PROG_OK ? 0 : -1;
}

static void
add_to_id(struct proof *p, const char *text, size_t len)
{
	p->id = hash_bytes(&(struct hash_key){ p->id, len }, text, len);
}

static void
take_row(struct proof *p, const struct record_reader *r)
{
	uint32_t prefix = tok_member(&r->list, r->text, 0, "Prefix");
	uint32_t users = tok_member(&r->list, r->text, 0, "Users");
	const struct tok *t = &r->list.tok[prefix], *n = &r->list.tok[users];
	int first, second;

	if (prefix == 0 || t->type != TOK_STRING || t->flags != 0 || t->end - t->start > 2 ||
	    !find_place(r->text + t->start, t->end - t->start, &first, &second) ||
	    p->users[first][second] != 0 || users == 0 || n->type != TOK_NUMBER ||
	    r->text[n->start] < '1' || r->text[n->start] > '9')
		doubt(p, "it is no proof of list-users");
	else
		p->users[first][second] = 1;	/* how many they were does not matter here */
	add_to_id(p, r->text, r->len);
}

static void
judge(struct proof *p, const struct seal *seal, const char *source, int64_t max_age_ms)
{
	int64_t started, age;

	if (seal->source == NULL || seal->scope == NULL || strcmp(seal->scope, scope) != 0 ||
	    seal->started == NULL ||
	    clock_parse_rfc3339(seal->started, strlen(seal->started), &started) != 0) {
		doubt(p, "it is no proof of list-users");
		return;
	}
	add_to_id(p, seal->source, strlen(seal->source));
	add_to_id(p, seal->started, strlen(seal->started));
	age = clock_wall_ms() - started;
	if (strcmp(seal->source, source) != 0)
		doubt(p, "it is of another pool or endpoint");
	else if (age < -AHEAD_MS)
		doubt(p, "it is from the future");
	else if (age > max_age_ms && p->why[0] == '\0') {
		p->dated = true;
		doubt(p, "it is older than --proof-age");
	}
}

void
proof_read(struct proof *p, int fd, const char *path, const char *source, int64_t max_age_ms)
{
	enum record_result result;
	struct record_reader r;

	record_open(&r, fd, path);
	while ((result = record_next(&r)) == RECORD_LINE)
		take_row(p, &r);
	if (result != RECORD_END || record_verdict(&r, true) != RECORD_WHOLE)
		doubt(p, "it is not whole");
	else
		judge(p, &r.seal, source, max_age_ms);
	record_close(&r);
}
