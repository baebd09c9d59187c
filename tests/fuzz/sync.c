/*
 * plan-sync on small pools: six people and two groups on either side, a ledger, a state, protected
 * and held records, seals that are whole or not.  Compared with a planner that looks at one person
 * at a time and has the rules of plan-sync(1) written down once more: the very operations for each
 * person and each membership, no others, with the attributes before and after; and the same rows
 * if the lines of the inputs stand the other way round.
 *
 * The first bytes are about the run, four more about each person.
 *
 * With: cmd/plan-sync/{[a-l]*,members,[n-r]*,s[a-x]*,[t-z]*}.c
 * Link: -Wl,--wrap=files_open,--wrap=files_spool,--wrap=files_temporary,--wrap=files_rename
 * Link: -Wl,--wrap=files_unlink,--wrap=files_sync,--wrap=files_shut,--wrap=files_will_read
 * Link: -Wl,--wrap=diag_error,--wrap=diag_warn,--wrap=write,--wrap=close
 */
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../cmd/plan-sync/sync.c"

#include "tree.h"

enum { PEOPLE = 6, PEOPLE_BYTES = 4, RUN_BYTES = 3, ARGS_MAX = 40 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__asan_default_options(void);
int __wrap_files_open(const char *path);
int __wrap_files_spool(const char **directory);
int __wrap_files_temporary(const char *path, char **name);
int __wrap_files_rename(const char *from, const char *to);
int __wrap_files_unlink(const char *path);
int __wrap_files_sync(const char *path);
int __wrap_files_shut(const struct sandbox *own);
void __wrap_files_will_read(const char *path);
void __wrap_diag_error(const char *fmt, ...);
void __wrap_diag_warn(const char *fmt, ...);
ssize_t __wrap_write(int fd, const void *data, size_t len);
ssize_t __real_write(int fd, const void *data, size_t len);
int __wrap_close(int fd);
int __real_close(int fd);

#define TARGET "https://h/eu-west-1_a"

/* The files of a run, by name. */
enum file { WANTED, THERE, THE_LEDGER, THE_STATE, PROTECTED, THE_HELD, FILES };

static const char *const file_names[FILES] = { "want", "have", "ledger", "state", "protect",
	"held" };
static struct text files[FILES], plan_text;

const char *
__asan_default_options(void)
{
	return "quarantine_size_mb=4:detect_leaks=0";	/* options end with the process */
}

static int
make_file(const void *data, size_t len)
{
	int fd = memfd_create("f", 0);

	check(fd != -1 && __real_write(fd, data, len) == (ssize_t)len);
	check(lseek(fd, 0, SEEK_SET) == 0);
	return fd;
}

int
__wrap_files_open(const char *path)
{
	int i = 0;

	while (i < FILES && strcmp(file_names[i], path) != 0)
		i++;
	check(i < FILES);
	return make_file(files[i].s, files[i].len);
}

int
__wrap_files_spool(const char **directory)
{
	*directory = "";
	return make_file("", 0);
}

int
__wrap_files_temporary(const char *path, char **name)
{
	*name = strdup(path);
	return make_file("", 0);
}

int
__wrap_files_rename(const char *from, const char *to)
{
	(void)from;
	(void)to;
	return 0;
}

int
__wrap_files_unlink(const char *path)
{
	(void)path;
	return 0;
}

int
__wrap_files_sync(const char *path)
{
	(void)path;
	return 0;
}

int
__wrap_files_shut(const struct sandbox *own)
{
	(void)own;
	return 0;
}

void
__wrap_files_will_read(const char *path)
{
	(void)path;
}

void
__wrap_diag_error(const char *fmt, ...)
{
	(void)fmt;
}

void
__wrap_diag_warn(const char *fmt, ...)
{
	(void)fmt;
}

ssize_t
__wrap_write(int fd, const void *data, size_t len)
{
	if (fd != STDOUT_FILENO)
		return __real_write(fd, data, len);
	text_add(&plan_text, data, len);
	return (ssize_t)len;
}

/* Standard output stays, for the next run. */
int
__wrap_close(int fd)
{
	return fd == STDOUT_FILENO ? 0 : __real_close(fd);
}

/* What a side says of somebody. */
struct record {
	bool there, enabled, says_groups, in[2];
	int email, name;	/* 0: none */
};

struct person {
	struct record side[SIDES];
	int ledger;		/* by ledger_states; 0: nothing */
	int sub;		/* of the ledger: 0 none, 1 his, 2 another's */
	bool missing, shielded, held;
};

struct run {
	struct person p[PEOPLE];
	bool group_ours[2], delete, adopt, backwards;
	bool want_sealed, have_sealed, via, other_scope, older, rejected, first;
};

static const char *const ledger_states[] = { NULL, "creating", "created", "adopted", "deleted",
	"refused" };
static const char *const names[PEOPLE] = { "ana", "Bo", "c\xc3\xa9", "d d", "e\"", "~f" };
static const char *const emails[] = { NULL, "a@h", "b@h", "" };
static const char *const words[] = { NULL, "n", "m", "\xf0\x9f\x98\x80" };

static void
put_member(struct text *t, const char *name, const char *value)
{
	text_say(t, t->s[t->len - 1] == '{' ? "\"" : ",\"");
	text_say(t, name);
	text_say(t, "\":");
	text_string(t, value, strlen(value));
}

static void
put_record(struct text *t, int who, const struct record *r)
{
	char sub[16];

	snprintf(sub, sizeof sub, "sub-%d", who);
	text_say(t, "{");
	put_member(t, "Username", names[who]);
	text_say(t, r->enabled ? ",\"Enabled\":true,\"Attributes\":{" : ",\"Enabled\":false,"
	    "\"Attributes\":{");
	put_member(t, "sub", sub);
	if (emails[r->email] != NULL)
		put_member(t, "email", emails[r->email]);
	if (emails[r->email] != NULL && r->email == 1)
		put_member(t, "email_verified", "true");
	if (words[r->name] != NULL)
		put_member(t, "name", words[r->name]);
	text_say(t, "}");
	if (r->says_groups) {
		text_say(t, ",\"Groups\":[");
		text_say(t, r->in[0] ? "\"g0\"" : "");
		text_say(t, r->in[0] && r->in[1] ? "," : "");
		text_say(t, r->in[1] ? "\"g1\"" : "");
		text_say(t, "]");
	}
	text_say(t, "}\n");
}

static void
put_seal(struct text *t, size_t rows, const char *more)
{
	char seal[400];

	snprintf(seal, sizeof seal, "{\"~end\":{\"v\":1,\"ok\":true,\"rows\":%zu,"
	    "\"bytes\":%zu%s}}\n", rows, t->len, more);
	text_say(t, seal);
}

static void
put_side(const struct run *r, enum side_name side)
{
	struct text *t = &files[side == WANT ? WANTED : THERE];
	char more[300];
	size_t rows = 0;

	t->len = 0;
	for (int i = 0; i < PEOPLE; i++) {
		int who = r->backwards ? PEOPLE - 1 - i : i;

		if (!r->p[who].side[side].there)
			continue;
		put_record(t, who, &r->p[who].side[side]);
		rows++;
	}
	if (side == WANT ? !r->want_sealed : !r->have_sealed)
		return;
	snprintf(more, sizeof more, ",\"rejected\":%d,\"source\":\"%s/users\",\"scope\":\"%s\","
	    "\"via\":[%s],\"started\":\"2026-03-0%dT00:00:00.000Z\","
	    "\"ended\":\"2026-03-0%dT00:01:00.000Z\"", side == WANT && r->rejected,
	    side == WANT ? "https://h/eu-west-1_b" : TARGET,
	    side == WANT && r->other_scope ? "shard:1" : "all",
	    side == WANT && r->via ? "\"jq\"" : "", r->older ? 1 : 5, r->older ? 1 : 5);
	put_seal(t, rows, more);
}

static void
put_ledger(const struct run *r)
{
	struct text *t = &files[THE_LEDGER];
	char group[300];

	t->len = 0;
	for (int i = 0; i < PEOPLE; i++) {
		const struct person *p = &r->p[i];

		if (p->ledger == 0)
			continue;
		text_say(t, "{\"Ledger\":\"user\"");
		put_member(t, "Target", TARGET);
		put_member(t, "Key", names[i]);
		put_member(t, "Username", names[i]);
		if (p->sub != 0) {
			char sub[16];

			snprintf(sub, sizeof sub, "sub-%d", p->sub == 1 ? i : 99);
			put_member(t, "sub", sub);
		}
		put_member(t, "State", ledger_states[p->ledger]);
		put_member(t, "Time", "2026-01-01T00:00:00.000Z");
		text_say(t, "}\n");
	}
	for (int g = 0; g < 2; g++) {
		snprintf(group, sizeof group, "{\"Ledger\":\"group\",\"Target\":\"" TARGET "\","
		    "\"Key\":\"g%d\",\"GroupName\":\"g%d\",\"State\":\"created\","
		    "\"Time\":\"2026-01-01T00:00:00.000Z\"}\n", g, g);
		text_say(t, r->group_ours[g] ? group : "");
	}
	text_add(t, "", 0);
}

static void
put_state(const struct run *r)
{
	static const char head[] = "{\"State\":\"run\",\"V\":1,\"Target\":\"" TARGET "\",\"Key\":"
	    "\"Username\",\"Fold\":false,\"Ledger\":0,\"Protected\":0}\n";
	struct text *t = &files[THE_STATE];
	size_t rows = 3;

	t->len = 0;
	text_say(t, head);
	for (int k = 0; k < 2; k++) {
		text_say(t, "{\"State\":\"kind\",\"Kind\":\"");
		text_say(t, k == 0 ? "users" : "memberships");
		text_say(t, "\",\"Source\":\"https://h/eu-west-1_b/users\",\"Scope\":\"all\","
		    "\"Ended\":\"2026-03-02T00:00:00.000Z\",\"ScopeGroups\":[]}\n");
	}
	for (int i = 0; i < PEOPLE; i++) {
		if (!r->p[i].missing)
			continue;
		text_say(t, "{\"State\":\"user\"");
		put_member(t, "Key", names[i]);
		put_member(t, "Since", "2026-03-02T00:00:00.000Z");
		text_say(t, "}\n");
		rows++;
	}
	put_seal(t, rows, "");
}

static void
put_others(const struct run *r)
{
	files[PROTECTED].len = files[THE_HELD].len = 0;
	text_add(&files[PROTECTED], "", 0);
	text_add(&files[THE_HELD], "", 0);
	for (int i = 0; i < PEOPLE; i++) {
		struct text *t = &files[PROTECTED];

		if (r->p[i].shielded) {
			text_say(t, "{");
			put_member(t, "Username", names[i]);
			text_say(t, "}\n");
		}
		if (!r->p[i].held)
			continue;
		t = &files[THE_HELD];
		text_say(t, "{\"Reason\":\"r\",\"Line\":1,\"Record\":{");
		put_member(t, "Username", names[i]);
		text_say(t, "}}\n");
	}
}

/* The rules. */

/* Whether it is his that the target has: by the ledger, and by its sub. */
static bool
is_his(const struct person *p)
{
	if (p->ledger < 1 || p->ledger > 3 || p->sub == 2)
		return false;
	return p->sub == 1 || p->ledger == 1;
}

static int
held_records(const struct run *r)
{
	int n = 0;

	for (int i = 0; i < PEOPLE; i++)
		n += r->p[i].held;
	return n;
}

/* Rejected records must be as many as are held, and each of somebody whom a side has. */
static bool
are_known(const struct run *r)
{
	for (int i = 0; i < PEOPLE; i++)
		if (r->p[i].held && !r->p[i].side[WANT].there && !r->p[i].side[HAVE].there)
			return false;
	return held_records(r) == (r->want_sealed && r->rejected);
}

static bool
may_disable(const struct run *r)
{
	return r->want_sealed && r->have_sealed && are_known(r) && (r->first || !r->older);
}

static bool
may_remove(const struct run *r)
{
	return may_disable(r) && !r->via && !r->other_scope;
}

/* One operation, as a line that begins so; and a mark once it was found. */
struct expected {
	struct text line;
	bool found;
};

static struct expected expected[PEOPLE * 8];
static size_t expected_count;

static void
expect(const char *op, int who, const char *group)
{
	struct expected *e = &expected[expected_count++];

	e->line.len = 0;
	e->found = false;
	text_say(&e->line, "{");
	put_member(&e->line, "Op", op);
	put_member(&e->line, "Key", names[who]);
	if (group != NULL)
		put_member(&e->line, "GroupName", group);
}

/* Whether the value of an attribute would be written or cleared. */
static bool
differs(const char *w, const char *h, bool remove)
{
	bool is_w = w != NULL && w[0] != '\0', is_h = h != NULL && h[0] != '\0';

	return is_w ? !is_h || strcmp(w, h) != 0 : is_h && remove;
}

static void
expect_groups(const struct run *r, int who, bool created, bool remove)
{
	const struct record *w = &r->p[who].side[WANT], *h = &r->p[who].side[HAVE];
	char group[3] = "g0";

	if (!w->says_groups || (!created && !h->says_groups))
		return;
	for (int g = 0; g < 2; g++) {
		bool is_in = !created && h->in[g];

		group[1] = (char)('0' + g);
		if (!r->group_ours[g])
			continue;
		if (w->in[g] && !is_in)
			expect("add-member", who, group);
		/* Who may not be ours after all is taken out of nothing. */
		if (!w->in[g] && is_in && remove && r->p[who].ledger != 1)
			expect("remove-member", who, group);
	}
}

/* What is to be done about somebody. */
static void
expect_person(const struct run *r, int who, bool members_compared, bool members_remove)
{
	const struct person *p = &r->p[who];
	const struct record *w = &p->side[WANT], *h = &p->side[HAVE];
	bool ours = is_his(p), adopted = false, remove = may_remove(r);

	if (p->shielded || p->held)
		return;
	if (w->there && !h->there) {
		expect("create-user", who, NULL);
		if (members_compared)
			expect_groups(r, who, true, false);
		return;
	}
	if (!h->there)
		return;
	if (w->there && r->adopt && (!ours || p->ledger == 1))
		ours = adopted = true;
	if (!ours)
		return;
	if (!w->there) {
		if (!remove || r->first || !p->missing || p->ledger == 1)
			return;
		if (r->delete)
			expect("delete-user", who, NULL);
		else if (h->enabled)
			expect("disable-user", who, NULL);
		return;
	}
	if (p->ledger == 1 && !adopted) {
		expect("create-user", who, NULL);
		return;
	}
	if (adopted || differs(emails[w->email], emails[h->email], remove) ||
	    differs(words[w->name], words[h->name], remove) ||
	    (w->email != h->email && (w->email == 1) != (h->email == 1) && w->email % 3 != 0))
		expect("update-user", who, NULL);
	if (w->enabled && !h->enabled)
		expect("enable-user", who, NULL);
	if (!w->enabled && h->enabled && may_disable(r))
		expect("disable-user", who, NULL);
	if (members_compared)
		expect_groups(r, who, false, members_remove);
}

static void
expect_all(const struct run *r)
{
	bool says[SIDES] = { false, false };

	expected_count = 0;
	for (int i = 0; i < PEOPLE; i++)
		for (int side = 0; side < SIDES; side++)
			says[side] |= r->p[i].side[side].there && r->p[i].side[side].says_groups;
	for (int i = 0; i < PEOPLE; i++)
		expect_person(r, i, says[WANT] && says[HAVE], may_remove(r));
}

/* The attributes of an update: as WANT has them, or null. */
static void
check_update(const struct run *r, int who, const struct tree *row)
{
	const struct tree *after = tree_get(tree_get(row, "After"), "Attributes");
	const struct tree *before = tree_get(tree_get(row, "Before"), "Attributes");
	const struct record *w = &r->p[who].side[WANT], *h = &r->p[who].side[HAVE];

	for (size_t i = 0; after != NULL && i < after->count; i += 2) {
		const char *name = after->kid[i]->s, *want, *have;
		const struct tree *was = tree_get(before, name);

		want = strcmp(name, "name") == 0 ? words[w->name] : strcmp(name, "email") == 0 ?
		    emails[w->email] : w->email == 1 ? "true" : NULL;
		have = strcmp(name, "name") == 0 ? words[h->name] : strcmp(name, "email") == 0 ?
		    emails[h->email] : h->email == 1 ? "true" : NULL;
		if (after->kid[i + 1]->kind == TREE_NULL)
			check((want == NULL || want[0] == '\0') && may_remove(r));
		else
			check(want != NULL && tree_is(after->kid[i + 1], want));
		if (was != NULL && was->kind == TREE_STRING && was->len > 0)
			check(have != NULL && tree_is(was, have));
	}
}

static int
who_is(const struct tree *name)
{
	for (int i = 0; i < PEOPLE; i++)
		if (tree_is(name, names[i]))
			return i;
	return -1;
}

/* A row that stands among those that are expected, and nothing twice. */
static void
check_row(const struct run *r, const char *text, size_t len)
{
	struct tree *t = tree_parse(text, len);
	const struct tree *group = tree_get(t, "GroupName"), *name = tree_get(t, "Username");
	bool found = false;
	int who;

	check(t != NULL);
	if (tree_is(tree_get(t, "Op"), "plan") || tree_get(t, "~end") != NULL) {
		tree_free(t);
		return;
	}
	who = who_is(name != NULL ? name : tree_get(t, "Key"));
	if (who < 0)
		fprintf(stderr, "of nobody: %.*s\n", (int)len, text);
	check(who >= 0);
	for (size_t i = 0; i < expected_count && !found; i++) {
		struct text line = { NULL, 0, 0 };

		text_say(&line, "{");
		put_member(&line, "Op", tree_get(t, "Op")->s);
		put_member(&line, "Key", names[who]);
		if (group != NULL)
			put_member(&line, "GroupName", group->s);
		found = !expected[i].found && strcmp(line.s, expected[i].line.s) == 0;
		expected[i].found |= found;
		free(line.s);
	}
	if (!found)
		fprintf(stderr, "not expected: %.*s\n", (int)len, text);
	check(found);
	if (tree_is(tree_get(t, "Op"), "update-user"))
		check_update(r, who, t);
	tree_free(t);
}

static enum prog_status
run_once(const struct run *r)
{
	static struct sync s;
	const char *argv[ARGS_MAX] = { "plan-sync", "--ledger", "ledger", "--protect", "protect",
		"--held", "held", "--fold-case", "no", "--target", TARGET, "--allow-empty",
		"--allow-messages", "99", "--max", "user-delete=99", "--max", "user-disable=99",
		"--max", "key-change=99", "--max", "member-remove=99", "--max",
		"attribute-clear=99", "--max", "email-change=99", "--max", "update=99" };
	enum prog_status status = PROG_FAIL;
	int argc = 28;

	if (r->delete)
		argv[argc++] = "--delete";
	if (r->adopt)
		argv[argc++] = "--adopt";
	if (!r->first) {
		argv[argc++] = "--state";
		argv[argc++] = "state";
	}
	argv[argc++] = "want";
	argv[argc++] = "have";
	put_side(r, WANT);
	put_side(r, HAVE);
	put_ledger(r);
	put_state(r);
	put_others(r);
	plan_text.len = 0;
	memset(&s, 0, sizeof s);
	optind = 0;
	options_parse(argc, (char **)(uintptr_t)argv, &s.o);
	init(&s);
	if (open_outputs(&s) == 0)
		status = end(&s, plan(&s));
	release(&s);
	return status;
}

static void
read_input(struct run *r, const uint8_t *data, size_t size)
{
	r->group_ours[0] = (data[0] & 1) == 0;
	r->group_ours[1] = (data[0] & 2) == 0;
	r->delete = (data[0] & 4) != 0;
	r->adopt = (data[0] & 8) != 0;
	/* Groups that both sides mention would be adopted, too. */
	r->group_ours[0] |= r->adopt;
	r->group_ours[1] |= r->adopt;
	r->first = (data[0] & 16) != 0;
	/* Most runs are whole. */
	r->want_sealed = data[1] % 16 != 1;
	r->have_sealed = data[1] % 16 != 2;
	r->via = data[1] % 16 == 3;
	r->other_scope = data[1] % 16 == 4;
	r->older = data[1] % 16 == 5;
	r->rejected = data[1] / 16 % 8 == 1;
	for (int i = 0; i < PEOPLE && (size_t)(RUN_BYTES + PEOPLE_BYTES * (i + 1)) <= size; i++) {
		const uint8_t *b = data + RUN_BYTES + PEOPLE_BYTES * i;
		struct person *p = &r->p[i];

		for (int side = 0; side < SIDES; side++)
			p->side[side] = (struct record){
				.there = (b[side] & 1) != 0, .enabled = (b[side] & 2) == 0,
				.says_groups = (b[side] & 4) != 0,
				.in = { (b[side] & 8) != 0, (b[side] & 16) != 0 },
				.email = b[side] >> 5 & 3, .name = b[2] >> (2 * side) & 3
			};
		p->ledger = (b[2] >> 4) % 6;
		p->sub = b[3] % 3;
		p->missing = (b[3] & 4) != 0;
		p->shielded = (b[3] & 0x18) == 0x18;
		p->held = (b[3] & 0xe0) == 0xe0;
	}
}

/* The rows of a plan, without the header before and the seal behind them. */
static const char *
rows(const struct text *plan, size_t *len)
{
	const char *first = strchr(plan->s, '\n') + 1, *seal = strstr(plan->s, "{\"~end\":");

	check(seal != NULL && first <= seal);
	*len = (size_t)(seal - first);
	return first;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct text forwards;
	const char *text, *again;
	size_t len, again_len;
	struct run r = { .delete = false };
	enum prog_status status;

	if (size < RUN_BYTES + PEOPLE_BYTES)
		return 0;
	read_input(&r, data, size);
	status = run_once(&r);
	if (status != PROG_OK && status != PROG_REJECTED)
		return 0;
	expect_all(&r);
	for (size_t at = 0; at < plan_text.len;) {
		size_t len = strcspn(plan_text.s + at, "\n");

		check_row(&r, plan_text.s + at, len);
		at += len + 1;
	}
	for (size_t i = 0; i < expected_count; i++) {
		if (!expected[i].found)
			fprintf(stderr, "missing: %s\n", expected[i].line.s);
		check(expected[i].found);
	}
	/* All but the header and the seal, which have dates. */
	forwards.len = 0;
	text_add(&forwards, plan_text.s, plan_text.len);
	r.backwards = true;
	check(run_once(&r) == status);
	text = rows(&forwards, &len);
	again = rows(&plan_text, &again_len);
	check(len == again_len && memcmp(text, again, len) == 0);
	return 0;
}
