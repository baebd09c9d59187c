/* The ledger (ledger.h). */
#include "ledger.h"

#include <string.h>

#include "base/diag.h"
#include "json/jtext.h"

#include "groups.h"
#include "held.h"
#include "input.h"
#include "subject.h"

/* Whether a top-level member is a string, or not there. */
static bool
is_text_or_none(const struct record_reader *r, const char *name)
{
	uint32_t index = tok_member(&r->list, r->text, 0, name);

	return index == 0 || r->list.tok[index].type == TOK_STRING;
}

static bool
is_state(const struct buf *text)
{
	static const char *const states[] = { "creating", "created", "adopted", "deleted",
		"refused" };

	for (size_t i = 0; i < sizeof states / sizeof *states; i++)
		if (strcmp(buf_string(text), states[i]) == 0)
			return true;
	return false;
}

static const char *
take_row(struct input *in, const struct record_reader *r)
{
	struct sync *s = in->s;
	struct buf line;
	bool user;

	if (!input_text(r, "Target", &s->text))
		return "no line of a ledger";
	if (strcmp(buf_string(&s->text), s->target) != 0) {
		in->stop = sync_stop(s, PROG_USAGE, "%s:%llu: of another target", in->path,
		    (unsigned long long)r->line);
		return NULL;
	}
	if (!input_text(r, "State", &s->text) || !is_state(&s->text) ||
	    !is_text_or_none(r, "sub") || !is_text_or_none(r, "Username"))
		return "no line of a ledger";
	if (!input_text(r, "Ledger", &s->text))
		return "no line of a ledger";
	user = strcmp(s->text.data, "user") == 0;
	if (!user && strcmp(s->text.data, "group") != 0)
		return "no line of a ledger";
	if (!input_text(r, "Key", &s->text))
		return "no line of a ledger";
	if (user && s->o.have_ledger) {
		if (tok_member(&r->list, r->text, 0, "Username") == 0)
			return "a user without Username";
		if (key_from(&s->o.key, s->text.data, s->text.len, &s->key))
			held_meet(s, 'U', &s->key);
	}
	buf_init(&line, ORDER_LINE_MAX);
	jtext_value(&line, &r->list, r->text, 0);
	if (user) {
		if (key_from(&s->o.key, s->text.data, s->text.len, &s->key))
			in->failed |= subject_add_ledger(s, 'U', &s->key, line.data,
			    line.len) != 0 || (key_may_change(&s->o.key) &&
			    input_text(r, "sub", &s->text) && subject_add_alias(s, 'S',
			    &s->text, LINE_LEDGER, &s->key) != 0);
	} else {
		(void)groups_number(s, s->text.data, s->text.len);
		in->failed |= subject_add_ledger(s, 'G', &s->text, line.data, line.len) != 0;
	}
	buf_free(&line);
	return NULL;
}

static enum prog_status
end_ledger(struct input *in, const struct record_reader *r, bool sealed)
{
	(void)sealed;
	in->s->ledger_bytes = r->bytes;
	return PROG_OK;
}

enum prog_status
ledger_read(struct sync *s)
{
	struct input in = {
		.s = s, .path = s->o.ledger, .may_miss = true, .may_tear = true,
		.row = take_row, .end = end_ledger
	};
	enum prog_status status = input_read(&in);

	s->ledger_torn = in.torn;
	if (in.torn)
		diag_warn("%s: the last line is torn and does not count", s->o.ledger);
	return status;
}
