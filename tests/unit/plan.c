/* Plans: the header, the rows, their order, and the guard's arithmetic. */
#include <stdlib.h>

#include "json/plan.h"
#include "tap.h"

static struct tok_list list;
static char reason[RECORD_REASON_SIZE];

static const char head[] = "{\"Op\":\"plan\",\"V\":1,\"Target\":\"https://e/p\",\"Key\":\"Username\","
    "\"Fold\":true,\"Made\":\"2026-11-22T01:02:03.004Z\",\"Managed\":{\"users\":200,\"groups\":7,"
    "\"members\":100000},\"Totals\":{\"create-user\":2,\"disable-user\":11},\"Classes\":"
    "{\"user-disable\":11},\"Limits\":{\"member-remove:staff\":7},\"Confirmed\":{\"user-disable\":11},"
    "\"Cost\":{\"Billable\":13,\"Messages\":1}}";

static const char *
header(struct plan_header *h, const char *text)
{
	if (tok_parse(&list, text, strlen(text)) != TOK_OK)
		return "not JSON";
	return plan_read_header(h, &list, text, reason);
}

/* One test: the header with from replaced by to is wrong, and that is said. */
static void
wrong_header(const char *from, const char *to, const char *want)
{
	const char *at = strstr(head, from), *got;
	struct plan_header h = { 0 };
	char text[4096];

	if (at == NULL)
		abort();
	snprintf(text, sizeof text, "%.*s%s%s", (int)(at - head), head, to, at + strlen(from));
	got = header(&h, text);
	is(got, want, want);
	plan_header_free(&h);
}

static void
test_header(void)
{
	struct plan_header h = { 0 };

	is(header(&h, head) == NULL ? "good" : reason, "good", "a header");
	ok(h.fold && h.made_ms == INT64_C(1795309323004) && h.managed_users == 200 &&
	    h.totals[PLAN_CREATE_USER] == 2 && h.totals[PLAN_DISABLE_USER] == 11 &&
	    h.billable == 13 && h.messages == 1 && h.classes.count == 2, "and what it says");
	is(h.target, "https://e/p", "its target");
	plan_header_free(&h);
	wrong_header("plan", "user", "not the header of a plan");
	wrong_header("\"V\":1", "\"V\":2", "V: a plan of a version that is not known here");
	wrong_header("\"V\":1", "\"V\":\"1\"", "V: not a number");
	wrong_header("\"V\":1", "\"V\":1,\"V\":1", "V: there twice");
	wrong_header("\"V\":1", "\"V\":1,\"n\\u0000x\":1,\"n\\u0000x\":1", "n: there twice");
	wrong_header("\"Target\"", "\"Targets\"", "Target: not a text");
	wrong_header("https://e/p", "\\u0000", "Target: not a text");
	wrong_header("\"Username\"", "3", "Key: not a text");
	wrong_header("true", "1", "Fold: neither true nor false");
	wrong_header("2026-11-22T", "2026-13-22T", "Made: not a date and time");
	wrong_header("\"Managed\":{", "\"Managed\":[],\"X\":{", "Managed: not what a plan has there");
	wrong_header("\"users\":200", "\"users\":-2", "Managed: not what a plan has there");
	wrong_header("create-user", "drop-user", "Totals: not what a plan has there");
	wrong_header("\"create-user\":2", "\"disable-user\":2", "Totals: not what a plan has there");
	wrong_header("\"create-user\":2", "\"create-user\":0,\"create-user\":2",
	    "Totals: not what a plan has there");
	wrong_header("\"Classes\":{", "\"Classes\":{\"user-disable\":1,",
	    "Classes: not what a plan has there");
	wrong_header("\"users\":200", "\"users\":2,\"users\":200", "Managed: not what a plan has there");
	wrong_header("11}", "1e1}", "Totals: not what a plan has there");
	wrong_header("\"user-disable\":11}", "\"user-disable\":null}",
	    "Classes: not what a plan has there");
	wrong_header("staff\":7}", "staff\":7.5}", "Limits: not what a plan has there");
	wrong_header("\"Messages\":1", "\"Messages\":1234567890123456789",
	    "Cost: not what a plan has there");
	wrong_header("\"Limits\"", "\"Max\":{},\"Limits\"", "Max: not what a plan has there");
	wrong_header("\"Limits\"", "\"Max\":[1],\"Limits\"", "Max: not what a plan has there");
}

static const char *
row(struct plan_row *r, const char *text)
{
	if (tok_parse(&list, text, strlen(text)) != TOK_OK)
		return "not JSON";
	return plan_read_row(r, &list, text, reason);
}

/* One test: NULL wants a good row. */
static void
check_row(const char *text, const char *want)
{
	struct plan_row r;
	const char *got = row(&r, text);

	is(got != NULL ? got : "good", want != NULL ? want : "good", want != NULL ? want : text);
}

static bool
adopts(const char *op, const char *sides, const char *why)
{
	struct plan_row r;
	char text[256];

	snprintf(text, sizeof text, "{\"Op\":\"%s\",\"Key\":\"a\",\"Username\":\"a\",\"sub\":\"1\","
	    "%s,\"Why\":\"%s\"}", op, sides, why);
	ok(row(&r, text) == NULL, "a good row");
	return plan_adopts(&r, &list, text);
}

static void
test_adoption(void)
{
	static const char none[] = "\"Before\":{},\"After\":{}";

	ok(adopts("update-user", none, "adopted"), "adopted as he is");
	ok(adopts("update-user", none, "email, nickname differ; adopted"), "and changed");
	ok(!adopts("update-user", none, "custom:adopted differs"), "an attribute is called so");
	ok(!adopts("update-user", none, "; adopted"), "nothing before it");
	ok(!adopts("update-user", none, "unadopted"), "another word");
	ok(!adopts("disable-user", "\"Before\":{\"Enabled\":true},\"After\":{\"Enabled\":false}",
	    "adopted"), "nobody is disabled by it");
}

static void
test_rows(void)
{
	check_row("{\"Op\":\"create-group\",\"Key\":\"g\",\"GroupName\":\"g\",\"After\":{},"
	    "\"Why\":\"w\"}", NULL);
	check_row("{\"Op\":\"delete-user\",\"Key\":\"g\",\"Username\":\"g\",\"Id\":\"7\",\"Before\":"
	    "{},\"Why\":\"w\"}", NULL);
	check_row("{\"Op\":\"update-user\",\"Key\":\"g\",\"Username\":\"g\",\"sub\":\"7\",\"Before\":{},"
	    "\"After\":{\"Attributes\":{\"a\":null,\"b\":\"1\"}},\"Why\":\"w\"}", NULL);
	/* What is added was not there. */
	check_row("{\"Op\":\"update-user\",\"Key\":\"g\",\"Username\":\"g\",\"sub\":\"7\",\"Before\":"
	    "{\"Attributes\":{\"a\":null}},\"After\":{\"Attributes\":{\"a\":\"1\"}},\"Why\":\"w\"}", NULL);
	check_row("{\"Op\":\"delete-user\",\"Key\":\"g\",\"Username\":\"g\",\"sub\":\"7\",\"Before\":"
	    "{\"Attributes\":{\"a\":null}},\"Why\":\"w\"}",
	    "Attributes: not of the type that it should have");
	check_row("{\"Op\":\"drop\"}", "Op: not an operation that is known");
	check_row("{\"Op\":[],\"Key\":\"g\"}", "Op: not an operation that is known");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\",\"GroupId\":\"7\","
	    "\"Why\":\"w\"}", NULL);
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\",\"GroupId\":7,"
	    "\"Why\":\"w\"}", "GroupId: not a text");
	check_row("{\"Op\":\"delete-group\",\"Key\":\"g\",\"GroupName\":\"g\",\"GroupId\":\"7\",\"Before\":{},"
	    "\"Why\":\"w\"}", "GroupId: not in such an operation");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"\",\"Username\":\"u\","
	    "\"Why\":\"w\"}", "GroupName: not a text");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Why\":\"w\"}",
	    "Username: missing");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\",\"After\":{},"
	    "\"Why\":\"w\"}", "After: not in such an operation");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\",\"Force\":{},"
	    "\"Why\":\"w\"}", "add-member: a member that is not known");
	check_row("{\"Op\":\"add-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\",\"Key\":\"h\","
	    "\"Why\":\"w\"}", "Key: there twice");
	check_row("{\"Op\":\"add-member\",\"K\\u0065y\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\","
	    "\"K\\u0065y\":\"h\",\"Why\":\"w\"}", "Key: there twice");
	check_row("{\"\\u004fp\":\"enable-user\",\"\\u004fp\":\"enable-user\"}", "Op: there twice");
	check_row("{\"Op\":\"disable-user\",\"Key\":\"g\",\"Username\":\"u\",\"sub\":\"s\",\"Before\":{},"
	    "\"After\":{\"Enabled\":false,\"Enabled\":true},\"Why\":\"w\"}",
	    "Before or After: not of the type that it should have");
	check_row("{\"Op\":\"remove-member\",\"Key\":\"g\",\"GroupName\":\"g\",\"Username\":\"u\","
	    "\"Why\":\"w\"}", "sub: missing");
	check_row("{\"Op\":\"create-user\",\"Key\":\"g\",\"Username\":\"u\",\"After\":[],"
	    "\"Why\":\"w\"}", "After: not an object");
	check_row("{\"Op\":\"create-user\",\"Key\":\"g\",\"Username\":\"u\",\"After\":{\"Enabled\":\"true\"},"
	    "\"Why\":\"w\"}", "Enabled: not of the type that it should have");
	check_row("{\"Op\":\"create-user\",\"Key\":\"g\",\"Username\":\"u\",\"After\":{\"Attributes\":"
	    "{\"a\":null}},\"Why\":\"w\"}", "Attributes: not of the type that it should have");
	check_row("{\"Op\":\"create-user\",\"Key\":\"g\",\"Username\":\"u\",\"After\":{\"Attributes\":"
	    "{\"a\":\"1\",\"b\":\"\",\"a\":\"2\"}},\"Why\":\"w\"}",
	    "Attributes: not of the type that it should have");
	check_row("{\"Op\":\"create-user\",\"Key\":\"g\",\"Username\":\"u\",\"After\":{\"Attributes\":"
	    "{\"a\":true}},\"Why\":\"w\"}", "Attributes: not of the type that it should have");
}

/* Adds a row about key, and group or NULL.  Returns what plan_add says. */
static const char *
add(struct plan_sums *s, const char *op, const char *key, const char *group)
{
	struct plan_row r;
	char text[512];
	const char *wrong;

	snprintf(text, sizeof text, "{\"Op\":\"%s\",\"Key\":\"%s\"%s%s%s,\"Username\":\"%s\",\"sub\":\"s\"%s,"
	    "\"Why\":\"w\"}", op, key, group != NULL ? ",\"GroupName\":\"" : "",
	    group != NULL ? group : "", group != NULL ? "\"" : "", key,
	    group != NULL ? "" : ",\"Before\":{},\"After\":{}");
	wrong = row(&r, text);
	return wrong != NULL ? wrong : plan_add(s, &r, &list, text);
}

static char tripped[256];

static void
trip(void *arg, const char *class, uint64_t count, uint64_t limit)
{
	size_t len = strlen(tripped);

	(void)arg;
	snprintf(tripped + len, sizeof tripped - len, "%s %d/%d;", class, (int)count, (int)limit);
}

static void
test_order(void)
{
	struct plan_sums s = { 0 };

	ok(add(&s, "add-member", "b", "g") == NULL && add(&s, "add-member", "a", "h") == NULL,
	    "groups in order");
	is(add(&s, "add-member", "c", "g"), "a group that should have come before", "out of it");
	is(add(&s, "enable-user", "c", NULL), "an operation that should have come before",
	    "operations out of order");
	plan_sums_free(&s);
	ok(add(&s, "disable-user", "a", NULL) == NULL && add(&s, "disable-user", "b", NULL) == NULL,
	    "users");
	is(add(&s, "disable-user", "b", NULL), "the same operation a second time", "twice");
	is(add(&s, "disable-user", "a", NULL), "a key that should have come before", "keys");
	plan_sums_free(&s);
}

/* One test: what an update of these attributes counts. */
static void
update_counts(const char *before, const char *after, const char *want)
{
	struct plan_sums s = { 0 };
	struct plan_row r;
	char text[512], got[256] = "";

	if (before == NULL)
		snprintf(text, sizeof text, "{\"Op\":\"update-user\",\"Key\":\"a\",\"Username\":\"a\","
		    "\"Before\":{},\"After\":{%s},\"Why\":\"w\"}", after);
	else
		snprintf(text, sizeof text, "{\"Op\":\"update-user\",\"Key\":\"a\",\"Username\":\"a\","
		    "\"Before\":{\"Attributes\":{%s}},\"After\":{\"Attributes\":{%s}},\"Why\":\"w\"}",
		    before, after);
	if (row(&r, text) != NULL || plan_add(&s, &r, &list, text) != NULL)
		snprintf(got, sizeof got, "wrong");
	for (size_t i = 0; i < s.classes.count; i++)
		if (s.classes.class[i].count > 0)
			snprintf(got + strlen(got), sizeof got - strlen(got), "%s ",
			    s.classes.class[i].name);
	is(got, want, text);
	plan_sums_free(&s);
}

static void
test_update(void)
{
	update_counts("\"name\":\"x\"", "\"name\":\"y\"", "update ");
	update_counts("\"name\":null", "\"name\":\"y\"", "update ");
	update_counts("\"email\":\"x\"", "\"email\":\"y\"", "update email-change ");
	update_counts("\"email\":\"x\"", "\"email\":null", "update email-change attribute-clear ");
	update_counts("\"email\":null", "\"email\":\"y\"", "update ");
	update_counts("\"email\":\"x\"", "\"email\":\"\\u0078\",\"email_verified\":\"true\"", "update ");
	update_counts("\"phone_number\":\"x\"", "\"phone_number\":\"y\",\"name\":null",
	    "update phone-change attribute-clear ");
	update_counts("", "", "");
	update_counts(NULL, "", "");
	update_counts(NULL, "\"displayName\":\"x\"", "update ");
	update_counts(NULL, "\"Attributes\":{},\"displayName\":\"x\"", "update ");
}

static void
test_guard(void)
{
	struct plan_header h = { 0 };
	struct plan_sums s = { 0 };
	enum plan_op op;
	char key[16], text[4096];

	(void)header(&h, head);
	for (int i = 0; i < 8; i++) {
		snprintf(key, sizeof key, "k%d", i);
		(void)add(&s, "remove-member", key, "staff");
	}
	for (int i = 0; i < 6; i++) {
		snprintf(key, sizeof key, "k%d", i);
		(void)add(&s, "remove-member", key, "zoo");
	}
	for (int i = 0; i < 11; i++) {
		snprintf(key, sizeof key, "k%02d", i);
		(void)add(&s, "disable-user", key, NULL);
	}
	ok(!plan_adds_up(&h, &s, &op) && op == PLAN_CREATE_USER, "rows that the header counts are missing");
	ok(plan_judge(&h, &s, trip, NULL) == 2, "two classes are over their limits");
	is(tripped, "member-remove:staff 8/7;member-remove:zoo 6/5;",
	    "one by the header's limit, one by the least; a confirmed one stands");
	tripped[0] = '\0';
	(void)add(&s, "disable-user", "k99", NULL);
	(void)plan_judge(&h, &s, trip, NULL);
	is(tripped, "user-disable 12/10;member-remove:staff 8/7;member-remove:zoo 6/5;",
	    "one more than was confirmed: over 5 % of 200");
	/* Nobody typed it, and all memberships that there can be are not so many. */
	plan_hold(&h, 100, 1);
	ok(h.managed_users == 100 && h.managed_groups == 1 && h.managed_members == 100,
	    "no more is managed than is ours");
	tripped[0] = '\0';
	(void)plan_judge(&h, &s, trip, NULL);
	is(tripped, "user-disable 12/5;member-remove:staff 8/5;member-remove 14/5;"
	    "member-remove:zoo 6/5;", "and the limits are those of that");
	plan_hold(&h, 0, 100);
	ok(h.managed_users == 0 && h.managed_groups == 1 && h.managed_members == 0, "nor without users");
	plan_sums_free(&s);
	plan_header_free(&h);
	snprintf(text, sizeof text, "%.*s,\"Max\":[\"member-remove:staff\",\"update\"]}",
	    (int)(strlen(head) - 1), head);
	ok(header(&h, text) == NULL, "limits that were typed");
	plan_hold(&h, 100, 1);
	for (int i = 0; i < 8; i++) {
		snprintf(key, sizeof key, "k%d", i);
		(void)add(&s, "remove-member", key, "staff");
	}
	tripped[0] = '\0';
	(void)plan_judge(&h, &s, trip, NULL);
	is(tripped, "member-remove:staff 8/7;member-remove 8/5;", "stand, also above the others");
	plan_sums_free(&s);
	h.classes.class[0].count = 501;
	h.classes.class[0].is_confirmed = false;
	h.managed_users = 1000000;
	tripped[0] = '\0';
	(void)plan_judge(&h, &s, trip, NULL);
	is(tripped, "user-disable 501/500;", "500 at most, by what the header says itself");
	h.managed_users = UINT64_C(1000000000000000);
	tripped[0] = '\0';
	ok(plan_judge(&h, &s, NULL, NULL) == 1, "of however many");
	for (int i = 0; i < 600; i++) {
		snprintf(key, sizeof key, "k%03d", i);
		(void)add(&s, "add-member", key, "staff");
	}
	ok(plan_judge(&h, &s, NULL, NULL) == 1, "a group may be filled");
	plan_sums_free(&s);
	for (int i = 0; i < 501; i++) {
		snprintf(key, sizeof key, "k%03d", i);
		(void)add(&s, "enable-user", key, NULL);
	}
	tripped[0] = '\0';
	(void)plan_judge(&h, &s, trip, NULL);
	is(tripped, "user-disable 501/500;user-enable 501/500;", "and so many not enabled");
	plan_sums_free(&s);
	plan_header_free(&h);
}

int
main(void)
{
	tok_init(&list, RECORD_TOKENS_MAX);
	test_header();
	test_rows();
	test_adoption();
	test_order();
	test_update();
	test_guard();
	tok_free(&list);
	return tap_done();
}
