/* secret.h: the standing rule OWN-5: what an agent was trusted with is not in what it leaves
 * behind. */
#ifndef CONFORMANCE_SECRET_H
#define CONFORMANCE_SECRET_H

#include "conformance/judge.h"

/* A password may stand in a file of the state folder that nobody else may read: an agent has to
 * keep a rotated one. Print data may stand nowhere. */
void judge_secrets(struct judge *judge);

#endif
