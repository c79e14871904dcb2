/* cleans-again: asks once more for an operation whose answer does not come. Stands before
 * enpc_ask. */
#include "agents/dc/enpc_link.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct enpc_call *__real_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg);
struct enpc_call *__wrap_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg);

struct enpc_call *__wrap_enpc_ask(const struct enpc_options *options, enpc_done *done, void *arg)
{
	struct enpc_options insisting = *options;

	insisting.retries = 3;
	return __real_enpc_ask(&insisting, done, arg);
}
