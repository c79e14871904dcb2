/* waits-for-printer: while a printer does not answer, nothing else is done. Stands before
 * collect_start. */
#include "agents/dc/collect.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "base/buf.h"

enum { PATIENCE_MS = 2000 };

struct wait {
	collect_done *done;
	void *arg;
};

/* The linker (--wrap) puts the second in the place of the first. */
struct collection *__real_collect_start(const struct snmp_options *options, bool only_look,
					collect_done *done, void *arg);
struct collection *__wrap_collect_start(const struct snmp_options *options, bool only_look,
					collect_done *done, void *arg);

static void on_done(void *arg, struct collected *collected)
{
	struct wait wait = *(struct wait *)arg;

	free(arg);
	if (collected->status == -ETIMEDOUT)
		poll(NULL, 0, PATIENCE_MS);
	wait.done(wait.arg, collected);
}

struct collection *__wrap_collect_start(const struct snmp_options *options, bool only_look,
					collect_done *done, void *arg)
{
	struct wait *wait = alloc_zero(1, sizeof(*wait));

	*wait = (struct wait){ done, arg };
	return __real_collect_start(options, only_look, on_done, wait);
}
