/* selftest.h: the faulty agents, each with the scenario made for it and the reason it must fail. */
#ifndef CONFORMANCE_SELFTEST_H
#define CONFORMANCE_SELFTEST_H

#include "base/error.h"
#include "conformance/requirement.h"

struct mutant {
	char *name;            /* the fault: "plain-http" */
	char *program;         /* file name below the folder of faulty agents */
	char *scenario;        /* id of the scenario that must fail it */
	char *requirement;     /* the clause that must be named */
	struct form_list also; /* char *: further clauses that must be */
	char *because;         /* words of the reason; NULL: any reason will do */
	int verdict; /* index into selftest_verdicts: fail, unless it is a matter of taste */
	char *does;  /* what it does wrong, a sentence */
	int agent;   /* enum agent_kind */
};

extern const char *const selftest_verdicts[]; /* "fail", "warn" */

struct matrix {
	struct form_list mutants;
};

struct matrix *matrix_load(const char *path, struct error *err);
void matrix_free(struct matrix *matrix);

#endif
