/* declared.h: the agent asks for what is declared and says it to whom it is declared: SNMP reads
 * with the community it was given and leaves print data alone, names that it resolves, paths,
 * names, clients and logins at the cloud. Standing rules, beside those of rules.c. */
#ifndef CONFORMANCE_DECLARED_H
#define CONFORMANCE_DECLARED_H

#include "conformance/judge.h"

void judge_declared(struct judge *judge);

#endif
