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
#include "descriptors.h"
#include "environment.h"
#include "print.h"
#include "request.h"
#include "serve.h"
#include "session.h"

extern char **environ;

/* Becomes the command; returns only if that fails. */
static int
become(const struct request *r, struct keeper *keeper, const char *expiration)
{
	enum prog_status status;
	char **environment;
	int reason;

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

/* Runs the command beside the endpoint, and returns its status. */
static int
run_beside(const struct request *r, struct keeper *keeper, struct descriptors *before)
{
	struct renewal *renewal;
	struct serve *serve;
	struct run run;
	int status = PROG_FAIL;

	run_prepare(&run);
	renewal = renewal_start(keeper);
	if (renewal == NULL)
		return PROG_FAIL;
	serve = serve_start(renewal);
	if (serve != NULL)
		status = (int)environment_with_endpoint(&run.environment, &r->net, serve_uri(serve),
		    serve_token(serve));
	descriptors_hide_others(before);
	if (serve != NULL && status == PROG_OK)
		status = run_command(&run, r->command);
	/* Nobody wants the answer any more, and it may be long in coming. */
	if (!renewal_stop(renewal))
		exit(status);
	if (serve != NULL)
		serve_stop(serve);
	renewal_free(renewal);
	free(run.environment);
	return status;
}

static int
hand_over(const struct request *r, struct keeper *keeper, const char *region,
    struct descriptors *before)
{
	char expiration[CLOCK_RFC3339_SIZE];

	clock_rfc3339(session_end_ms(keeper), expiration);
	if (r->command == NULL)
		return print_credentials(r->format, &keeper->cred, expiration, region);
	if (r->fixed)
		return become(r, keeper, expiration);
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
