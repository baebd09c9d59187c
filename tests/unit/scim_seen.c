/* Texts seen in rounds. */
#include "net/scim_seen.h"
#include "tap.h"

int
main(void)
{
	struct scim_seen s;
	char text[16];
	int fresh = 0, twice = 0, earlier = 0;

	scim_seen_init(&s);
	for (int i = 0; i < 20000; i++) {
		int n = snprintf(text, sizeof text, "id%d", i % 15000);

		fresh += scim_seen_note(&s, 1, text, (size_t)n) == SCIM_NEW;
	}
	ok(fresh == 15000, "each is new once");
	for (int i = 0; i < 16000; i++) {
		int n = snprintf(text, sizeof text, "id%d", i);
		enum scim_sight sight = scim_seen_note(&s, 2, text, (size_t)n);

		earlier += sight == SCIM_EARLIER;
		twice += sight == SCIM_TWICE;
	}
	ok(earlier == 15000 && twice == 0, "the next round knows those of the first");
	ok(scim_seen_note(&s, 2, "id7", 3) == SCIM_TWICE, "and its own");
	ok(scim_seen_note(&s, 3, "id7", 3) == SCIM_EARLIER, "a third round");
	ok(scim_seen_note(&s, 3, "", 0) == SCIM_NEW, "the empty text is one");
	scim_seen_free(&s);
	ok(scim_seen_note(&s, 1, "id7", 3) == SCIM_NEW, "nothing is known afterwards");
	scim_seen_free(&s);
	return tap_done();
}
