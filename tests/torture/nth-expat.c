/* libexpat's calls that can fail (nth.h). */
#include <expat.h>

#include "nth.h"

XML_Parser __real_XML_ParserCreate(const XML_Char *encoding);
XML_Parser __wrap_XML_ParserCreate(const XML_Char *encoding);
XML_Parser
__wrap_XML_ParserCreate(const XML_Char *encoding)
{
	return nth_fails(NTH_LIBRARIES, "XML_ParserCreate",
	    NTH_FRAME) ? NULL : __real_XML_ParserCreate(encoding);
}

enum XML_Status __real_XML_Parse(XML_Parser p, const char *s, int len, int final);
enum XML_Status __wrap_XML_Parse(XML_Parser p, const char *s, int len, int final);
enum XML_Status
__wrap_XML_Parse(XML_Parser p, const char *s, int len, int final)
{
	return nth_fails(NTH_LIBRARIES, "XML_Parse",
	    NTH_FRAME) ? XML_STATUS_ERROR : __real_XML_Parse(p, s, len, final);
}
