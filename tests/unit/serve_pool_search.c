/* The Filter grammar of serve-pool, against users in the form in which it keeps them. */
#include "tap.h"

/* A command's parts are in no archive. */
#include "../../cmd/serve-pool/search.c"	/* NOLINT(bugprone-suspicious-include) */
#include "../../cmd/serve-pool/wire.c"		/* NOLINT(bugprone-suspicious-include) */

static const char record[] =
    "{\"Username\":\"a\\\"b\",\"Enabled\":false,\"UserStatus\":\"CONFIRMED\",\"Attributes\":{"
    "\"custom:x\":\"\\\"},{\\\"Name\\\":\\\"email\\\",\\\"Value\\\":\\\"no\\\"}\","
    "\"sub\":\"Aa-1\",\"email\":\"ana@example.com\",\"name\":\"x\\\\\",\"given_name\":\"\"},"
    "\"Enabled2\":true,\"Other\":{\"UserStatus\":\"NO\"}}";

static struct store_item user;
static struct buf form;

/* 1: the filter means the user, 0: it does not, -1: it is wrong. */
static int
try(const char *filter)
{
	struct search s;
	int result = -1;

	if (search_parse(&s, filter, strlen(filter)) == NULL)
		result = search_matches(&s, &user);
	search_free(&s);
	return result;
}

static void
make_user(void)
{
	struct tok_list list;

	tok_init(&list, 1000);
	buf_init(&form, 10000);
	ok(tok_parse(&list, record, strlen(record)) == TOK_OK &&
	    wire_user(&form, &list, record, &user) == NULL, "the record is good");
	tok_free(&list);
}

int
main(void)
{
	make_user();
	ok(try("") == 1 && try("  ") == 1, "an empty filter means everybody");
	ok(try("email = \"ana@example.com\"") == 1, "equal");
	ok(try("email=\"ana@example.com\"") == 1, "no blanks");
	ok(try("\"email\"^=\"ana\"") == 1, "a quoted name, a prefix");
	ok(try("email ^= \"ANA@\"") == 1, "case is folded");
	ok(try("email = \"ana\"") == 0, "a prefix is not equal");
	ok(try("email ^= \"ana@example.com.\"") == 0, "longer than the value");
	ok(try("email = \"no\"") == 0, "an attribute inside a value is none");
	ok(try("sub ^= \"aA\"") == 1, "sub");
	ok(try("name = \"x\\\\\"") == 1, "a backslash in the value");
	ok(try("name ^= \"x\\\"\"") == 0, "a quote is not a backslash");
	ok(try("given_name = \"\"") == 1 && try("given_name ^= \"\"") == 1, "an empty value");
	ok(try("family_name ^= \"\"") == 0, "no such attribute");
	ok(try("username = \"a\\\"b\"") == 1, "a quote in the username");
	ok(try("username = \"A\\\"b\"") == 0, "the username minds the case");
	ok(try("status = \"Disabled\"") == 1 && try("status = \"Enabled\"") == 0, "status");
	ok(try("status = \"disabled\"") == 0, "status minds the case");
	ok(try("cognito:user_status = \"confirmed\"") == 1, "user status");
	ok(try("cognito:user_status = \"no\"") == 0, "not the status of another member");
	ok(try("custom:x = \"1\"") == -1 && try("Email = \"1\"") == -1 && try("\"\" = \"1\"") == -1,
	    "not searchable");
	ok(try("email") == -1 && try("email =") == -1 && try("email = \"") == -1 &&
	    try("email = \"a\\\"") == -1 && try("email ^ \"a\"") == -1 && try("email == \"a\"") == -1 &&
	    try("email = a") == -1 && try("email = \"a\" x") == -1 && try("= \"a\"") == -1 &&
	    try("\"email = \"a\"") == -1 && try("email ^= 'a'") == -1, "not the grammar");
	buf_free(&form);
	return tap_done();
}
