/*
 * Any bytes as the answer of a credential process or endpoint: what is accepted can be signed
 * with, and what is not says why, in print, without quoting it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/cred.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(int good)
{
	if (!good)
		abort();
}

static void
check_refusal(const struct cred *c, const char why[CRED_WHY_SIZE])
{
	static const char start[] = "the answer";

	check(c->access_key == NULL && c->secret_key == NULL && c->session_token == NULL);
	check(strncmp(why, start, sizeof start - 1) == 0 && strlen(why) < CRED_WHY_SIZE);
	for (; *why != '\0'; why++)
		check(*why >= ' ' && *why <= '~');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const members[] = { "Token", "SessionToken" };
	char why[CRED_WHY_SIZE], code[CRED_CODE_SIZE];
	const char *text = (const char *)data;
	struct cred c;
	int part;

	for (int i = 0; i < 2; i++) {
		if (cred_parse(&c, text, size, members[i], 1573306481000, why) == 0) {
			check(cred_check(&c, &part) == NULL);
			check(c.lifetime_ms >= 0 && (c.lifetime_ms == 0 || c.expires_ms != 0));
		} else {
			check_refusal(&c, why);
		}
		cred_free(&c);
	}
	(void)cred_is_error(text, size, code);
	check(strlen(code) < sizeof code);
	return 0;
}
