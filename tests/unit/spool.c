/* base/spool.h. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/spool.h"
#include "child.h"
#include "tap.h"

enum { LONG = 300 * 1000 };	/* more than two buffers */

static void
test_content(void)
{
	char *big = mem_alloc(LONG), *back = mem_alloc(LONG + 1000);
	struct spool s;
	struct stat st;
	bool same = true;

	for (size_t i = 0; i < LONG; i++)
		big[i] = (char)(i * 7 % 251);
	ok(spool_open(&s) == 0, "opens");
	ok(fstat(s.fd, &st) == 0 && (st.st_mode & 0777) == 0600 && st.st_nlink == 0,
	    "it has no name, and is its owner's");
	for (int i = 0; i < 1000; i++)
		same = same && spool_append(&s, big + i, 1) == 0;
	ok(same && spool_append(&s, big, LONG) == 0 && s.len == LONG + 1000, "appends");
	ok(spool_read(&s, back, LONG + 1000, 0) == 0 && memcmp(back, big, 1000) == 0 &&
	    memcmp(back + 1000, big, LONG) == 0, "reads what was appended");
	ok(spool_append(&s, "xyz", 3) == 0 && spool_read(&s, back, 4, s.len - 4) == 0 &&
	    memcmp(back + 1, "xyz", 3) == 0, "appends behind it, and reads over the seam");
	ok(spool_seek(&s, LONG + 1000) == 0 && read(s.fd, back, 10) == 3 &&
	    memcmp(back, "xyz", 3) == 0, "is readable through the descriptor");
	ok(spool_append(&s, "klm", 3) == 0 && spool_write(&s, "L", 1, s.len - 2) == 0 &&
	    spool_write(&s, "B", 1, 1) == 0 && spool_read(&s, back, 3, s.len - 3) == 0 &&
	    memcmp(back, "kLm", 3) == 0 && spool_read(&s, back, 3, 0) == 0 &&
	    back[0] == big[0] && back[1] == 'B' && back[2] == big[2],
	    "replaces bytes, written out and not");
	ok(spool_extend(&s, s.len + 5) == 0 && spool_read(&s, back, 6, s.len - 6) == 0 &&
	    memcmp(back, "m\0\0\0\0", 6) == 0, "appends zeroes");
	ok(spool_read(&s, back, 4, s.len - 3) == -1, "cannot read beyond its end");
	ok(spool_append(&s, "x", 1) == -1, "a failure stays");
	spool_close(&s);
	free(big);
	free(back);
}

static int
fill_up(void *arg)
{
	struct rlimit limit = { 100, 100 };
	char block[LONG] = "";
	struct spool s;

	(void)arg;
	signal(SIGXFSZ, SIG_IGN);
	if (spool_open(&s) != 0 || spool_append(&s, block, 50) != 0 || spool_seek(&s, 0) != 0 ||
	    setrlimit(RLIMIT_FSIZE, &limit) != 0)
		return 9;
	if (spool_append(&s, block, LONG) == 0 || spool_seek(&s, 0) == 0)
		return 8;
	spool_close(&s);
	return 0;
}

static int
open_nowhere(void *arg)
{
	struct spool s;

	(void)arg;
	setenv("TMPDIR", "/nonexistent", 1);
	return spool_open(&s) == -1 ? 0 : 9;
}

int
main(void)
{
	test_content();
	ok(child_run(fill_up, NULL) == 0, "a full disk is a failure that stays");
	ok(strstr(child_err, "temporary file: cannot write: File too large\n") != NULL &&
	    strchr(child_err, '\n')[1] == '\0', "and is told once");
	ok(child_run(open_nowhere, NULL) == 0, "no directory, no file");
	ok(strstr(child_err, "/nonexistent: no temporary file can be made") != NULL, "and why");
	return tap_done();
}
