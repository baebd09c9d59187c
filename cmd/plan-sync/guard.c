/* The guard (guard.h). */
#include "guard.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/num.h"

enum { DEFAULT_MAX = 500, DEFAULT_PERCENT = 5, DEFAULT_MIN = 5 };

static const char of_group[] = "member-remove:";

/* What each class is a part of. */
static const struct {
	const char *name;
	enum kind base;
} classes[CLASSES] = {
	{ "user-delete", USERS }, { "user-disable", USERS }, { "member-remove", MEMBERS },
	{ "key-change", USERS }, { "login-change", USERS }, { "email-change", USERS },
	{ "phone-change", USERS }, { "attribute-clear", USERS }, { "update", USERS },
	{ "group-delete", GROUPS }, { "user-enable", USERS }, { "member-add", MEMBERS }
};

static bool
is_class(const char *name)
{
	if (strncmp(name, of_group, sizeof of_group - 1) == 0)
		return name[sizeof of_group - 1] != '\0';
	for (int c = 0; c < CLASSES; c++)
		if (strcmp(name, classes[c].name) == 0)
			return true;
	return false;
}

static const struct limit *
find(const struct limits *l, const char *name)
{
	for (size_t i = 0; i < l->count; i++)
		if (strcmp(l->item[i].name, name) == 0)
			return &l->item[i];
	return NULL;
}

void
guard_add(struct limits *l, const char *option, const char *text, bool percent)
{
	size_t at = strlen(text), len;
	char shown[80], *number;
	struct limit *limit;
	const char *why;

	diag_quote(shown, sizeof shown, text, at);
	/* The last one: a group's name may hold others. */
	while (at > 0 && text[at - 1] != '=')
		at--;
	if (at == 0)
		opt_value_error("--%s: %s: not CLASS=N", option, shown);
	l->item = mem_resize(l->item, l->count + 1, sizeof *l->item);
	limit = &l->item[l->count];
	*limit = (struct limit){ .name = mem_dup_string(text) };
	limit->name[at - 1] = '\0';
	if (!is_class(limit->name) && (percent || strcmp(limit->name, GUARD_PROTECTED) != 0))
		opt_value_error("--%s: %s: no such class", option, shown);
	if (find(l, limit->name) != NULL)
		opt_value_error("--%s: %s: the class for the second time", option, shown);
	number = limit->name + at;
	len = strlen(number);
	if (percent && len > 0 && number[len - 1] == '%') {
		limit->percent = true;
		number[len - 1] = '\0';
	}
	if (num_parse(number, 0, limit->percent ? 100 : INT32_MAX, &limit->number, &why) != 0)
		opt_value_error("--%s: %s: %s", option, shown, why);
	l->count++;
}

static uint64_t
limit_of(const struct sync *s, const char *name, uint64_t managed)
{
	const struct limit *max = find(&s->o.max, name);
	uint64_t limit = managed / 100 * DEFAULT_PERCENT + managed % 100 * DEFAULT_PERCENT / 100;

	if (max != NULL && !max->percent)
		return (uint64_t)max->number;
	if (max != NULL)
		return managed / 100 * (uint64_t)max->number +
		    managed % 100 * (uint64_t)max->number / 100;
	/* The first plan of a target fills all its groups. */
	if (strcmp(name, classes[CLASS_MEMBER_ADD].name) == 0)
		return INT32_MAX;
	if (limit > DEFAULT_MAX)
		limit = DEFAULT_MAX;
	return limit < DEFAULT_MIN ? DEFAULT_MIN : limit;
}

bool
guard_confirms(const struct sync *s, const char *class, uint64_t count)
{
	const struct limit *confirm = find(&s->o.confirm, class);

	return confirm != NULL && (uint64_t)confirm->number == count;
}

static void
hand(struct sync *s, const char *name, uint64_t count, uint64_t managed,
    void (*take)(struct sync *s, const struct guard_count *c, void *arg), void *arg)
{
	const struct guard_count c = {
		.name = name, .count = count, .limit = limit_of(s, name, managed),
		.confirmed = guard_confirms(s, name, count)
	};

	if (count > 0)
		take(s, &c, arg);
}

void
guard_each(struct sync *s, void (*take)(struct sync *s, const struct guard_count *c, void *arg),
    void *arg)
{
	struct buf name, group;

	for (int c = 0; c < CLASSES; c++)
		hand(s, classes[c].name, s->totals.classes[c], s->totals.managed[classes[c].base],
		    take, arg);
	buf_init(&name, 2 * (size_t)KEYSET_KEY_MAX);
	buf_init(&group, KEYSET_KEY_MAX);
	for (size_t i = 0; i < s->groups.count; i++) {
		const struct group *g = &s->groups.item[i];

		if (g->removed == 0)
			continue;
		keyset_text(&s->groups.names, g->entry, &group);
		buf_clear(&name);
		buf_appendf(&name, "%s%s", of_group, buf_string(&group));
		hand(s, name.data, g->removed, g->members, take, arg);
	}
	buf_free(&name);
	buf_free(&group);
}

static void
judge(struct sync *s, const struct guard_count *c, void *arg)
{
	char shown[160];
	const struct limit *confirm = find(&s->o.confirm, c->name);

	if (c->count <= c->limit || c->confirmed)
		return;
	*(bool *)arg = true;
	diag_quote(shown, sizeof shown, c->name, strlen(c->name));
	if (confirm != NULL)
		diag_error("guard: %s: %" PRIu64 ", and the limit is %" PRIu64 "; confirmed were %"
		    PRId64, shown, c->count, c->limit, confirm->number);
	else
		diag_error("guard: %s: %" PRIu64 ", and the limit is %" PRIu64, shown, c->count,
		    c->limit);
}

/* A WANT that has nobody at all looks like one that was read wrongly. */
static bool
is_empty(const struct sync *s)
{
	bool any = false;

	for (int k = 0; k < KINDS; k++) {
		bool scoped = k == MEMBERS && s->o.scope_groups.count > 0;
		uint64_t count = scoped ? s->side[WANT].listed : s->side[WANT].extent[k].count;

		if (!s->permit[k].compared || count > 0 || s->totals.managed[k] == 0 ||
		    s->o.allow_empty)
			continue;
		diag_error("guard: WANT has no %s (--allow-empty)", kind_names[k]);
		any = true;
	}
	return any;
}

bool
guard_trips(struct sync *s)
{
	bool trips = is_empty(s), beyond = false;

	guard_each(s, judge, &beyond);
	if (beyond)
		diag_error("guard: look at the rows, and at WANT; what is right is let pass by --confirm "
		    "CLASS=N, with just that number");
	trips |= beyond;
	if (s->o.max_billable >= 0 && s->totals.billable > (uint64_t)s->o.max_billable) {
		diag_error("guard: billable: %" PRIu64 " users, and --max-billable is %" PRId64,
		    s->totals.billable, s->o.max_billable);
		trips = true;
	}
	if (s->totals.messages > (uint64_t)s->o.allow_messages) {
		diag_error("guard: messages: %" PRIu64 " possible, and --allow-messages is %" PRId64,
		    s->totals.messages, s->o.allow_messages);
		trips = true;
	}
	return trips;
}
