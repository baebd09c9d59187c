/* The header of a plan (header.h). */
#include "header.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/diag.h"
#include "json/jtext.h"

#include "guard.h"
#include "ops.h"
#include "scim.h"

/* Calls a second that the service allows to an account, or for groups to a pool. */
enum { RATE_CREATION = 50, RATE_UPDATE = 25, RATE_RECOVERY = 30, RATE_GROUPS = 5 };

static void
put_text(struct buf *b, const char *name, const char *text)
{
	buf_appendf(b, ",\"%s\":", name);
	jtext_string(b, text, strlen(text));
}

/* A side's sources and scopes, each once.  scope gets the scopes. */
static void
put_side(struct buf *b, const struct side *side, struct buf *scope)
{
	const char *separator = "";

	buf_append_string(b, "{\"Sources\":[");
	for (int k = 0; k < KINDS; k++) {
		const struct extent *e = &side->extent[k];
		bool known = e->scope == NULL;

		if (e->source != NULL && (k == USERS || side->extent[USERS].source == NULL ||
		    strcmp(e->source, side->extent[USERS].source) != 0)) {
			buf_append_string(b, separator);
			jtext_string(b, e->source, strlen(e->source));
			separator = ",";
		}
		for (int other = 0; other < k; other++)
			known |= e->scope != NULL && side->extent[other].scope != NULL &&
			    strcmp(e->scope, side->extent[other].scope) == 0;
		if (!known)
			buf_appendf(scope, "%s%s", scope->len > 0 ? " + " : "", e->scope);
	}
	buf_append_byte(b, ']');
	if (scope->len > 0)
		put_text(b, "Scope", scope->data);
	buf_append_byte(b, '}');
}

/* Into the object that was just ended: of which groups it is asked who is in them. */
static void
put_scope_groups(struct buf *b, const struct opt_list *groups)
{
	if (groups->count == 0)
		return;
	b->len--;
	for (size_t i = 0; i < groups->count; i++) {
		buf_append_string(b, i == 0 ? ",\"Groups\":[" : ",");
		jtext_string(b, groups->items[i], strlen(groups->items[i]));
	}
	buf_append_string(b, "]}");
}

static void
put_count(struct buf *b, const char *name, uint64_t count)
{
	buf_appendf(b, "%s\"%s\":%" PRIu64, b->data[b->len - 1] == '{' ? "" : ",", name, count);
}

static void
put_kinds(struct buf *b, const char *name, const uint64_t counts[KINDS])
{
	buf_appendf(b, ",\"%s\":{\"users\":%" PRIu64 ",\"groups\":%" PRIu64 ",\"members\":%"
	    PRIu64 "}", name, counts[USERS], counts[GROUPS], counts[MEMBERS]);
}

enum {
	/* Of groups that few leave; whoever applies it reckons with this limit at least. */
	SMALL_GROUPS_MAX = 100, SMALL = 5,
	/* Of all groups, so that the header stays a record. */
	CLASSES_BYTES_MAX = RECORD_LINE_MAX / 4
};

/* Two objects at once: what is in force, and how much there is; and whose limit was typed. */
struct classes {
	struct buf counts, limits, typed;
	unsigned small, left_out;
};

static void
put_typed(struct buf *b, const struct limits *max, const char *name)
{
	for (size_t i = 0; i < max->count; i++) {
		if (strcmp(max->item[i].name, name) != 0)
			continue;
		if (b->len > 0)
			buf_append_byte(b, ',');
		jtext_string(b, name, strlen(name));
	}
}

static void
put_class(struct sync *s, const struct guard_count *c, void *arg)
{
	struct classes *classes = arg;
	struct buf *const to[] = { &classes->counts, &classes->limits };

	if (strchr(c->name, ':') != NULL && c->count <= SMALL &&
	    (classes->limits.len > CLASSES_BYTES_MAX || classes->small++ >= SMALL_GROUPS_MAX))
		return;
	if (strchr(c->name, ':') != NULL && classes->limits.len > CLASSES_BYTES_MAX) {
		classes->left_out++;
		return;
	}
	for (int i = 0; i < 2; i++) {
		if (to[i]->len > 0)
			buf_append_byte(to[i], ',');
		jtext_string(to[i], c->name, strlen(c->name));
		buf_appendf(to[i], ":%" PRIu64, i == 0 ? c->count : c->limit);
	}
	put_typed(&classes->typed, &s->o.max, c->name);
}

bool
header_has_room(struct sync *s)
{
	struct classes c = { .small = 0 };

	buf_init(&c.counts, RECORD_LINE_MAX);
	buf_init(&c.limits, RECORD_LINE_MAX);
	buf_init(&c.typed, RECORD_LINE_MAX);
	guard_each(s, put_class, &c);
	buf_free(&c.counts);
	buf_free(&c.limits);
	buf_free(&c.typed);
	if (c.left_out > 0)
		diag_error("guard: member-remove: more than %d are taken out of more groups than a plan "
		    "can name, by %u; in parts: --scope-groups", SMALL, c.left_out);
	return c.left_out == 0;
}

static void
put_classes(struct sync *s, struct buf *b)
{
	struct classes c = { .small = 0 };
	const struct limits *l = &s->o.confirm;

	buf_init(&c.counts, RECORD_LINE_MAX);
	buf_init(&c.limits, RECORD_LINE_MAX);
	buf_init(&c.typed, RECORD_LINE_MAX);
	guard_each(s, put_class, &c);
	buf_appendf(b, ",\"Classes\":{");
	buf_append(b, buf_string(&c.counts), c.counts.len);
	buf_append_string(b, "},\"Limits\":{");
	buf_append(b, buf_string(&c.limits), c.limits.len);
	buf_append_byte(b, '}');
	if (c.typed.len > 0)
		buf_appendf(b, ",\"Max\":[%s]", buf_string(&c.typed));
	buf_append_string(b, ",\"Confirmed\":{");
	for (size_t i = 0; i < l->count; i++) {
		if (i > 0)
			buf_append_byte(b, ',');
		jtext_string(b, l->item[i].name, strlen(l->item[i].name));
		buf_appendf(b, ":%" PRId64, l->item[i].number);
	}
	buf_append_byte(b, '}');
	buf_free(&c.counts);
	buf_free(&c.limits);
	buf_free(&c.typed);
}

static uint64_t
seconds(uint64_t calls, uint64_t rate, int share)
{
	uint64_t a_hundred = rate * (uint64_t)share;

	return (calls * 100 + a_hundred - 1) / a_hundred;
}

static void
put_cost(const struct sync *s, struct buf *b)
{
	const struct totals *t = &s->totals;
	const struct {
		const char *name;
		uint64_t calls, rate;
	} categories[] = {
		{ "UserCreation", t->calls_creation, RATE_CREATION },
		{ "UserUpdate", t->calls_update, RATE_UPDATE },
		{ "UserAccountRecovery", t->calls_recovery, RATE_RECOVERY },
		{ "UserPoolResourceUpdate", t->calls_groups, RATE_GROUPS }
	};
	uint64_t most = 0, all = 0;

	if (scim_plans(s)) {
		for (int op = 0; op < OPS; op++)
			all += t->ops[op];
		buf_appendf(b, ",\"Cost\":{\"Calls\":{\"Requests\":%" PRIu64 "},\"Billable\":0,"
		    "\"Messages\":0}", all);
		return;
	}
	buf_append_string(b, ",\"Cost\":{\"Calls\":{");
	for (size_t i = 0; i < sizeof categories / sizeof *categories; i++) {
		uint64_t needed = seconds(categories[i].calls, categories[i].rate, s->o.share);

		if (categories[i].calls > 0)
			put_count(b, categories[i].name, categories[i].calls);
		/* The categories go on side by side. */
		most = needed > most ? needed : most;
	}
	buf_appendf(b, "},\"Seconds\":%" PRIu64 ",\"Billable\":%" PRIu64 ",\"Messages\":%" PRIu64
	    "}", most, t->billable, t->messages);
}

int
header_write(struct sync *s)
{
	struct buf b, scope, source;
	char now[CLOCK_RFC3339_SIZE];
	int result;

	buf_init(&b, 16 * (size_t)RECORD_LINE_MAX);
	buf_init(&scope, 8 * (size_t)SEAL_MAX);
	buf_init(&source, 2 * (size_t)SEAL_MAX);
	clock_rfc3339(clock_wall_ms(), now);
	buf_append_string(&b, "{\"Op\":\"plan\",\"V\":1");
	put_text(&b, "Target", s->target);
	put_text(&b, "Key", s->o.key.name);
	buf_appendf(&b, ",\"Fold\":%s", s->o.key.fold ? "true" : "false");
	put_text(&b, "Made", now);
	buf_append_string(&b, ",\"Want\":");
	put_side(&b, &s->side[WANT], &scope);
	put_scope_groups(&b, &s->o.scope_groups);
	if (scope.len > 0)
		seal_set(&s->sink.seal.scope, scope.data);
	buf_clear(&scope);
	buf_append_string(&b, ",\"Have\":");
	put_side(&b, &s->side[HAVE], &scope);
	put_kinds(&b, "Managed", s->totals.managed);
	buf_append_string(&b, ",\"Totals\":{");
	for (int op = 0; op < OPS; op++)
		if (s->totals.ops[op] > 0)
			put_count(&b, op_names[op], s->totals.ops[op]);
	buf_append_byte(&b, '}');
	put_classes(s, &b);
	put_cost(s, &b);
	put_kinds(&b, "Left", s->totals.left);
	buf_append_byte(&b, '}');
	buf_appendf(&source, "%s/plan", s->target);
	seal_set(&s->sink.seal.source, buf_string(&source));
	result = b.len <= RECORD_LINE_MAX ? sink_row(&s->sink, b.data, b.len) : -1;
	if (b.len > RECORD_LINE_MAX)
		diag_error("the header of the plan is longer than a record may be");
	buf_free(&b);
	buf_free(&scope);
	buf_free(&source);
	return result;
}
