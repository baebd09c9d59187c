/* The command line (options.h). */
#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/mem.h"
#include "base/place.h"
#include "json/utf8.h"

#include "guard.h"
#include "have_ledger.h"

static const char usage[] =
    "plan-sync [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--key name] [--fold-case yes|no] [--ledger file] [--state file] [--left file] [--adopt] "
    "[--delete] [--delete-groups] [--scope-groups name] [--disable-leavers] [--held file] "
    "[--protect file] [--attributes list] [--ignore-attributes list] [--login list] "
    "[--dialect name] [--max class=n|p%] [--confirm class=n] [--max-billable n] [--allow-messages n] "
    "[--allow-empty] [--same-source source] [--share percent] "
    "[--no-disable] [--target source] [--with-role-arn] [--with-group name] "
    "[--idp-groups] [--want file] [--have file | --have-ledger] [want [have]]";

/* What stays text until all of it is there. */
struct texts {
	const char *key, *fold, *attributes, *ignored, *logins, *max_billable, *messages, *share;
	const char *dialect;
	struct opt_list max, confirm;
};

static void
take_names(struct names *n, const char *option, const char *list)
{
	while (list != NULL) {
		size_t len = strcspn(list, ",");

		if (len == 0 || utf8_valid(list, len) != len)
			opt_value_error("--%s: an empty name, or not UTF-8", option);
		n->item = mem_resize(n->item, n->count + 1, sizeof *n->item);
		n->item[n->count++] = mem_dup(list, len);
		list = list[len] == ',' ? list + len + 1 : NULL;
	}
}

static void
add_file(struct opt_list *l, const char *file)
{
	const char **items = mem_resize(NULL, l->count + 1, sizeof *items);

	if (l->count > 0)
		memcpy(items, l->items, l->count * sizeof *items);
	items[l->count++] = file;
	l->items = items;
}

static void
keep_input(const struct options *o, const char *path)
{
	sink_keep_input(&o->sink, path);
	place_keep_input(o->state, path);
	place_keep_input(o->left, path);
}

/* A ledger that a report took the place of would be lost, and with it whose everything is. */
static void
check_inputs(const struct options *o)
{
	const struct opt_list *const lists[] = {
		&o->files[WANT], &o->files[HAVE], &o->held, &o->protect
	};

	if (o->ledger != NULL)
		keep_input(o, o->ledger);
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
		for (size_t i = 0; i < lists[l]->count; i++)
			keep_input(o, lists[l]->items[i]);
	if (o->state != NULL && o->left != NULL && place_is_same(o->state, o->left))
		opt_usage_error("--left: goes where --state goes");
}

/* Standard input has one end. */
static void
check_files(const struct options *o)
{
	const struct opt_list *const lists[] = {
		&o->files[WANT], &o->files[HAVE], &o->held, &o->protect
	};
	size_t standard = 0;

	if (o->files[WANT].count == 0 || (o->files[HAVE].count == 0 && !o->have_ledger))
		opt_usage_error("both sides are needed: WANT and HAVE");
	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++)
		for (size_t i = 0; i < lists[l]->count; i++)
			standard += strcmp(lists[l]->items[i], "-") == 0;
	if (standard > 1)
		opt_usage_error("standard input is named more than once");
	if (o->state != NULL && sink_goes_to(&o->sink, o->state))
		opt_usage_error("--state: goes where the output, rejects or stats go");
	if (o->left != NULL && sink_goes_to(&o->sink, o->left))
		opt_usage_error("--left: goes where the output, rejects or stats go");
	if (o->ledger != NULL && strcmp(o->ledger, "-") == 0)
		opt_usage_error("--ledger: not from standard input");
	if (o->state != NULL && strcmp(o->state, "-") == 0)
		opt_usage_error("--state: not from standard input");
	if (o->left != NULL && strcmp(o->left, "-") == 0)
		opt_usage_error("--left: not to standard output");
}

static void
take_texts(struct options *o, const struct texts *t)
{
	o->key.name = t->key != NULL ? t->key : "Username";
	if (o->key.name[0] == '\0' || strcmp(o->key.name, "Attributes") == 0 ||
	    strcmp(o->key.name, "Groups") == 0 || strcmp(o->key.name, "GroupName") == 0)
		opt_value_error("--key: no name of a key");
	o->key.fold = t->fold == NULL || strcmp(t->fold, "yes") == 0;
	if (!o->key.fold && strcmp(t->fold, "no") != 0)
		opt_value_error("--fold-case: must be yes or no");
	o->all_attributes = t->attributes == NULL;
	take_names(&o->attributes, "attributes", t->attributes);
	take_names(&o->ignored, "ignore-attributes", t->ignored);
	take_names(&o->logins, "login", t->logins != NULL ? t->logins : "preferred_username");
	o->max_billable = opt_number("max-billable", t->max_billable, 0, INT32_MAX, -1);
	o->allow_messages = opt_number("allow-messages", t->messages, 0, INT32_MAX, 0);
	o->share = (int)opt_number("share", t->share, 1, 100, 50);
	if (t->dialect != NULL && strcmp(t->dialect, "scim") != 0 &&
	    strcmp(t->dialect, "oci") != 0 && strcmp(t->dialect, "aws") != 0)
		opt_value_error("--dialect: must be scim, oci or aws");
	o->rules.verified = t->dialect != NULL && strcmp(t->dialect, "oci") == 0;
	o->rules.kept = true;
	o->rules.single = t->dialect != NULL && strcmp(t->dialect, "aws") == 0;
	for (size_t i = 0; i < t->max.count; i++)
		guard_add(&o->max, "max", t->max.items[i], true);
	for (size_t i = 0; i < t->confirm.count; i++)
		guard_add(&o->confirm, "confirm", t->confirm.items[i], false);
}

void
options_parse(int argc, char **argv, struct options *o)
{
	struct texts t = { .key = NULL };
	const struct opt_spec own[] = {
		{ "adopt", 0, OPT_FLAG, &o->adopt },
		{ "allow-empty", 0, OPT_FLAG, &o->allow_empty },
		{ "allow-messages", 0, OPT_VALUE, &t.messages },
		{ "attributes", 0, OPT_VALUE, &t.attributes },
		{ "confirm", 0, OPT_LIST, &t.confirm },
		{ "delete", 0, OPT_FLAG, &o->delete_users },
		{ "delete-groups", 0, OPT_FLAG, &o->delete_groups },
		{ "dialect", 0, OPT_VALUE, &t.dialect },
		{ "disable-leavers", 0, OPT_FLAG, &o->disable_leavers },
		{ "fold-case", 0, OPT_VALUE, &t.fold },
		{ "have", 0, OPT_LIST, &o->files[HAVE] },
		{ "have-ledger", 0, OPT_FLAG, &o->have_ledger },
		{ "held", 0, OPT_LIST, &o->held },
		{ "idp-groups", 0, OPT_FLAG, &o->idp_groups },
		{ "ignore-attributes", 0, OPT_VALUE, &t.ignored },
		{ "key", 0, OPT_VALUE, &t.key },
		{ "ledger", 0, OPT_VALUE, &o->ledger },
		{ "left", 0, OPT_VALUE, &o->left },
		{ "login", 0, OPT_VALUE, &t.logins },
		{ "max", 0, OPT_LIST, &t.max },
		{ "max-billable", 0, OPT_VALUE, &t.max_billable },
		{ "no-disable", 0, OPT_FLAG, &o->no_disable },
		{ "protect", 0, OPT_LIST, &o->protect },
		{ "same-source", 0, OPT_LIST, &o->same_sources },
		{ "scope-groups", 0, OPT_LIST, &o->scope_groups },
		{ "share", 0, OPT_VALUE, &t.share },
		{ "state", 0, OPT_VALUE, &o->state },
		{ "target", 0, OPT_VALUE, &o->target },
		{ "want", 0, OPT_LIST, &o->files[WANT] },
		{ "with-group", 0, OPT_LIST, &o->with_groups },
		{ "with-role-arn", 0, OPT_FLAG, &o->role_arn },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, sink_option_table(&o->sink), NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	if (argc - operand != 0 && argc - operand != (o->have_ledger ? 1 : SIDES))
		opt_usage_error(o->have_ledger ? "one operand at most: WANT" :
		    "two operands are needed, WANT and HAVE, or none");
	for (int side = 0; operand + side < argc; side++)
		add_file(&o->files[side], argv[operand + side]);
	check_files(o);
	check_inputs(o);
	take_texts(o, &t);
	if (o->have_ledger)
		have_ledger_check(o);
	else if (o->no_disable)
		opt_usage_error("--no-disable: goes with --have-ledger");
}

void
options_free(struct options *o)
{
	struct names *const lists[] = { &o->attributes, &o->ignored, &o->logins };
	struct limits *const limits[] = { &o->max, &o->confirm };

	for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
		for (size_t i = 0; i < lists[l]->count; i++)
			free(lists[l]->item[i]);
		free(lists[l]->item);
	}
	for (size_t l = 0; l < sizeof limits / sizeof *limits; l++) {
		for (size_t i = 0; i < limits[l]->count; i++)
			free(limits[l]->item[i].name);
		free(limits[l]->item);
	}
}
