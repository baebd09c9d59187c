/* The checks on AssumeRole's members, and reading XML. */
#include <stdlib.h>

#include "net/sts.h"
#include "tap.h"

static const char role[] = "arn:aws:iam::123456789012:role/cognitoApiAccessRole";

static void
checked(struct sts_assume_role r, const char *expected, const char *title)
{
	const char *why = sts_check(&r);

	if (expected == NULL)
		ok(why == NULL, title);
	else
		ok(why != NULL && strncmp(why, expected, strlen(expected)) == 0, title);
}

static void
checks(void)
{
	char longest[1226];

	memset(longest, 'x', sizeof longest);
	longest[1225] = '\0';
	checked((struct sts_assume_role){ role, "sync", "id", 3600 }, NULL, "good");
	checked((struct sts_assume_role){ role, "sync", NULL, 0 }, NULL, "without the optional ones");
	checked((struct sts_assume_role){ "arn:aws-us-gov:iam::123456789012:role/a/b", "sync", NULL, 0 },
	    NULL, "another partition, a path");
	checked((struct sts_assume_role){ "cognitoApiAccessRole", "sync", NULL, 0 }, "--role-arn",
	    "a name is no ARN");
	checked((struct sts_assume_role){ "arn:aws:iam::123456789012:user/x", "sync", NULL, 0 },
	    "--role-arn", "a user's ARN");
	checked((struct sts_assume_role){ "arn:aws:iam::12345678901:role/xyz", "sync", NULL, 0 },
	    "--role-arn", "an account of 11 digits");
	checked((struct sts_assume_role){ "arn:aws:iam::123456789012:role/", "sync", NULL, 0 },
	    "--role-arn", "no name");
	checked((struct sts_assume_role){ "arn:aws:iam::123456789012:role/a\nb", "sync", NULL, 0 },
	    "--role-arn", "a line end");
	checked((struct sts_assume_role){ role, "s", NULL, 0 }, "--role-session-name", "short name");
	checked((struct sts_assume_role){ role, "a b", NULL, 0 }, "--role-session-name", "a blank");
	checked((struct sts_assume_role){ role, "sync", "a&b", 0 }, "--external-id", "an ampersand");
	checked((struct sts_assume_role){ role, "sync", "", 0 }, "--external-id", "empty");
	checked((struct sts_assume_role){ role, "sync", longest, 0 }, "--external-id", "1225 bytes");
	checked((struct sts_assume_role){ role, "sync", longest + 1, 0 }, NULL, "1224 bytes");
	checked((struct sts_assume_role){ role, "sync", NULL, 899 }, "--duration-seconds", "899");
	checked((struct sts_assume_role){ role, "sync", NULL, 43201 }, "--duration-seconds", "43201");
}

static void
xml(void)
{
	static const char answer[] = "<?xml version=\"1.0\"?><s:R xmlns:s=\"u\"><s:A> x &lt;&#233; </s:A>"
	    "<N>1<M>in</M>2</N><A>second</A><Empty/></s:R>";
	static const char *const names[] = { "A", "N", "Empty", "Absent", NULL };
	char *texts[4];

	ok(sts_xml_texts(answer, sizeof answer - 1, names, texts) == 0, "well-formed");
	is(texts[0], " x <\xc3\xa9 ", "prefix ignored, entities decoded, the first one wins");
	is(texts[1], "1in2", "text of the whole element");
	is(texts[2], "", "empty");
	ok(texts[3] == NULL, "absent");
	for (int i = 0; i < 4; i++)
		free(texts[i]);
	ok(sts_xml_texts("<a><A>x</A>", 11, names, texts) == -1 && texts[0] == NULL,
	    "cut: nothing is handed out");
	ok(sts_xml_texts("", 0, names, texts) == -1, "empty");
	ok(sts_xml_texts("<a/><b/>", 8, names, texts) == -1, "two roots");
	ok(sts_xml_texts("<!DOCTYPE a><a/>", 16, names, texts) == -1, "a DOCTYPE");
	ok(sts_xml_texts("<a>\xff</a>", 8, names, texts) == -1, "not UTF-8");
}

int
main(void)
{
	checks();
	xml();
	return tap_done();
}
