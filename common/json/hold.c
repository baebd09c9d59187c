#include <stdio.h>
#include <string.h>

#include "base/opt.h"
#include "json/hold.h"

static const char *const states[] = {
	"UNCONFIRMED", "CONFIRMED", "ARCHIVED", "COMPROMISED", "UNKNOWN", "RESET_REQUIRED",
	"FORCE_CHANGE_PASSWORD", "EXTERNAL_PROVIDER"
};

enum { STATES = sizeof states / sizeof *states };

/* The place in the table of the len bytes at s, or STATES. */
static unsigned
find_state(const char *s, size_t len)
{
	unsigned i = 0;

	while (i < STATES && (strlen(states[i]) != len || memcmp(states[i], s, len) != 0))
		i++;
	return i;
}

void
hold_options(struct hold *h, const char *text, const struct sink_options *sink)
{
	memset(h, 0, sizeof *h);
	if (text == NULL)
		return;
	for (;;) {
		size_t len = strcspn(text, ",");
		unsigned state = find_state(text, len);

		if (state == STATES)
			opt_value_error("--hold-back: no state of users such as "
			    "UNCONFIRMED,FORCE_CHANGE_PASSWORD");
		h->states |= 1u << state;
		if (text[len] == '\0')
			break;
		text += len + 1;
	}
	if (sink->reject == NULL)
		opt_usage_error("--hold-back: needs --reject, where the users then are");
}

const char *
hold_judge(struct hold *h, const struct record_reader *r)
{
	const struct tok *t;
	uint32_t status;

	if (h->states == 0 || record_kind(&r->keys) != RECORD_USER)
		return NULL;
	status = tok_member(&r->list, r->text, 0, "UserStatus");
	t = &r->list.tok[status];
	if (status == 0 || t->type != TOK_STRING)
		return NULL;
	for (unsigned i = 0; i < STATES; i++) {
		if ((h->states >> i & 1) != 0 && tok_is(t, r->text, states[i], strlen(states[i]))) {
			snprintf(h->reason, sizeof h->reason, "held back: %s", states[i]);
			return h->reason;
		}
	}
	return NULL;
}
