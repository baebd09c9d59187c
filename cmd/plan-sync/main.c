/*
 * plan-sync: what would have to be done at a target, HAVE, so that it becomes what WANT says.
 *
 * Users, groups and memberships of both sides go into one sort with the ledger and the state; then
 * all that is known of a person stands together, and is decided upon without a look at anybody
 * else.  The operations wait in files without a name until all are counted, since the header that
 * has the numbers comes first, and the guard looks at them before anything is to be done.
 *
 * Manual page: plan-sync(1).
 */
#include "base/prog.h"

#include "sync.h"

int
main(int argc, char **argv)
{
	prog_start(argv[0]);
	return sync_run(argc, argv);
}
