/* libjq's call that can fail otherwise than by the end of the program (nth.h). */
#include <jq.h>

#include "nth.h"

jq_state *__real_jq_init(void);
jq_state *__wrap_jq_init(void);
jq_state *
__wrap_jq_init(void)
{
	return nth_fails(NTH_LIBRARIES, "jq_init", NTH_FRAME) ? NULL : __real_jq_init();
}
