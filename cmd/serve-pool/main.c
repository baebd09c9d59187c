/*
 * serve-pool: serves users, groups and memberships from NDJSON files as an Amazon Cognito user
 * pool with its STS, on the loopback address; or, by an inventory, many pools of several Regions
 * and accounts.
 *
 * In: files of records (cognito-records(5)).  Out: answers over HTTP, as strict as the
 * service's; and, on order, as wrong as a bad day makes them.  It runs until a signal comes,
 * or, with -- CMD, until CMD ends.
 *
 * What a reader cannot see: everything is rendered once at the start, and a page is copied
 * together (wire.c, listing.c); the server remembers neither sessions nor page tokens, both
 * carry what is to be known of them (opaque.c); chance is a function of the seed and the
 * request (chance.c).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/datafile.h"
#include "base/diag.h"
#include "base/files.h"
#include "base/mem.h"
#include "base/prog.h"
#include "base/run.h"
#include "base/sandbox.h"
#include "inventory.h"
#include "load.h"
#include "log.h"
#include "ops.h"
#include "options.h"
#include "publish.h"
#include "state.h"
#include "web.h"

/* Certificates with their chains; a description with its templates of messages. */
enum { PEM_MAX = 1024 * 1024, DESCRIPTION_MAX = 1024 * 1024 };

struct pem {
	struct buf cert, key;
};

static int
read_pem(struct pem *p, const struct options *o)
{
	if (o->tls_cert == NULL)
		return 0;
	if (datafile_read(o->tls_cert, &p->cert) != 0)
		return -1;
	return datafile_read(o->tls_key, &p->key);
}

/*
 * Shuts the door behind all that is open.  What stays is to take connections; and to read again,
 * through the helper, the tokens that are good.
 */
static int
shut_door(const struct options *o)
{
	static const struct sandbox door = { .keep = SANDBOX_SERVE | SANDBOX_THREADS |
		SANDBOX_TERMINAL };

	if (o->web_identity_token_file != NULL)
		files_will_read(o->web_identity_token_file);
	if (o->state != NULL)
		files_will_replace(o->state);
	return files_shut(&door);
}

/* Listens, and stays until it is over. */
static int
serve(struct server *s, const struct options *o, const struct pem *pem)
{
	uint16_t port = o->port_number;
	bool tls = o->tls_cert != NULL;
	struct MHD_Daemon *d = NULL;
	struct run run = { .environment = NULL };
	int status = PROG_FAIL, fd = web_listen(&port);

	if (fd == -1)
		return PROG_FAIL;
	if (o->command != NULL) {
		if (publish_set(s, port, tls) != 0) {
			close(fd);
			return PROG_FAIL;
		}
		if (run_fork(&run, o->command) != 0) {
			close(fd);
			return PROG_CANNOT_EXEC;
		}
	}
	run_prepare(&run);
	if (shut_door(o) == 0)
		d = web_start(s, fd, tls ? buf_string(&pem->cert) : NULL, buf_string(&pem->key));
	if (d == NULL) {
		run_dismiss(&run);
	} else if (o->command != NULL) {
		status = run_command(&run);
	} else if (publish_print(s, port, tls) == 0) {
		run_wait(&run);
		status = PROG_OK;
	}
	server_stop(s);
	if (d == NULL)
		return status;
	web_stop(d);
	for (size_t i = 0; i < s->pools.count; i++)
		imports_finish(s->pools.pool[i]);
	if (o->state != NULL && state_write(s->own, o->state) != 0 && status == PROG_OK)
		status = PROG_FAIL;
	return status;
}

/* The description, JSON over any number of lines. */
static int
read_description(struct pool *p, const char *path)
{
	const char *why = "not a JSON object";
	struct tok_list list;
	struct buf b;
	int result = -1;

	buf_init(&b, DESCRIPTION_MAX);
	tok_init(&list, DESCRIPTION_MAX);
	if (datafile_read(path, &b) == 0) {
		if (tok_parse(&list, buf_string(&b), b.len) == TOK_OK &&
		    list.tok[0].type == TOK_OBJECT)
			why = schema_describe(&p->schema, &list, b.data, 0);
		if (why == NULL)
			result = 0;
		else
			diag_error("%s: %s", path, why);
	}
	tok_free(&list);
	buf_free(&b);
	return result;
}

/* The pool of the command line: its state, where there is one, goes before the files. */
static enum prog_status
load_own(struct server *s, const struct options *o)
{
	char *state[] = { (char *)(uintptr_t)o->state, NULL };
	struct pool *p = s->own;
	enum prog_status status;

	status = load_files(p, o->state != NULL && access(o->state, F_OK) == 0 ? state : o->files);
	if (status != PROG_OK)
		return status;
	/* The option's description goes before a file's. */
	if (o->description != NULL && read_description(p, o->description) != 0)
		return PROG_FAIL;
	/* To look at everybody's attributes takes its time. */
	if (ops_need_schema(s->allowed))
		schema_add_seen(&p->schema, &p->store.users);
	return PROG_OK;
}

static enum prog_status
load(struct server *s, const struct options *o)
{
	enum prog_status status = PROG_OK;

	if (s->own != NULL)
		status = load_own(s, o);
	if (status == PROG_OK && o->inventory != NULL)
		status = inventory_read(s, o->inventory);
	if (status != PROG_OK)
		return status;
	for (size_t i = 0; i < s->pools.count; i++)
		pool_finish(s->pools.pool[i]);
	pool_lists_make(&s->pool_lists, &s->pools);
	/* That it cannot be written had better be known before the work than after it. */
	if (o->state != NULL && state_begin(s->own, o->state) != 0)
		return PROG_FAIL;
	return PROG_OK;
}

/* Reads what there is to serve, and serves it. */
static int
load_and_serve(struct server *s, const struct options *o)
{
	struct pem pem;
	int status = PROG_FAIL;

	buf_init(&pem.cert, PEM_MAX);
	buf_init(&pem.key, PEM_MAX);
	s->log_fd = -1;
	if (read_pem(&pem, o) != 0 || (o->log != NULL && (s->log_fd = log_open(o->log)) == -1))
		goto out;
	status = (int)load(s, o);
	if (status == PROG_OK)
		status = serve(s, o, &pem);
out:
	if (s->log_fd != -1)
		close(s->log_fd);
	buf_free(&pem.cert);
	buf_wipe(&pem.key);
	return status;
}

int
main(int argc, char **argv)
{
	struct options o = {0};
	struct server *s;
	int status;

	prog_start(argv[0]);
	options_parse(argc, argv, &o);
	diag_set_verbosity(o.verbosity);
	s = mem_alloc(sizeof *s);
	options_apply(&o, s);
	status = server_init(s) == 0 ? load_and_serve(s, &o) : PROG_FAIL;
	server_free(s);
	mem_wipe_free((char *)(uintptr_t)s->access_key);
	mem_wipe_free((char *)(uintptr_t)s->secret_key);
	free(s);
	return status;
}
