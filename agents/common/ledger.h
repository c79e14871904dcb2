/* ledger.h: which commands were seen, and the results that the cloud does not have yet, on disk.
 *
 * A command's id is kept, with a result "failed", before anything is done: however often it is
 * delivered and whenever the power goes, it is carried out at most once and answered. */
#ifndef AGENTS_COMMON_LEDGER_H
#define AGENTS_COMMON_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "agents/common/command.h"
#include "base/error.h"

struct ledger; /* opaque */

struct ledger *ledger_new(const char *state, struct error *err);
void ledger_free(struct ledger *ledger);

bool ledger_knows(const struct ledger *ledger, const char *id);

/* Remembers a command about to be carried out. 0, or negative errno: then do not carry it out. */
int ledger_open(struct ledger *ledger, const struct command *command, struct error *err);

/* The disk does not take it: not carried out, answered from memory alone. */
void ledger_decline(struct ledger *ledger, const struct command *command,
		    const struct outcome *outcome);
/* What became of it; from now on ledger_next may return it. */
int ledger_close(struct ledger *ledger, const struct command *command,
		 const struct outcome *outcome, struct error *err);

/* The oldest result that is ready to be published, NULL if there is none. Borrowed until
 * ledger_sent, which forgets it. */
const char *ledger_next(struct ledger *ledger);
void ledger_sent(struct ledger *ledger, struct error *err);

#endif
