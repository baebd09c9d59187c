/* The shape of STS's answers (sts_xml.h). */
#include "sts_xml.h"

#include <string.h>

#include "exchange.h"

void
sts_xml_begin(struct exchange *x)
{
	x->answer.content_type = "text/xml";
	buf_appendf(&x->answer.body, "<%sResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">"
	    "\n  <%sResult>\n", x->operation, x->operation);
}

void
sts_xml_end(struct exchange *x)
{
	buf_appendf(&x->answer.body, "  </%sResult>\n  <ResponseMetadata>\n    <RequestId>%s</RequestId>"
	    "\n  </ResponseMetadata>\n</%sResponse>\n", x->operation, x->answer.request_id,
	    x->operation);
}

void
sts_xml_identifier(struct buf *b, const char *prefix, const char *arn)
{
	char hex[SIGV4_HEX_SIZE];
	int i;

	sigv4_sha256_hex(arn, strlen(arn), hex);
	buf_append_string(b, prefix);
	for (i = 0; i < 17; i++)
		buf_append_byte(b, (char)('A' + (hex[i] * 16 + hex[i + 17]) % 26));
}
