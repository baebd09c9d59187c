/*
 * get-csv-header: the columns of the CSV file that a user pool's import job takes (GetCSVHeader),
 * as one JSON object, {"UserPoolId":"…","CSVHeader":["name",…]}, which emit-csv --header-from
 * reads.  It is no stream of records, and never sealed.
 *
 * Manual page: get-csv-header(1).
 */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/opt.h"
#include "base/out.h"
#include "base/prog.h"
#include "json/jtext.h"
#include "json/tok.h"
#include "net/netopt.h"
#include "net/pool.h"

static const char usage[] =
    "get-csv-header [-v] [-o file] [--if-changed] " NETOPT_USAGE " [--user-pool-id id]";

enum {
	ANSWER_MAX = 1024 * 1024,	/* 120 columns of 60 characters are a hundredth of it */
	TOKENS_MAX = 64 * 1024
};

/* Whether the value at index is a list of texts, none empty, and at least one. */
static bool
is_header(const struct tok *tok, uint32_t index)
{
	if (index == 0 || tok[index].type != TOK_ARRAY || tok[index].next == index + 1)
		return false;
	for (uint32_t i = index + 1; i < tok[index].next; i = tok[i].next)
		if (tok[i].type != TOK_STRING || tok[i].start == tok[i].end ||
		    (tok[i].flags & (TOK_LONE | TOK_NUL)) != 0)
			return false;
	return true;
}

/* The answer as one line.  Returns 0, or -1 if it is none. */
static int
append_header(struct buf *line, const char *pool, const char *text, size_t len)
{
	struct tok_list list;
	uint32_t header = 0;
	int result = -1;

	tok_init(&list, TOKENS_MAX);
	if (tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT)
		header = tok_member(&list, text, 0, "CSVHeader");
	if (header != 0 && is_header(list.tok, header)) {
		(void)buf_appendf(line, "{\"UserPoolId\":\"%s\",\"CSVHeader\":", pool);
		result = jtext_value(line, &list, text, header);
		(void)buf_append_string(line, "}\n");
	}
	tok_free(&list);
	return result;
}

/* Asks.  Returns PROG_OK with the line, or a status with the reason printed. */
static enum prog_status
ask(struct aws_client *client, const char *pool, struct buf *line)
{
	const struct aws_result *r;
	enum prog_status status;
	struct buf body;

	buf_init(&body, POOL_REQUEST_MAX);
	(void)pool_request(&body, pool, NULL, NULL, false);
	r = aws_call(client, "GetCSVHeader", body.data, body.len);
	status = aws_status(r->outcome);
	if (status != PROG_OK) {
		diag_error("GetCSVHeader: %s", r->message);
	} else if (append_header(line, pool, r->body, r->body_len) != 0) {
		diag_error("GetCSVHeader: the answer has no list of columns");
		status = PROG_FAIL;
	}
	buf_free(&body);
	return status;
}

int
main(int argc, char **argv)
{
	const char *pool = NULL, *output = NULL;
	struct net_options net = { 0 };
	bool if_changed = false;
	int verbose = 0;
	const struct opt_spec own[] = {
		{ "verbose", 'v', OPT_COUNT, &verbose },
		{ "output", 'o', OPT_VALUE, &output },
		{ "if-changed", 0, OPT_FLAG, &if_changed },
		{ "user-pool-id", 0, OPT_VALUE, &pool },
		{ NULL, 0, OPT_FLAG, NULL }
	};
	const struct opt_spec *const tables[] = { own, netopt_table(&net), NULL };
	struct aws_client *client;
	enum prog_status status;
	struct buf line;
	struct out out;

	prog_start(argv[0]);
	if (opt_parse(argc, argv, tables, usage, false) < argc)
		opt_usage_error("no operands are taken");
	if (if_changed && output == NULL)
		opt_usage_error("--if-changed: needs --output");
	diag_set_verbosity(verbose);
	pool = netopt_pool(pool);
	status = netopt_connect(&net, AWS_COGNITO_IDP, pool, &client);
	if (status != PROG_OK)
		return status;
	if (out_open(&out, output, if_changed) != 0) {
		aws_free(client);
		return PROG_FAIL;
	}
	buf_init(&line, ANSWER_MAX);
	status = netopt_start(client);
	if (status == PROG_OK)
		status = ask(client, pool, &line);
	if (status == PROG_OK) {
		(void)out_write(&out, line.data, line.len);
		status = out_commit(&out) == 0 ? PROG_OK : PROG_FAIL;
	} else {
		out_abandon(&out);
	}
	buf_free(&line);
	aws_free(client);
	return status;
}
