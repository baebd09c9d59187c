/*
 * Any text as an ARN, of a caller or of who may assume a role.  Compared with patterns: whose
 * account it is in, whom a policy's Principal may name, and the role of a session; the session of
 * a role, made and taken apart again, is that role.
 *
 * With: cmd/check-connection/arn.c
 */
#include <regex.h>
#include <stdint.h>

#include "base/buf.h"
#include "check-connection/arn.h"

#include "tree.h"

enum { ARN_MAX = 2048 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum pattern { ANY_ARN, SESSION_ARN, PRINCIPAL, PATTERNS };

static const char principal[] =
    "^([0-9]{12}|arn:aws[^:]*:(iam::[0-9]{12}:(user/.*[^/]|role/.*[^/]|root)|"
    "sts::[0-9]{12}:(assumed-role/[^/]*/.*[^/]|federated-user/.*[^/])))$";
static const char *const patterns[PATTERNS] = {
	"^arn:(aws[^:]*):[^:]*:[^:]*:([0-9]{12}):(.+)$",
	"^arn:(aws[^:]*):[^:]*:[^:]*:([0-9]{12}):assumed-role/([^/]*)",
	principal
};

static bool
matches(enum pattern which, const char *text, regmatch_t part[4])
{
	static bool compiled[PATTERNS];
	static regex_t re[PATTERNS];

	check(compiled[which] || regcomp(&re[which], patterns[which], REG_EXTENDED) == 0);
	compiled[which] = true;
	return regexec(&re[which], text, 4, part, 0) == 0;
}

static void
check_arn(const char *text)
{
	struct text wanted = { NULL, 0, 0 };
	bool good = strlen(text) <= ARN_MAX;
	regmatch_t part[4];
	char *account, *role, *again;
	struct buf b;

	for (const char *s = text; *s != '\0'; s++)
		good = good && *s > ' ' && *s <= '~' && strchr("*?\"\\", *s) == NULL;
	check(arn_is_principal(text) == (good && matches(PRINCIPAL, text, part)));
	account = arn_account(text);
	check((account != NULL) == matches(ANY_ARN, text, part));
	check(account == NULL || (strlen(account) == 12 &&
	    strncmp(account, text + part[2].rm_so, 12) == 0));
	role = arn_principal(text);
	text_say(&wanted, "");
	if (matches(SESSION_ARN, text, part)) {
		text_say(&wanted, "arn:");
		text_add(&wanted, text + part[1].rm_so, (size_t)(part[1].rm_eo - part[1].rm_so));
		text_say(&wanted, ":iam::");
		text_add(&wanted, text + part[2].rm_so, 12);
		text_say(&wanted, ":role/");
		text_add(&wanted, text + part[3].rm_so, (size_t)(part[3].rm_eo - part[3].rm_so));
	} else {
		text_say(&wanted, text);
	}
	check(strcmp(role, wanted.s) == 0);
	/* And back: a role's session is a caller who has that role. */
	buf_init(&b, 2 * ARN_MAX);
	if (matches(SESSION_ARN, text, part)) {
		arn_put_session(&b, role, "s");
		again = arn_principal(b.data);
		check(strcmp(again, role) == 0);
		free(again);
	}
	buf_free(&b);
	free(wanted.s);
	free(role);
	free(account);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size);

	if (strlen(text) <= ARN_MAX + 10)
		check_arn(text);
	free(text);
	return 0;
}
