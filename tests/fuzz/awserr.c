/* Any bytes as an error answer of either protocol, and as STS's XML. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/awserr.h"
#include "net/sts.h"

enum { HINT_MAX = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "Code", "Message", "SessionToken", NULL };
	char *texts[3] = { NULL, NULL, NULL };
	struct awserr e;
	struct buf hint;

	for (int service = AWS_COGNITO_IDP; service <= AWS_STS; service++) {
		awserr_parse(&e, (enum aws_service)service, 400, "", (const char *)data, size);
		if (strlen(e.code) >= sizeof e.code || strlen(e.message) >= sizeof e.message)
			abort();
		(void)awserr_classify(&e, 400);
		buf_init(&hint, HINT_MAX);
		awserr_hint(&e, (enum aws_service)service, "AssumeRole", "us-east-1", &hint);
		if (hint.len > 0 && hint.data[0] != ';')
			abort();
		buf_free(&hint);
	}
	if (sts_xml_texts((const char *)data, size, names, texts) == 0) {
		for (int i = 0; i < 3; i++)
			free(texts[i]);
	}
	return 0;
}
