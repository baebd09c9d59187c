/* sort(1) beside us: what is sorted, and that nobody waits for ever when reading fails. */
#include "base/sorter.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/prog.h"
#include "tap.h"

enum {
	LINES = 40000,		/* more than a pipe holds */
	LONG = 300		/* seconds: nothing here takes so long, a hang does */
};

static bool
fill(struct sorter *s)
{
	bool good = sorter_start(s) == 0;

	for (int i = LINES; good && i > 0; i--) {
		buf_appendf(&s->pending, "%08x", (unsigned)i);
		good = sorter_end_line(s) == 0;
	}
	return good && sorter_end(s) == 0;
}

int
main(void)
{
	struct sorter s = { .to = -1 };
	uint64_t number = 0, wanted = 1;
	int other, rc;

	prog_start("sorter");
	ok(fill(&s), "lines are taken");
	while ((rc = sorter_next(&s)) == 1 && sorter_hex(s.line, 8, &number) && number == wanted)
		wanted++;
	ok(rc == 0 && wanted == LINES + 1, "and come back in order");
	sorter_free(&s);

	/* sort(1) is left with a pipe that is full, whose reader is still there. */
	alarm(LONG);
	s = (struct sorter){ .to = -1 };
	ok(fill(&s) && sorter_next(&s) == 1, "the first line is read");
	other = dup(fileno(s.from));
	rc = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	dup2(rc, fileno(s.from));
	close(rc);
	while ((rc = sorter_next(&s)) == 1)
		;
	ok(rc == -1 && s.failed, "an error of reading is no end, and nobody waits for sort(1)");
	sorter_free(&s);
	close(other);
	return tap_done();
}
