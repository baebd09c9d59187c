/* Texts seen in rounds. */
#include <string.h>

#include "net/scim_seen.h"
#include "tap.h"

int
main(void)
{
	struct scim_seen s;
	char text[16], longer[KEYSET_KEY_MAX + 1];
	int fresh = 0, twice = 0, earlier = 0;

	scim_seen_init(&s);
	for (int i = 0; i < 200000; i++) {
		int n = snprintf(text, sizeof text, "id%d", i % 150000);

		fresh += scim_seen_note(&s, 1, text, (size_t)n) == SCIM_NEW;
	}
	ok(fresh == 150000, "each is new once");
	for (int i = 0; i < 160000; i++) {
		int n = snprintf(text, sizeof text, "id%d", i);
		enum scim_sight sight = scim_seen_note(&s, 2, text, (size_t)n);

		earlier += sight == SCIM_EARLIER;
		twice += sight == SCIM_TWICE;
	}
	ok(earlier == 150000 && twice == 0, "the next round knows those of the first");
	ok(scim_seen_note(&s, 2, "id7", 3) == SCIM_TWICE, "and its own");
	ok(scim_seen_note(&s, 3, "id7", 3) == SCIM_EARLIER, "a third round");
	ok(scim_seen_note(&s, 3, "", 0) == SCIM_NEW, "the empty text is one");
	memset(longer, 'x', sizeof longer);
	ok(scim_seen_note(&s, 1, longer, sizeof longer) == SCIM_NEW &&
	    scim_seen_note(&s, 1, longer, sizeof longer - 1) == SCIM_NEW &&
	    scim_seen_note(&s, 1, longer, sizeof longer) == SCIM_TWICE, "long texts too");
	scim_seen_free(&s);
	ok(scim_seen_note(&s, 1, "id7", 3) == SCIM_NEW, "nothing is known afterwards");
	scim_seen_free(&s);
	return tap_done();
}
