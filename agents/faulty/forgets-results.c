/* forgets-results: a result counts as delivered once it was written, and is not there for the next
 * connection. */
#include "agents/faulty/hasty.h"
#include "agents/faulty/oblivion.h"
