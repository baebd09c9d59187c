/* The shape of STS's answers. */
#ifndef SERVE_POOL_STS_XML_H
#define SERVE_POOL_STS_XML_H

struct buf;
struct exchange;

/* Begins the answer to x->operation: its Response and Result elements. */
void sts_xml_begin(struct exchange *x);

void sts_xml_end(struct exchange *x);

/* Appends an identifier such as AIDA... or AROA...: the same for the same ARN. */
void sts_xml_identifier(struct buf *b, const char *prefix, const char *arn);

#endif
