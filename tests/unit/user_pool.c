/* The records of user pools: what is needed, what never gets out. */
#include "base/buf.h"
#include "json/user_pool.h"
#include "tap.h"

typedef const char *members(struct buf *b, const struct tok_list *l, const char *text, uint32_t at,
    char wrong[SHAPE_WRONG_SIZE]);

/* What it makes of the text: the members, or "! " and what is wrong. */
static const char *
make(members *of, const char *text)
{
	static char got[4096];
	char wrong[SHAPE_WRONG_SIZE];
	const char *why;
	struct tok_list l;
	struct buf b;

	tok_init(&l, 1024);
	buf_init(&b, sizeof got);
	if (tok_parse(&l, text, strlen(text)) != TOK_OK)
		abort();
	why = of(&b, &l, text, 0, wrong);
	snprintf(got, sizeof got, "%s%s", why == NULL ? "" : "! ", why == NULL ? buf_string(&b) : why);
	buf_free(&b);
	tok_free(&l);
	return got;
}

static void
test_pool(void)
{
	is(make(user_pool_members, "{\"SchemaAttributes\":[{\"Name\":\"sub\",\"Mutable\":false}],"
	    "\"SmsConfiguration\":{\"ExternalId\":\"secret\"},\"Name\":\"people\",\"Id\":\"a_b\"}"),
	    "\"Id\":\"a_b\",\"Name\":\"people\","
	    "\"SchemaAttributes\":[{\"Name\":\"sub\",\"Mutable\":false}]",
	    "the Id first, no secret");
	is(make(user_pool_members, "{\"Id\":\"a_b\"}"), "! SchemaAttributes: none", "no attributes");
	is(make(user_pool_members, "{\"Id\":\"a_b\",\"SchemaAttributes\":[]}"), "! SchemaAttributes: none",
	    "an empty list");
	is(make(user_pool_members, "{\"SchemaAttributes\":[{\"Name\":\"sub\"}]}"), "! no pool with an Id",
	    "no Id");
	is(make(user_pool_members, "[]"), "! no pool with an Id", "no object");
}

static void
test_item(void)
{
	is(make(user_pool_item_members, "{\"LambdaConfig\":{\"PreSignUp\":\"arn:p\",\"Token\":\"secret\"},"
	    "\"LastModifiedDate\":1,\"CreationDate\":0.5,\"Status\":\"Enabled\",\"Name\":\"people\","
	    "\"Id\":\"a_b\",\"Other\":\"secret\"}"),
	    "\"Id\":\"a_b\",\"Name\":\"people\",\"Status\":\"Enabled\","
	    "\"CreationDate\":\"1970-01-01T00:00:00.500Z\","
	    "\"LastModifiedDate\":\"1970-01-01T00:00:01.000Z\","
	    "\"LambdaConfig\":{\"PreSignUp\":\"arn:p\"}", "a pool of a list");
	is(make(user_pool_item_members, "{\"Name\":\"people\"}"), "! no pool with an Id", "no Id");
	is(make(user_pool_item_members, "{\"Id\":null}"), "! no pool with an Id", "Id null");
	is(make(user_pool_item_members, "{\"Id\":1}"), "! Id: no text", "an Id that is none");
}

int
main(void)
{
	test_pool();
	test_item();
	return tap_done();
}
