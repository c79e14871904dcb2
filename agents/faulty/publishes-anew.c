/* publishes-anew: a result that was not acknowledged is published as another message on the next
 * connection, though the session is there. */
#include "agents/faulty/oblivion.h"
