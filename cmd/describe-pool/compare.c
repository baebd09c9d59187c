/* Reads the two records, and writes what is lost (compare.h). */
#include "compare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "json/jtext.h"
#include "json/user_pool.h"

#include "usual.h"

static const char *const words[] = {
	[LOST_USERS] = "users", [LOST_VALUES] = "values", [LOST_SIGN_IN] = "sign-in",
	[LOST_GROUPS] = "groups", [LOST_APPLICATIONS] = "applications",
	[LOST_SETTINGS] = "settings", [LOST_NOT_KNOWN] = "not known"
};

void
compare_at(struct compare *c, const char *member)
{
	buf_clear(&c->member);
	(void)buf_append_string(&c->member, member);
}

void
compare_at_item(struct compare *c, const char *list, struct spot name, const char *member)
{
	compare_at(c, list);
	(void)buf_append_byte(&c->member, '[');
	spot_put_text(&c->member, name);
	(void)buf_append_byte(&c->member, ']');
	if (member != NULL)
		(void)buf_appendf(&c->member, ".%s", member);
}

void
compare_lose(struct compare *c, struct spot from, struct spot to, enum lost lost, const char *why)
{
	struct buf *b = &c->line;

	if (c->filter.halt != PROG_OK)
		return;
	buf_clear(b);
	(void)buf_append_string(b, "{\"Member\":");
	(void)jtext_string(b, buf_string(&c->member), c->member.len);
	(void)buf_append_string(b, ",\"From\":");
	spot_put(b, from);
	(void)buf_append_string(b, ",\"To\":");
	spot_put(b, to);
	(void)buf_appendf(b, ",\"Lost\":\"%s\",\"Why\":\"%s\"}", words[lost], why);
	if (b->len > RECORD_LINE_MAX) {
		diag_error("a loss would be longer than %d bytes, the most that a record may have",
		    RECORD_LINE_MAX);
		filter_halt(&c->filter, PROG_FAIL, "a loss that is too long");
	} else if (sink_row(c->sink, b->data, b->len) != 0) {
		filter_halt(&c->filter, PROG_FAIL, "the output failed");
	}
}

struct spot
compare_usual(const struct compare *c, const char *member)
{
	return spot_member(spot_root(usual_pool, &c->usual), member);
}

void
compare_unknown(struct compare *c, bool from, bool to)
{
	const struct spot none = { .there = false };

	compare_lose(c, none, none, LOST_NOT_KNOWN, from ?
	    "the record of the target does not say it" : to ?
	    "the record of the source does not say it" : "neither record says it");
}

bool
compare_knows(struct compare *c, const char *member, struct spot from, struct spot to)
{
	if (spot_is_list(from) && (spot_is_list(to) || !spot_first(from).there))
		return true;
	compare_at(c, member);
	compare_unknown(c, spot_is_list(from), spot_is_list(to));
	return false;
}

/* Reading. */

static const char *
take_record(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct compare *c = arg;
	struct side *side = &c->side[c->at];
	struct spot root = spot_root(r->text, &r->list);
	struct buf kept;

	(void)sink;
	if (!spot_is_list(spot_member(root, "SchemaAttributes")) ||
	    !spot_first(spot_member(root, "SchemaAttributes")).there ||
	    spot_is(spot_member(root, "Id"), "") || !spot_member(root, "Id").there)
		return "no user pool as describe-pool writes it";
	if (side->text != NULL)
		return "a second user pool: one to a file";
	/* Losses say what the record has: no secret, if one is in it, must get into them. */
	buf_init(&kept, SIZE_MAX);
	user_pool_keep(&kept, &r->list, r->text);
	side->text = mem_dup(kept.data, kept.len);
	/* It is good: it was made of a good one. */
	(void)tok_parse(&side->list, side->text, kept.len);
	buf_wipe(&kept);
	side->root = spot_root(side->text, &side->list);
	return NULL;
}

static enum prog_status
next_input(void *arg)
{
	struct compare *c = arg;

	c->at++;
	return PROG_OK;
}

static enum prog_status
tell(void *arg, struct sink *sink)
{
	struct compare *c = arg;

	for (size_t i = 0; i < 2; i++) {
		if (c->side[i].text != NULL)
			continue;
		/* One that was rejected too: of no comparison nothing lost would be said. */
		diag_error("%s: no user pool in it", c->filter.files[i]);
		filter_halt(&c->filter, PROG_FAIL, "no user pool");
		return PROG_FAIL;
	}
	seal_add_via(&sink->seal, "describe-pool");
	compare_users(c, c->side[0].root, c->side[1].root);
	compare_providers(c, c->side[0].root, c->side[1].root);
	compare_clients(c, c->side[0].root, c->side[1].root);
	compare_things(c, c->side[0].root, c->side[1].root);
	compare_settings(c, c->side[0].root, c->side[1].root);
	return c->filter.halt;
}

enum prog_status
compare_run(const struct sink_options *options, char **files)
{
	static struct compare c;
	struct sink sink;
	const char *why;
	enum prog_status status;

	if (sink_open(&sink, options, true) != 0)
		return PROG_FAIL;
	c.sink = &sink;
	c.filter = (struct filter){ .opts = options, .files = files, .shut = true, .sink = &sink,
	    .row = take_record, .settle = next_input, .end = tell, .arg = &c };
	buf_init(&c.member, SIZE_MAX);
	buf_init(&c.line, SIZE_MAX);
	for (size_t i = 0; i < 2; i++)
		tok_init(&c.side[i].list, RECORD_TOKENS_MAX);
	tok_init(&c.usual, RECORD_TOKENS_MAX);
	(void)tok_parse(&c.usual, usual_pool, strlen(usual_pool));
	status = filter_run(&c.filter, &why);
	for (size_t i = 0; i < 2; i++) {
		free(c.side[i].text);
		tok_free(&c.side[i].list);
	}
	tok_free(&c.usual);
	buf_free(&c.member);
	buf_free(&c.line);
	return sink_close(&sink, status, why, NULL);
}
