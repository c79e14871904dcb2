/* repeats-commands: carries out a command each time it is delivered. Replaces
 * agents/common/ledger.c. */
#include "agents/common/ledger.h"

/* The good one under another name. */
bool good_ledger_knows(const struct ledger *ledger, const char *id);
#define ledger_knows good_ledger_knows
#include "agents/common/ledger.c"
#undef ledger_knows

bool ledger_knows(const struct ledger *ledger, const char *id)
{
	(void)ledger;
	(void)id;
	return false;
}
