#include "json/plan_options.h"

#include <string.h>

#include "base/buf.h"
#include "base/place.h"
#include "json/plan.h"
#include "json/plan_intake.h"

/* What a word of --only stands for; "password" besides for the passwords of who is created. */
static const struct {
	const char *word;
	unsigned operations;
} words[] = {
	{ "create", 1u << PLAN_CREATE_USER },
	{ "update", 1u << PLAN_UPDATE_USER },
	{ "delete", 1u << PLAN_DELETE_USER },
	{ "password", 1u << PLAN_SET_PASSWORD },
	{ "enable", 1u << PLAN_ENABLE_USER },
	{ "disable", 1u << PLAN_DISABLE_USER },
	{ "link", 1u << PLAN_LINK_PROVIDER },
	{ "members", 1u << PLAN_ADD_MEMBER | 1u << PLAN_REMOVE_MEMBER },
	{ "groups", 1u << PLAN_CREATE_GROUP | 1u << PLAN_UPDATE_GROUP | 1u << PLAN_DELETE_GROUP }
};

enum { WORDS = sizeof words / sizeof *words };

const struct opt_spec *
plan_option_table(struct plan_options *o)
{
	static struct opt_spec table[] = {
		{ "ledger", 0, OPT_VALUE, NULL },
		{ "failed", 0, OPT_VALUE, NULL },
		{ "only", 0, OPT_VALUE, NULL },
		{ "max-age", 0, OPT_VALUE, NULL },
		{ "dry-run", 0, OPT_FLAG, NULL },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	void *const places[] = { &o->ledger, &o->failed, &o->only, &o->max_age, &o->dry_run };

	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		table[i].dest = places[i];
	return table;
}

void
plan_options_keep(const struct plan_options *o, const struct sink_options *sink,
    const char *path)
{
	if (path == NULL)
		return;
	sink_keep_input(sink, path);
	place_keep_input(o->failed, path);
}

void
plan_options_finish(const struct plan_options *o, const struct sink_options *sink, char **files)
{
	if (files[0] != NULL && files[1] != NULL)
		opt_usage_error("one plan at a time");
	if (o->ledger == NULL && !o->dry_run)
		opt_usage_error("--ledger FILE: what is made must be known to be ours afterwards");
	if (o->failed != NULL && (o->dry_run || sink_goes_to(sink, o->failed)))
		opt_usage_error(o->dry_run ? "--failed: not with --dry-run" :
		    "--failed: a file of its own");
	plan_options_keep(o, sink, o->ledger);
	plan_options_keep(o, sink, files[0] != NULL ? files[0] : "-");
}

_Noreturn static void
refuse_word(const char *text, size_t len, unsigned without)
{
	struct buf b;

	buf_init(&b, SIZE_MAX);
	for (size_t i = 0; i < WORDS; i++)
		if ((words[i].operations & without) == 0)
			(void)buf_appendf(&b, "%s%s", b.len > 0 ? ", " : "", words[i].word);
	opt_value_error("--only: \"%.*s\": not one of %s", (int)len, text, buf_string(&b));
}

unsigned
plan_options_only(const struct plan_options *o, unsigned without)
{
	const char *list = o->only;
	unsigned only = 0;

	if (list == NULL)
		return (1u << PLAN_OPS) - 1;
	while (list != NULL) {
		size_t len = strcspn(list, ","), i = 0;

		while (i < WORDS && ((words[i].operations & without) != 0 ||
		    strlen(words[i].word) != len || strncmp(words[i].word, list, len) != 0))
			i++;
		if (i < WORDS)
			only |= words[i].operations;
		else
			refuse_word(list, len, without);
		list = list[len] == ',' ? list + len + 1 : NULL;
	}
	return only;
}

int64_t
plan_options_max_age(const struct plan_options *o)
{
	return plan_intake_age(o->max_age != NULL ? o->max_age : "24h");
}
