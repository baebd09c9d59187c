/*
 * fold-users: one record for a person whom the pool has twice.
 *
 * Who signed in through an identity provider before the identity was linked to a native profile is
 * in the list of users twice: as the native profile, whose attribute "identities" names the
 * identity, and as the identity's own profile (UserStatus EXTERNAL_PROVIDER).  The second is left
 * out, and its groups go to the first.
 *
 * Either may come first, so the input is put aside and read three times: for the links, for the
 * groups of what is folded, and to write.  Memory is bounded.
 *
 * Manual page: fold-users(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/prog.h"
#include "base/spool.h"
#include "json/filter.h"
#include "json/jtext.h"
#include "json/record.h"
#include "json/sink.h"

#include "fold-users_links.h"

static const char usage[] =
    "fold-users [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] [file ...]";

struct folding {
	struct spool spool;	/* the good records, a line each */
	struct links links;
	struct identities identities;
	uint64_t line;		/* in the spool, of the record at hand */
	uint64_t at;		/* in the spool, of the record at hand */
	bool linked;		/* of the record at hand: its identity is, to found */
	struct link found;
	struct buf groups, row, their_groups;
	bool full;		/* groups has no room for all */
	struct tok_list made, theirs;	/* lists of groups: the one that is made, their_groups */
	uint64_t folded, shared;
};

static bool
is_federated(const struct record_reader *r)
{
	static const char external[] = "EXTERNAL_PROVIDER";
	uint32_t status = tok_member(&r->list, r->text, 0, "UserStatus");

	return status != 0 && r->list.tok[status].type == TOK_STRING &&
	    tok_is(&r->list.tok[status], r->text, external, sizeof external - 1);
}

/* First reading: every record is put aside, and the links of the native profiles are learnt. */

static void
add_link(void *arg, const struct keyset_key *key)
{
	struct folding *f = arg;

	links_add(&f->links, key, f->line);
}

static const char *
put_aside(void *arg, const struct record_reader *r, struct sink *sink)
{
	struct folding *f = arg;
	enum record_kind kind = record_kind(&r->keys);

	(void)sink;
	if (kind == RECORD_MEMBERSHIP)
		return "a membership; users are folded with their Groups, before memberships are made";
	f->line++;
	if (kind == RECORD_USER && !is_federated(r))
		links_identities(&f->identities, r, add_link, f);
	buf_clear(&f->row);
	if (jtext_value(&f->row, &r->list, r->text, 0) != 0 || buf_append_byte(&f->row, '\n') != 0)
		return "too long in canonical form";
	/* A failure is reported there, and ends the next reading. */
	(void)spool_append(&f->spool, f->row.data, f->row.len);
	return NULL;
}

/* Second reading: the profiles of linked identities, with their groups. */

static void
find_link(void *arg, const struct keyset_key *key)
{
	struct folding *f = arg;

	if (links_find(&f->links, key, &f->found))
		f->linked = true;
}

/* The link of a federated profile that is folded, or NULL; a shared one counts if counting. */
static struct link *
link_of(struct folding *f, const struct record_reader *r, bool counting)
{
	f->linked = false;
	if (f->links.count == 0 || record_kind(&r->keys) != RECORD_USER || !is_federated(r))
		return NULL;
	links_identities(&f->identities, r, find_link, f);
	if (f->linked && f->found.shared) {
		f->shared += counting;
		return NULL;
	}
	return f->linked ? &f->found : NULL;
}

static int
learn_groups(struct folding *f, const struct record_reader *r, struct sink *sink)
{
	struct link *link = link_of(f, r, true);

	(void)sink;
	/* An identity has one profile; another record that claims it stays as it is. */
	if (link == NULL || link->profile != 0)
		return 0;
	f->folded++;
	link->profile = f->line;
	if (r->keys.groups != 0 && r->list.tok[r->keys.groups].type == TOK_ARRAY) {
		const struct tok *groups = &r->list.tok[r->keys.groups];

		link->groups = f->at + groups->start;
		link->groups_len = groups->end - groups->start;
	}
	links_set(&f->links, link);
	return 0;
}

/* Third reading: all but the folded profiles; those that they fold into get their groups. */

/* Whether the string token of text is an item of the list that is being made. */
static bool
is_listed(struct folding *f, const struct tok *t, const char *text)
{
	bool found = false;

	buf_append_byte(&f->groups, ']');
	if (tok_parse(&f->made, f->groups.data, f->groups.len) == TOK_OK) {
		const struct tok *tok = f->made.tok;

		for (uint32_t i = 1; i < tok[0].next && !found; i = tok[i].next)
			found = tok[i].end - tok[i].start == t->end - t->start &&
			    memcmp(f->groups.data + tok[i].start, text + t->start,
			    t->end - t->start) == 0;
	}
	f->groups.len--;
	return found;
}

/* The groups of the identity's profile, unless the list of its owner has them already. */
static void
add_groups(void *arg, const struct keyset_key *key)
{
	struct folding *f = arg;
	struct link link;
	const char *text;

	if (!links_find(&f->links, key, &link) || link.shared || link.groups_len == 0)
		return;
	buf_clear(&f->their_groups);
	/* It is reported there; the table's files end the program as well (base/keyset.h). */
	if (buf_reserve(&f->their_groups, link.groups_len) != 0 ||
	    spool_read(&f->spool, f->their_groups.data, link.groups_len, link.groups) != 0)
		exit(PROG_FAIL);
	text = f->their_groups.data;
	if (tok_parse(&f->theirs, text, link.groups_len) != TOK_OK)
		return;
	for (uint32_t i = 1; i < f->theirs.tok[0].next; i = f->theirs.tok[i].next) {
		const struct tok *t = &f->theirs.tok[i];

		if (t->type != TOK_STRING || is_listed(f, t, text))
			continue;
		if ((f->groups.len > 1 && buf_append_byte(&f->groups, ',') != 0) ||
		    buf_append(&f->groups, text + t->start - 1, t->end - t->start + 2) != 0)
			f->full = true;
	}
}

/* A native profile whose own Groups were asked for, with what it gets. */
static int
write_owner(struct folding *f, const struct record_reader *r, struct sink *sink)
{
	const struct tok *own = &r->list.tok[r->keys.groups];

	f->full = false;
	buf_clear(&f->groups);
	jtext_value(&f->groups, &r->list, r->text, r->keys.groups);
	f->groups.len--;
	links_identities(&f->identities, r, add_groups, f);
	buf_clear(&f->row);
	if (f->full || buf_append_byte(&f->groups, ']') != 0 ||
	    buf_append(&f->row, r->text, own->start) != 0 ||
	    buf_append(&f->row, f->groups.data, f->groups.len) != 0 ||
	    buf_append(&f->row, r->text + own->end, r->len - own->end) != 0 ||
	    f->row.len > RECORD_LINE_MAX)
		return sink_reject(sink, "folded users", f->line, "longer than a record may be with "
		    "the groups of its linked profiles", r->text, r->len);
	return sink_row(sink, f->row.data, f->row.len);
}

static int
write_record(struct folding *f, const struct record_reader *r, struct sink *sink)
{
	const struct link *link = link_of(f, r, false);

	if (link != NULL && link->profile == f->line)
		return 0;
	if (f->folded > 0 && record_kind(&r->keys) == RECORD_USER && !is_federated(r) &&
	    r->keys.groups != 0 && r->list.tok[r->keys.groups].type == TOK_ARRAY)
		return write_owner(f, r, sink);
	return sink_row(sink, r->text, r->len);
}

/* Reads what was put aside.  Returns 0, or -1 with the reason printed. */
static int
read_again(struct folding *f, struct sink *sink,
    int (*take)(struct folding *f, const struct record_reader *r, struct sink *sink))
{
	enum record_result result;
	struct record_reader r;
	int failed = spool_seek(&f->spool, 0);

	f->line = 0;
	f->at = 0;
	record_open(&r, f->spool.fd, "temporary file");
	while (failed == 0 && (result = record_next(&r)) != RECORD_END) {
		f->line++;
		failed = result == RECORD_LINE ? take(f, &r, sink) : -1;
		f->at += r.len + 1;
	}
	record_close(&r);
	return failed;
}

static enum prog_status
fold(void *arg, struct sink *sink)
{
	struct folding *f = arg;

	if (f->links.count > 0 && read_again(f, sink, learn_groups) != 0)
		return PROG_FAIL;
	if (f->shared > 0)
		diag_warn("%" PRIu64 " federated profiles are linked to more than one user and stay "
		    "as they are", f->shared);
	return read_again(f, sink, write_record) != 0 ? PROG_FAIL : PROG_OK;
}

static enum prog_status
run(struct folding *f, const struct sink_options *options, char **files)
{
	struct sink sink;
	struct filter filter = {
		.opts = options, .files = files, .sink = &sink,
		.shut = true, .row = put_aside, .end = fold, .arg = f
	};
	enum prog_status status;
	const char *why = NULL;
	char stats[80];

	if (sink_open(&sink, options, true) != 0)
		return PROG_FAIL;
	buf_init(&f->groups, RECORD_LINE_MAX);
	buf_init(&f->row, RECORD_LINE_MAX + 1);
	buf_init(&f->their_groups, RECORD_LINE_MAX);
	identities_init(&f->identities);
	tok_init(&f->made, RECORD_TOKENS_MAX);
	tok_init(&f->theirs, RECORD_TOKENS_MAX);
	status = filter_run(&filter, &why);
	snprintf(stats, sizeof stats, ",\"Folded\":%" PRIu64, f->folded);
	diag_verbose(1, "%" PRIu64 " federated profiles were folded", f->folded);
	status = sink_close(&sink, status, why, stats);
	identities_free(&f->identities);
	tok_free(&f->made);
	tok_free(&f->theirs);
	buf_free(&f->groups);
	buf_free(&f->row);
	buf_free(&f->their_groups);
	return status;
}

int
main(int argc, char **argv)
{
	struct sink_options options = { 0 };
	const struct opt_spec *const tables[] = { sink_option_table(&options), NULL };
	struct folding f = { .line = 0 };
	enum prog_status status;
	int operands;

	prog_start(argv[0]);
	operands = opt_parse(argc, argv, tables, usage, false);
	sink_options_finish(&options);
	if (spool_open(&f.spool) != 0)
		return PROG_FAIL;
	if (links_init(&f.links) != 0)
		return PROG_FAIL;
	status = run(&f, &options, argv + operands);
	links_free(&f.links);
	spool_close(&f.spool);
	return status;
}
