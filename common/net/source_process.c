/* credential_process (source.h). */
#include "net/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/exec.h"
#include "base/mem.h"
#include "json/tok.h"

enum {
	OUTPUT_MAX = EXEC_HELPER_MAX,	/* twice the longest session token that we take */
	TOKENS_MAX = 10000,
	LIMIT_MS = 5 * 60 * 1000	/* a person logs in with a browser meanwhile */
};

/* The profiles whose processes we run in, one a line. */
static const char nesting[] = "COGNITO_CREDENTIAL_PROCESS";

struct process {
	struct source source;
	char **argv;
	char *profiles;		/* the variable's value for the process */
	int ticket;		/* of exec_announce */
};

/*
 * Whether the output is an object, but not one with "Version": 1, whose other members may mean
 * anything.
 */
static bool
is_other_version(const char *text, size_t len)
{
	struct tok_list list;
	bool other = false;

	tok_init(&list, TOKENS_MAX);
	if (tok_parse(&list, text, len) == TOK_OK && list.tok[0].type == TOK_OBJECT) {
		uint32_t i = tok_member(&list, text, 0, "Version");
		const struct tok *t = &list.tok[i];

		other = i == 0 || t->type != TOK_NUMBER || t->end - t->start != 1 ||
		    text[t->start] != '1';
	}
	tok_free(&list);
	return other;
}

/* Returns 0; or -1 with reason set. */
static int
read_output(struct cred *cred, const struct buf *out, char reason[CRED_WHY_SIZE])
{
	if (is_other_version(out->data, out->len)) {
		snprintf(reason, CRED_WHY_SIZE, "the answer's Version is not the number 1");
		return -1;
	}
	return cred_parse(cred, out->data, out->len, "SessionToken", clock_wall_ms(), reason);
}

static enum prog_status
get(struct source *s, bool patient, struct cred *cred, char why[CRED_WHY_SIZE])
{
	static const enum prog_status statuses[] = {
		[EXEC_OK] = PROG_OK, [EXEC_NOT_RUN] = PROG_USAGE,
		[EXEC_TEMPORARY] = PROG_TEMPORARY, [EXEC_FAILED] = PROG_FAIL
	};
	struct process *p = (struct process *)s;
	char ending[EXEC_WHY_SIZE], reason[CRED_WHY_SIZE];
	enum prog_status status;
	struct buf out;

	/* What it asks of whom is its own affair: it knows nothing of our patience. */
	(void)patient;
	buf_init(&out, OUTPUT_MAX);
	status = statuses[exec_announced(p->ticket, &out, ending)];
	if (status != PROG_OK) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s: %s", s->name, p->argv[0], ending);
	} else if (read_output(cred, &out, reason) != 0) {
		snprintf(why, CRED_WHY_SIZE, "%s: %s: %.300s", s->name, p->argv[0],
		    reason);
		status = PROG_FAIL;
	} else {
		s->renewable = cred->expires_ms != 0;
	}
	buf_wipe(&out);
	return status;
}

static void
release(struct source *s)
{
	struct process *p = (struct process *)s;

	exec_withdraw(p->ticket);
	for (char **arg = p->argv; *arg != NULL; arg++)
		mem_wipe_free(*arg);
	free(p->argv);
	free(p->profiles);
}

struct source *
source_process(const char *name, const char *profile, char **argv)
{
	struct process *p = mem_alloc(sizeof *p);
	const char *outer = getenv(nesting);
	size_t size = strlen(profile) + 1;

	p->source = (struct source){ .name = mem_dup_string(name), .get = get,
		.release = release };
	p->argv = argv;
	if (outer == NULL || outer[0] == '\0') {
		p->profiles = mem_dup_string(profile);
	} else {
		size += strlen(outer) + 1;
		p->profiles = mem_alloc(size);
		snprintf(p->profiles, size, "%s\n%s", outer, profile);
	}
	p->ticket = exec_announce(&(struct exec){ .argv = p->argv, .name = nesting,
	    .value = p->profiles, .limit_ms = LIMIT_MS });
	return &p->source;
}
