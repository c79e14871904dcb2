/* asker.h: a sub-command that asks a living fleet by its control socket: --control, --help and the
 * count of words are the same for all of them. */
#ifndef CONFORMANCE_ASKER_H
#define CONFORMANCE_ASKER_H

#include <jansson.h>

#include "base/error.h"
#include "conformance/command.h"
#include "conformance/options.h"

struct asker {
	const struct command_row *command;
	struct option_row option; /* one beside --control; name NULL: none */
	int words_min, words_max; /* words_max 0: any number */
	/* Of the words, which a NULL ends. Caller owns; NULL with a sentence on a mistake. */
	json_t *(*request)(char **words, int count, struct error *err);
	/* The exit code, or negative with a sentence. NULL: there is nothing to say. */
	int (*answered)(char **words, const json_t *answer, struct error *err);
};

int asker_run(const struct asker *asker, int argc, char **argv); /* the exit code */

#endif
