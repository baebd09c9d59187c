/*
 * Any bytes as the XML of an answer of STS.  Compared with expat asked alone (well-formed or not,
 * DOCTYPE or none), and what is good with a walk over its bytes by hand: tags, comments, CDATA,
 * instructions, entities, line ends.  The same texts of the same elements.
 */
#include <expat.h>
#include <stdint.h>

#include "net/sts.h"

#include "tree.h"

enum { NAMES = 3 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = { "Code", "Message", "SessionToken", NULL };

static void XMLCALL
on_doctype(void *arg, const XML_Char *name, const XML_Char *system_id, const XML_Char *public_id,
    int has_subset)
{
	(void)name;
	(void)system_id;
	(void)public_id;
	(void)has_subset;
	*(bool *)arg = true;
}

static bool
is_good(const char *xml, size_t len)
{
	XML_Parser parser = XML_ParserCreate("UTF-8");
	bool doctype = false, good;

	XML_SetUserData(parser, &doctype);
	XML_SetStartDoctypeDeclHandler(parser, on_doctype);
	good = XML_Parse(parser, xml, (int)len, XML_TRUE) == XML_STATUS_OK;
	XML_ParserFree(parser);
	return good && !doctype;
}

struct walk {
	const char *p;
	struct text texts[NAMES];
	bool done[NAMES];
	int wanted, depth;
};

static const char *
behind(const char *p, const char *what)
{
	p = strstr(p, what);
	check(p != NULL);
	return p + strlen(what);
}

static void
take(struct walk *w, const char *s, size_t len)
{
	if (w->wanted >= 0)
		text_add(&w->texts[w->wanted], s, len);
}

/* One character, entity or line end; inside CDATA there are no entities. */
static void
take_one(struct walk *w, bool entities)
{
	static const struct { const char *name, *text; } known[] = {
		{ "&lt;", "<" }, { "&gt;", ">" }, { "&amp;", "&" }, { "&apos;", "'" },
		    { "&quot;", "\"" }
	};

	if (*w->p == '\r') {
		w->p += w->p[1] == '\n' ? 2 : 1;
		take(w, "\n", 1);
		return;
	}
	if (!entities || *w->p != '&') {
		take(w, w->p++, 1);
		return;
	}
	for (size_t i = 0; i < 5; i++)
		if (strncmp(w->p, known[i].name, strlen(known[i].name)) == 0)
			take(w, known[i].text, 1);
	if (w->p[1] == '#') {
		struct tree c = { .s = (char[8]){ 0 } };

		tree_add(&c, w->p[2] == 'x' ? strtoul(w->p + 3, NULL, 16) :
		    strtoul(w->p + 2, NULL, 10));
		take(w, c.s, c.len);
	}
	w->p = behind(w->p, ";");
}

static void
start(struct walk *w, const char *name, size_t len)
{
	size_t local = len;

	if (w->wanted >= 0) {
		w->depth++;
		return;
	}
	while (local > 0 && name[local - 1] != ':')
		local--;
	for (int i = 0; i < NAMES; i++)
		if (!w->done[i] && strlen(names[i]) == len - local &&
		    memcmp(names[i], name + local, len - local) == 0) {
			w->wanted = i;
			w->depth = 0;
		}
}

static void
end(struct walk *w)
{
	if (w->wanted < 0 || w->depth-- > 0)
		return;
	w->done[w->wanted] = true;
	text_add(&w->texts[w->wanted], NULL, 0);
	w->wanted = -1;
}

static void
tag(struct walk *w)
{
	const char *name = ++w->p;
	char quote = '\0';

	if (*name == '/') {
		end(w);
		w->p = behind(w->p, ">");
		return;
	}
	start(w, name, strcspn(name, " \t\r\n/>"));
	for (; quote != '\0' || *w->p != '>'; w->p++) {
		if (quote == '\0' && (*w->p == '"' || *w->p == '\''))
			quote = *w->p;
		else if (*w->p == quote)
			quote = '\0';
	}
	if (w->p[-1] == '/')
		end(w);
	w->p++;
}

static void
walk(struct walk *w)
{
	if (strncmp(w->p, "\xef\xbb\xbf", 3) == 0)
		w->p += 3;
	while (*w->p != '\0') {
		if (strncmp(w->p, "<!--", 4) == 0) {
			w->p = behind(w->p + 4, "-->");
		} else if (strncmp(w->p, "<?", 2) == 0) {
			w->p = behind(w->p, "?>");
		} else if (strncmp(w->p, "<![CDATA[", 9) == 0) {
			for (w->p += 9; strncmp(w->p, "]]>", 3) != 0;)
				take_one(w, false);
			w->p += 3;
		} else if (*w->p == '<') {
			tag(w);
		} else {
			take_one(w, true);
		}
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = strndup((const char *)data, size), *texts[NAMES] = { NULL };
	struct walk w = { .p = copy, .wanted = -1 };
	bool good = sts_xml_texts((const char *)data, size, names, texts) == 0;

	check(good == is_good((const char *)data, size));
	if (good) {
		check(strlen(copy) == size);
		walk(&w);
	}
	for (int i = 0; i < NAMES; i++) {
		check(w.done[i] == (texts[i] != NULL));
		check(texts[i] == NULL || (strcmp(texts[i], w.texts[i].s) == 0 &&
		    strlen(texts[i]) == w.texts[i].len));
		free(texts[i]);
		free(w.texts[i].s);
	}
	free(copy);
	return 0;
}
