/*
 * assume-role: STS AssumeRole; the role's credentials go to a command, or to standard output for
 * other programs.
 *
 * The command runs beside this program, which serves it credentials on loopback and renews them
 * for as long as it runs; it has no key in its environment.  With --static it has plain keys, which
 * are not renewed, and runs in this program's place.  The caller's own keys reach neither.  No
 * secret is ever an argument, and none is printed where others can read it (a terminal, a file
 * that group or others may read) unless that is asked for.
 *
 * The role is assumed before anything else happens, so that a refusal is our failure and not the
 * command's.
 *
 * Manual page: assume-role(1).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "base/clock.h"
#include "base/diag.h"
#include "base/run.h"
#include "base/sandbox.h"
#include "net/netdoor.h"

#include "descriptors.h"
#include "environment.h"
#include "print.h"
#include "request.h"
#include "serve.h"
#include "session.h"

extern char **environ;

/*
 * Becomes the command; returns only if that fails.  The door stays open: it could not be opened
 * again for the command.
 */
static int
become(const struct request *r, struct keeper *keeper)
{
	enum prog_status status = session_start(keeper);
	char expiration[CLOCK_RFC3339_SIZE], **environment;
	int reason;

	if (status != PROG_OK)
		return status;
	clock_rfc3339(session_end_ms(keeper), expiration);
	status = environment_with_keys(&environment, &r->net, &keeper->cred, expiration);
	keeper_free(keeper);
	if (status != PROG_OK)
		return status;
	prog_child();
	environ = environment;
	execvp(r->command[0], r->command);
	reason = errno;
	diag_error("%s: cannot run: %s", r->command[0], strerror(reason));
	return reason == ENOENT ? PROG_NOT_FOUND : PROG_CANNOT_EXEC;
}

static int
print(const struct request *r, struct keeper *keeper, const char *region)
{
	enum prog_status status = netdoor_shut(0) == 0 ? session_start(keeper) : PROG_FAIL;
	char expiration[CLOCK_RFC3339_SIZE];

	if (status != PROG_OK)
		return status;
	clock_rfc3339(session_end_ms(keeper), expiration);
	return print_credentials(r->format, &keeper->cred, expiration, region);
}

/* Serves the command, which has been forked, until it ends; returns its status. */
static int
attend(struct run *run, struct keeper *keeper, struct serve *serve)
{
	struct renewal *renewal;
	int status = PROG_FAIL;

	run_prepare(run);
	renewal = renewal_start(keeper);
	if (renewal == NULL) {
		serve_stop(serve);
		return PROG_FAIL;
	}
	if (serve_start(serve, renewal) == 0)
		status = run_command(run);
	/* Nobody wants the answer any more, and it may be long in coming. */
	if (!renewal_stop(renewal))
		exit(status);
	serve_stop(serve);
	renewal_free(renewal);
	return status;
}

/*
 * Runs the command beside the endpoint, and returns its status.  It is forked first of all, so that
 * our door is not its own, and begins when the role is assumed.
 */
static int
run_beside(const struct request *r, struct keeper *keeper, struct descriptors *before)
{
	struct run run = { .environment = NULL };
	struct serve *serve = serve_open();
	int status;

	if (serve == NULL)
		return PROG_FAIL;
	status = (int)environment_with_endpoint(&run.environment, &r->net, serve_uri(serve),
	    serve_token(serve));
	descriptors_hide_others(before);
	if (status == PROG_OK && run_fork(&run, r->command) != 0)
		status = PROG_CANNOT_EXEC;
	if (status == PROG_OK && netdoor_shut(SANDBOX_SERVE) != 0)
		status = PROG_FAIL;
	if (status == PROG_OK)
		status = (int)session_start(keeper);
	if (status == PROG_OK)
		status = attend(&run, keeper, serve);
	else
		serve_stop(serve);
	run_dismiss(&run);
	free(run.environment);
	return status;
}

static int
hand_over(const struct request *r, struct keeper *keeper, const char *region,
    struct descriptors *before)
{
	if (r->command == NULL)
		return print(r, keeper, region);
	if (r->fixed)
		return become(r, keeper);
	return run_beside(r, keeper, before);
}

int
main(int argc, char **argv)
{
	struct descriptors before;
	struct keeper keeper;
	struct request r;
	char *region;
	int status;

	prog_start(argv[0]);
	/*
	 * When the command ends, a thread may be in the middle of asking STS, and libcrypto's exit
	 * handler would take away what it works with.
	 */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
	request_parse(&r, argc, argv);
	descriptors_note(&before);
	status = session_open(&keeper, &r, &region);
	if (status == PROG_OK)
		status = hand_over(&r, &keeper, region, &before);
	keeper_free(&keeper);
	descriptors_free(&before);
	free(region);
	request_free(&r);
	return status;
}
