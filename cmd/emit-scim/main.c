/*
 * emit-scim: users, groups and memberships become SCIM 2.0 resources, one a line, or BulkRequests.
 *
 * A mapping (scim.jq, or one's own) makes a resource of each user and group; the schema check then
 * looks at every one that goes out, whoever made it.  Memberships become the members of Group
 * resources, or PATCH operations.  Nothing refers to what comes later, so the order of the input is
 * demanded: users, groups, memberships; and nothing is kept of a user but what references need.
 *
 * Manual page: emit-scim(1).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/files.h"
#include "base/opt.h"
#include "base/prog.h"

#include "emit.h"
#include "schema_table.h"

static const char usage[] =
    "emit-scim [-v] [-o file] [--if-changed] [--reject file] [--seal] [--stats file] "
    "[--dialect name] [--mapping name | --mapped] [--arg name=value] [--extension urn] "
    "[--for-push] [--ids file] [--members-max n] " HOLD_USAGE " "
    "[--bulk [--max-operations n] [--max-bytes n] [--fail-on-errors n] [--split]] [file ...]";

enum {
	/* IAM Identity Center's limit, and what other servers are known to take. */
	MEMBERS_DEFAULT = 100, AWS_MEMBERS_MAX = 100, MEMBERS_MAX = 10000,
	/* Entra's limit; Oracle announces its own, and tells people to stay near this. */
	OPERATIONS_DEFAULT = 50, ENTRA_OPERATIONS_MAX = 50, OPERATIONS_MAX = 100000,
	/* A request is a line that other filters must be able to read. */
	BYTES_DEFAULT = 1000000, BYTES_MIN = 1000, BYTES_MAX = RECORD_LINE_MAX,
	ERRORS_MAX = 1000000
};

struct options {
	struct sink_options sink;
	struct jqprog_options program;
	const char *dialect, *extension, *ids, *members_max, *hold_back;
	const char *max_operations, *max_bytes, *fail_on_errors;
	bool mapped, for_push, bulk, split;
};

static enum dialect
parse_dialect(const char *text)
{
	static const char *const names[] = { "scim", "oci", "aws", "entra" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strcmp(text, names[i]) == 0)
			return (enum dialect)i;
	}
	opt_value_error("--dialect: must be scim, oci, aws or entra");
}

/* The URN becomes a key of JSON, and must not be one that means something already. */
static void
check_extension(const char *urn)
{
	static const char good[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	    "0123456789:._-";
	bool taken = strcmp(urn, SCHEMA_USER) == 0 || strcmp(urn, SCHEMA_GROUP) == 0;

	if (strncmp(urn, "urn:", 4) != 0 || strlen(urn) < 8 || strspn(urn, good) != strlen(urn))
		opt_value_error("--extension: must be a URN such as "
		    "urn:example:params:scim:schemas:extension:User");
	for (const struct schema *s = schema_extensions; s->urn != NULL; s++)
		taken |= strcmp(urn, s->urn) == 0;
	if (taken)
		opt_value_error("--extension: has attributes of its own, which are no custom ones");
}

/* What cannot be meant together. */
static void
check_options(const struct options *o, enum dialect dialect)
{
	if (o->mapped && (o->program.mapping != NULL || o->program.args.count > 0 ||
	    o->extension != NULL || o->hold_back != NULL))
		opt_usage_error("--mapped: nothing is mapped, so --mapping, --arg, --extension and "
		    "--hold-back have no use");
	if (!o->bulk && (o->max_operations != NULL || o->max_bytes != NULL ||
	    o->fail_on_errors != NULL || o->split))
		opt_usage_error("--max-operations, --max-bytes, --fail-on-errors and --split "
		    "belong to --bulk");
	if (o->bulk && o->for_push)
		opt_usage_error("--for-push: push-scim makes its own requests, so not with --bulk");
	if (o->bulk && dialect == DIALECT_AWS)
		opt_value_error("--bulk: IAM Identity Center has no Bulk");
	if (!o->bulk && dialect == DIALECT_ENTRA)
		opt_value_error("--dialect: entra has nothing but bulkUpload, so --bulk is needed");
	if (o->ids != NULL && dialect == DIALECT_ENTRA)
		opt_usage_error("--ids: every operation is a POST in dialect entra");
	if (o->extension != NULL)
		check_extension(o->extension);
}

static char **
parse_options(int argc, char **argv, struct options *o)
{
	const struct opt_spec own[] = {
		{ "arg", 0, OPT_LIST, &o->program.args },
		{ "bulk", 0, OPT_FLAG, &o->bulk },
		{ "dialect", 0, OPT_VALUE, &o->dialect },
		{ "extension", 0, OPT_VALUE, &o->extension },
		{ "fail-on-errors", 0, OPT_VALUE, &o->fail_on_errors },
		{ "for-push", 0, OPT_FLAG, &o->for_push },
		{ "hold-back", 0, OPT_VALUE, &o->hold_back },
		{ "ids", 0, OPT_VALUE, &o->ids },
		{ "mapped", 0, OPT_FLAG, &o->mapped },
		{ "mapping", 'm', OPT_VALUE, &o->program.mapping },
		{ "max-bytes", 0, OPT_VALUE, &o->max_bytes },
		{ "max-operations", 0, OPT_VALUE, &o->max_operations },
		{ "members-max", 0, OPT_VALUE, &o->members_max },
		{ "split", 0, OPT_FLAG, &o->split },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { sink_option_table(&o->sink), own, NULL };
	int operand = opt_parse(argc, argv, tables, usage, false);

	sink_options_finish(&o->sink);
	if (o->program.mapping != NULL && strchr(o->program.mapping, '/') != NULL)
		sink_keep_input(&o->sink, o->program.mapping);
	return argv + operand;
}

static void
set_limits(struct emitter *e, const struct options *o)
{
	e->members.max = (size_t)opt_number("members-max", o->members_max, 1,
	    e->dialect == DIALECT_AWS ? AWS_MEMBERS_MAX : MEMBERS_MAX, MEMBERS_DEFAULT);
	e->bulk.max_operations = (size_t)opt_number("max-operations", o->max_operations, 1,
	    e->dialect == DIALECT_ENTRA ? ENTRA_OPERATIONS_MAX : OPERATIONS_MAX,
	    OPERATIONS_DEFAULT);
	e->bulk.max_bytes = (size_t)opt_number("max-bytes", o->max_bytes, BYTES_MIN, BYTES_MAX,
	    BYTES_DEFAULT);
	e->bulk.fail_on_errors = opt_number("fail-on-errors", o->fail_on_errors, 1, ERRORS_MAX, 0);
	e->bulk.split = o->split;
}

/* The mapping with the variables that our options stand for.  NULL with the reason printed. */
static struct jqprog *
compile(const struct options *o)
{
	struct jqprog_options program = o->program;
	const char *items[2];
	struct buf dialect, extension;
	struct jqprog *p;

	buf_init(&dialect, 64);
	buf_init(&extension, JQPROG_TEXT_MAX);
	buf_appendf(&dialect, "dialect=%s", o->dialect != NULL ? o->dialect : "scim");
	buf_appendf(&extension, "extension=%s", o->extension != NULL ? o->extension : "");
	items[0] = buf_string(&dialect);
	items[1] = buf_string(&extension);
	program.own = (struct opt_list){ .items = items, .count = o->extension != NULL ? 2 : 1 };
	if (program.mapping == NULL)
		program.mapping = "scim";
	p = jqprog_new(&program);
	buf_free(&dialect);
	buf_free(&extension);
	return p;
}

/* The attributes that the mapping takes along by --arg enterprise=. */
static const char *
find_taken(const struct options *o)
{
	static const char name[] = "enterprise=";

	for (size_t i = 0; i < o->program.args.count; i++) {
		if (strncmp(o->program.args.items[i], name, sizeof name - 1) == 0)
			return o->program.args.items[i] + sizeof name - 1;
	}
	return NULL;
}

/* The file of --ids comes from elsewhere too: it is read behind the door. */
static enum prog_status
read_ids(struct emitter *e, const struct options *o, char **files)
{
	sink_keep_input(&o->sink, o->ids);
	files_will_read(o->ids);
	for (; *files != NULL; files++)
		files_will_read(*files);
	return files_shut(NULL) != 0 ? PROG_FAIL : ids_read(&e->ids, o->ids, o->sink.seal);
}

static enum prog_status
run(struct emitter *e, const struct options *o, char **files)
{
	struct sink sink;
	enum prog_status status = PROG_OK;
	const char *why = NULL;
	char stats[160];

	if ((o->split ? sink_open_parts(&sink, &o->sink, false) :
	    sink_open(&sink, &o->sink, true)) != 0)
		return PROG_FAIL;
	e->filter = (struct filter){
		.opts = &o->sink, .files = files, .sink = &sink,
		.shut = true, .row = emit_record, .end = emit_end, .arg = e
	};
	e->sink = e->members.sink = e->bulk.sink = &sink;
	e->members.bulk = e->bulky ? &e->bulk : NULL;
	emit_init(e);
	if (o->ids != NULL)
		status = read_ids(e, o, files);
	if (status == PROG_OK)
		status = filter_run(&e->filter, &why);
	else
		why = "the file of --ids";
	snprintf(stats, sizeof stats, ",\"Users\":%" PRIu64 ",\"Groups\":%" PRIu64 ",\"Members\":%"
	    PRIu64 ",\"Operations\":%" PRIu64 ",\"LeftOut\":%" PRIu64, e->users, e->groups,
	    e->members.added, e->bulk.operations, e->left_out);
	status = sink_close(&sink, status, why, stats);
	emit_free(e);
	return status;
}

int
main(int argc, char **argv)
{
	static struct emitter e;
	struct options o = { .dialect = NULL };
	enum prog_status status;
	char **files;

	prog_start(argv[0]);
	files = parse_options(argc, argv, &o);
	e.dialect = o.dialect != NULL ? parse_dialect(o.dialect) : DIALECT_SCIM;
	check_options(&o, e.dialect);
	set_limits(&e, &o);
	hold_options(&e.hold, o.hold_back, &o.sink);
	e.mapped = o.mapped;
	e.for_push = o.for_push;
	e.bulky = o.bulk;
	e.taken = find_taken(&o);
	e.tell_custom = o.sink.verbose > 0 && !o.mapped && o.program.mapping == NULL &&
	    o.extension == NULL;
	if (!e.mapped && (e.program = compile(&o)) == NULL)
		return PROG_USAGE;
	ids_init(&e.ids);
	status = run(&e, &o, files);
	ids_free(&e.ids);
	jqprog_free(e.program);
	return status;
}
