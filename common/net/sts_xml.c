/* The XML of STS's answers: the texts of a few elements, by libexpat. */
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "net/sts.h"

enum {
	XML_MAX = 1024 * 1024,		/* an answer of STS has a few kilobytes */
	TEXT_MAX = 256 * 1024		/* no stated length; HTTP servers stop earlier */
};

struct reader {
	XML_Parser parser;
	const char *const *names;
	char **texts;
	int wanted;		/* index of the element that is open, or -1 */
	int depth;		/* of elements inside it */
	struct buf text;
};

static void
stop(struct reader *r)
{
	(void)XML_StopParser(r->parser, XML_FALSE);
}

static void XMLCALL
on_start(void *arg, const XML_Char *name, const XML_Char **attributes)
{
	struct reader *r = arg;
	const char *colon = strrchr(name, ':');

	(void)attributes;
	if (r->wanted >= 0) {
		r->depth++;
		return;
	}
	if (colon != NULL)
		name = colon + 1;
	for (int i = 0; r->names[i] != NULL; i++)
		if (strcmp(name, r->names[i]) == 0 && r->texts[i] == NULL) {
			r->wanted = i;
			r->depth = 0;
			buf_clear(&r->text);
		}
}

static void XMLCALL
on_end(void *arg, const XML_Char *name)
{
	struct reader *r = arg;

	(void)name;
	if (r->wanted < 0 || r->depth-- > 0)
		return;
	r->texts[r->wanted] = mem_dup(buf_string(&r->text), r->text.len);
	r->wanted = -1;
}

static void XMLCALL
on_text(void *arg, const XML_Char *s, int len)
{
	struct reader *r = arg;

	if (r->wanted >= 0 && buf_append(&r->text, s, (size_t)len) != 0)
		stop(r);
}

/* No answer has one; entities of its own are the only thing that a DOCTYPE could bring. */
static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
    int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	stop(arg);
}

int
sts_xml_texts(const char *xml, size_t len, const char *const names[], char *texts[])
{
	struct reader r = { .names = names, .texts = texts, .wanted = -1 };
	int rc = -1, count = 0;

	for (; names[count] != NULL; count++)
		texts[count] = NULL;
	if (len > XML_MAX)
		return -1;
	r.parser = XML_ParserCreate("UTF-8");
	if (r.parser == NULL)
		return -1;
	buf_init(&r.text, TEXT_MAX);
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, on_start, on_end);
	XML_SetCharacterDataHandler(r.parser, on_text);
	XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
	if (XML_Parse(r.parser, xml, (int)len, XML_TRUE) == XML_STATUS_OK)
		rc = 0;
	XML_ParserFree(r.parser);
	buf_wipe(&r.text);
	for (int i = 0; rc != 0 && i < count; i++) {
		mem_wipe_free(texts[i]);
		texts[i] = NULL;
	}
	return rc;
}
