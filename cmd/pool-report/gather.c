/* Records become figures and lines (gather.h). */
#include "gather.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"

#include "changes.h"
#include "gather_parts.h"
#include "lines.h"
#include "pool.h"

void
gather_init(struct gather *g, struct figures *f, struct order *o)
{
	memset(g, 0, sizeof *g);
	g->figures = f;
	g->order = o;
	g->key = hash_key_random();
	identities_init(&g->identities);
	buf_init(&g->text, RECORD_LINE_MAX);
	buf_init(&g->name, (size_t)2 * RECORD_LINE_MAX);
	buf_init(&g->digests, (size_t)CHANGES_DIGEST_SIZE * (ATTRIBUTES_MAX + 1));
	shared_names(&f->attributes);
}

void
gather_free(struct gather *g)
{
	identities_free(&g->identities);
	buf_free(&g->text);
	buf_free(&g->name);
	buf_free(&g->digests);
}

static uint32_t
member(const struct record_reader *r, const char *name)
{
	return tok_member(&r->list, r->text, 0, name);
}

/* Returns the date at the member in ms, or -1; takes note of the newest. */
static int64_t
take_date(struct gather *g, const struct record_reader *r, const char *name)
{
	uint32_t index = member(r, name);
	const struct tok *t = &r->list.tok[index];
	int64_t ms;

	if (index == 0 || t->type != TOK_STRING ||
	    clock_parse_rfc3339(r->text + t->start, t->end - t->start, &ms) != 0)
		return -1;
	if (ms > g->figures->side[g->side].newest)
		g->figures->side[g->side].newest = ms;
	return ms;
}

static void
take_dates(struct gather *g, struct user *u)
{
	int64_t ms = take_date(g, u->r, "UserCreateDate");
	int64_t day = ms / FIGURES_DAY_MS - FIGURES_FIRST_DAY;

	(void)take_date(g, u->r, "UserLastModifiedDate");
	if (ms < 0)
		u->totals->undated++;
	else if (day < 0 || day >= DAYS)
		u->totals->other_days++;
	else
		u->totals->days[day]++;
}

static void
take_status(struct gather *g, struct user *u)
{
	static const char none[] = "(not said)";
	uint32_t status = member(u->r, "UserStatus"), enabled = member(u->r, "Enabled");
	size_t len;
	const char *text = gather_text(&g->text, u->r, status, &len);
	struct tally *t = &g->figures->statuses;
	struct tally_row *row = len > 0 ? tally_row(t, text, len) :
	    tally_row(t, none, sizeof none - 1);

	row->count[g->side][COUNTED]++;
	u->status = tally_number(t, row);
	u->federated = gather_is(u->r, status, "EXTERNAL_PROVIDER");
	u->totals->profiles += u->federated;
	u->enabled = '-';
	if (enabled != 0 && u->r->list.tok[enabled].type == TOK_TRUE)
		u->enabled = 't';
	if (enabled != 0 && u->r->list.tok[enabled].type == TOK_FALSE)
		u->enabled = 'f';
	u->totals->enabled += u->enabled == 't';
	u->totals->disabled += u->enabled == 'f';
}

/* Returns a hash of its name. */
static uint64_t
count_method(struct gather *g, const struct record_reader *r, uint32_t index)
{
	size_t len;
	const char *text = gather_text(&g->text, r, index, &len);

	tally_row(&g->figures->methods, text, len)->count[g->side][COUNTED]++;
	return hash_bytes(&g->key, text, len);
}

/*
 * UserMFASettingList says it all (AdminGetUser).  MFAOptions (ListUsers) knows of SMS alone, so
 * that an empty one says nothing.
 */
static void
take_factor(struct gather *g, struct user *u)
{
	uint32_t list = member(u->r, "UserMFASettingList"), options = member(u->r, "MFAOptions");
	uint32_t preferred = member(u->r, "PreferredMfaSetting");
	const struct tok *tok = u->r->list.tok;

	u->factor = FACTOR_UNKNOWN;
	u->methods = 0;
	u->listed = list != 0 && tok[list].type == TOK_ARRAY;
	if (u->listed) {
		u->factor = tok[list].next > list + 1 ? FACTOR_ON : FACTOR_OFF;
		for (uint32_t i = list + 1; i < tok[list].next; i = tok[i].next)
			u->methods += count_method(g, u->r, i);
	} else if (preferred != 0 && tok[preferred].end > tok[preferred].start &&
	    tok[preferred].type == TOK_STRING) {
		u->factor = FACTOR_ON;
		(void)count_method(g, u->r, preferred);
	} else if (options != 0 && tok[options].type == TOK_ARRAY &&
	    tok[options].next > options + 1) {
		u->factor = FACTOR_ON;
		tally_row(&g->figures->methods, "SMS_MFA", 7)->count[g->side][COUNTED]++;
	}
	u->totals->factor[u->factor]++;
}

static void
put_digest(struct gather *g, size_t row, uint64_t hash)
{
	if (g->figures->compared)
		buf_appendf(&g->digests, "%03zx%016" PRIx64, row, hash);
}

/* One sum, whatever their order, of the names and values of all that are not told apart. */
static void
add_other(struct gather *g, const struct record_reader *r, uint32_t key, uint64_t value)
{
	uint64_t pair[2] = { 0, value };
	size_t len;
	const char *name = gather_text(&g->text, r, key, &len);

	pair[0] = hash_bytes(&g->key, name, len);
	g->others += hash_bytes(&g->key, pair, sizeof pair);
}

static void
take_attribute(struct gather *g, struct user *u, uint32_t key)
{
	const struct record_reader *r = u->r;
	struct tally *t = &g->figures->attributes;
	struct tally_row *row;
	size_t len, number, characters = 0;
	const char *text = gather_text(&g->text, r, key, &len);

	row = tally_row(t, text, len);
	number = tally_number(t, row);
	/* Of a name that is there twice the first counts; the others may come often. */
	if (number < t->max && row->stamp == g->stamp)
		return;
	row->stamp = g->stamp;
	row->marks[g->side] |= MARK_SEEN;
	text = gather_text(&g->text, r, key + 1, &len);
	if (len == 0) {
		row->count[g->side][ATTRIBUTE_EMPTY]++;
		return;
	}
	row->count[g->side][ATTRIBUTE_FILLED]++;
	for (size_t i = 0; i < len; i++)
		characters += ((unsigned char)text[i] & 0xc0) != 0x80;
	if (characters > row->count[g->side][ATTRIBUTE_LONGEST])
		row->count[g->side][ATTRIBUTE_LONGEST] = characters;
	if (number < KNOWN)
		u->value[number] = key + 1;
	if (number < t->max)
		put_digest(g, number, hash_bytes(&g->key, text, len));
	else
		add_other(g, r, key, hash_bytes(&g->key, text, len));
}

static void
take_attributes(struct gather *g, struct user *u)
{
	uint32_t attributes = u->r->keys.attributes;
	const struct tok *tok = u->r->list.tok;

	memset(u->value, 0, sizeof u->value);
	buf_clear(&g->digests);
	g->stamp++;
	g->others = 0;
	for (uint32_t i = attributes + 1; attributes != 0 && i < tok[attributes].next;
	    i = tok_behind_member(tok, i))
		take_attribute(g, u, i);
	if (g->others != 0)
		put_digest(g, ATTRIBUTES_MAX, g->others);
}

/* A user by his name, a token of r: those of his groups are a part of his lines. */
static void
begin_name(struct gather *g, const struct record_reader *r, uint32_t user)
{
	size_t len;
	const char *name = gather_text(&g->text, r, user, &len);

	lines_begin(g->order, LINE_NAME, true, name, len, g->side);
}

static void
put_member(struct gather *g, const struct record_reader *r, uint32_t group, uint32_t user)
{
	struct tally *t = &g->figures->groups;
	struct tally_row *row;
	size_t len, number;
	const char *name = gather_text(&g->name, r, group, &len);

	row = tally_row(t, name, len);
	number = tally_number(t, row);
	begin_name(g, r, user);
	buf_append_byte(&g->order->line, LINE_MEMBER);
	if (number < t->max) {
		buf_appendf(&g->order->line, "%04zx", number);
	} else {
		buf_append_string(&g->order->line, "ffff");
		name = gather_text(&g->name, r, group, &len);
		lines_text(&g->order->line, name, len);
	}
	gather_end_line(g);
}

static void
take_groups(struct gather *g, struct user *u)
{
	uint32_t groups = u->r->keys.groups;
	const struct tok *tok = u->r->list.tok;
	bool asked = groups != 0 && tok[groups].type == TOK_ARRAY;

	u->totals->groups_known |= asked;
	for (uint32_t i = groups + 1; asked && i < tok[groups].next; i = tok[i].next)
		put_member(g, u->r, i, u->r->keys.username);
	begin_name(g, u->r, u->r->keys.username);
	buf_append_byte(&g->order->line, LINE_USER);
	buf_append_byte(&g->order->line, (char)('0' + (asked ? FLAG_ASKED : 0) +
	    (u->federated ? FLAG_FEDERATED : 0)));
	gather_end_line(g);
}

/* Whether it is a list of strings that are not empty. */
static bool
is_names(const struct record_reader *r, uint32_t list)
{
	const struct tok *tok = r->list.tok;

	if (tok[list].type != TOK_ARRAY)
		return false;
	for (uint32_t i = list + 1; i < tok[list].next; i = tok[i].next)
		if (tok[i].type != TOK_STRING || tok[i].end == tok[i].start)
			return false;
	return true;
}

/* Who he is, and what is compared with the other snapshot. */
static void
put_person(struct gather *g, struct user *u)
{
	static const struct hash_key none = { 0, 0 };
	struct buf *b = &g->order->line;
	size_t name_len, len;
	const char *name = gather_text(&g->text, u->r, u->r->keys.username, &name_len);
	const char *sub = gather_text(&g->name, u->r, u->r->keys.sub, &len);
	uint64_t hash = hash_bytes(&g->key, name, name_len);

	if (len > 0) {
		lines_begin(g->order, LINE_SUB, false, sub, len, g->side);
	} else {
		buf_clear(&g->name);
		buf_append_byte(&g->name, (char)LINE_NUL);
		buf_append(&g->name, name, name_len);
		lines_begin(g->order, LINE_SUB, false, g->name.data, g->name.len, g->side);
	}
	buf_append_byte(b, (char)('0' + (u->federated ? FLAG_FEDERATED : 0)));
	if (g->figures->compared) {
		buf_appendf(b, "%016" PRIx64 "%02zx%c%c%016" PRIx64 "%c%016" PRIx64,
		    hash_bytes(&none, u->r->text, u->r->len), u->status, u->enabled,
		    '0' + (int)u->factor, hash, u->listed ? 't' : 'f', u->methods);
		buf_append(b, buf_string(&g->digests), g->digests.len);
	}
	gather_end_line(g);
}

static const char *
gather_user(struct gather *g, const struct record_reader *r)
{
	struct user u = { .r = r, .totals = &g->figures->side[g->side] };
	const struct tok *tok = r->list.tok;

	if (r->keys.attributes != 0 && tok[r->keys.attributes].type != TOK_OBJECT)
		return "Attributes is no object";
	if (r->keys.groups != 0 && !is_names(r, r->keys.groups))
		return "Groups is no list of names";
	u.totals->users++;
	take_status(g, &u);
	take_dates(g, &u);
	take_factor(g, &u);
	take_attributes(g, &u);
	shared_take(g, &u);
	take_groups(g, &u);
	put_person(g, &u);
	return NULL;
}

static const char *
gather_group(struct gather *g, const struct record_reader *r)
{
	struct totals *t = &g->figures->side[g->side];
	uint32_t members = member(r, "Members");
	struct tally_row *row;
	size_t len;
	const char *name;

	if (members != 0 && !is_names(r, members))
		return "Members is no list of names";
	name = gather_text(&g->name, r, r->keys.group_name, &len);
	row = tally_row(&g->figures->groups, name, len);
	/* A large group comes in several records, each with some members (expand-members(1)). */
	t->groups += (row->marks[g->side] & MARK_LISTED) == 0 || row->name == NULL;
	row->marks[g->side] |= MARK_LISTED;
	(void)take_date(g, r, "LastModifiedDate");
	t->listed |= members != 0;
	t->groups_known |= members != 0;
	for (uint32_t i = members + 1; members != 0 && i < r->list.tok[members].next;
	    i = r->list.tok[i].next)
		put_member(g, r, r->keys.group_name, i);
	return NULL;
}

const char *
gather_record(struct gather *g, const struct record_reader *r)
{
	struct totals *t = &g->figures->side[g->side];
	const char *wrong = NULL;

	switch (record_kind(&r->keys)) {
	case RECORD_USER:
		wrong = gather_user(g, r);
		break;
	case RECORD_GROUP:
		wrong = gather_group(g, r);
		break;
	case RECORD_MEMBERSHIP:
		t->listed = true;
		t->groups_known = true;
		put_member(g, r, r->keys.group_name, r->keys.username);
		break;
	default:
		wrong = pool_take(&g->figures->pool, g->side, &g->figures->attributes, r);
	}
	t->records += wrong == NULL;
	return wrong;
}
