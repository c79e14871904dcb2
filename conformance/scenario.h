/* scenario.h: one test case: printers, steps that stimulate, expectations that are judged.
 *
 * Declarative: no ifs, no loops, no expressions. What it cannot say is a new expectation kind in C.
 * The file format, with an example of everything: docs/scenario-format.md. */
#ifndef CONFORMANCE_SCENARIO_H
#define CONFORMANCE_SCENARIO_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/form.h"
#include "conformance/lifeplan.h"
#include "conformance/requirement.h"
#include "conformance/snmp_access.h"

struct printer_spec {
	char *name;
	char *profile;
	uint32_t address; /* host order */
	bool decoy;       /* there, but not designated */
	bool admitted;    /* likewise, but the service may designate it */
	char *serial;     /* NULL: the simulator's choice */
	char *community;
	struct lifeplan life; /* what happens to it by itself */
	struct snmp_access access;
};

/* One step: exactly one of the kinds, with its arguments. */
struct step {
	const struct step_kind *kind;
	void *arguments; /* the kind's own struct */
	char *label;     /* name for since / until, NULL if none */
	const struct yaml *node;
};

struct expectation {
	const struct expect_kind *kind;
	void *arguments;
	struct form_list requirements; /* char *: what it shows */
	const struct yaml *node;
};

/* Steps and what is expected of them; a scenario has one part, and perhaps a repaired twin. */
struct part {
	struct step *steps;
	size_t step_count;
	struct expectation *expectations;
	size_t expectation_count;
};

struct scenario {
	struct yaml *root; /* owned; everything borrowed points into it */
	char *id;          /* [a-z0-9.-]+ */
	char *title;
	char *purpose;
	int agent; /* enum agent_kind */
	int64_t deadline_ms;
	char *region;              /* where the agent's account is; NULL: in none */
	char *needs;               /* a capability (capability.h) that not every agent has; NULL */
	bool discovers;            /* broadcast ENPC probes are allowed */
	int64_t crowd;             /* agents in one process; 0: one, as usual */
	struct form_list printers; /* struct printer_spec */
	const struct yaml *config; /* extra configuration for the agent; NULL */
	struct part main;
	bool has_twin;
	struct part twin; /* steps and expectations of the repaired twin */
	const struct yaml *steps_node, *expect_node, *twin_node;
	char *format;
};

/* Where a step or an expectation stands: what the names in it are looked up in. */
struct scope {
	const struct scenario *scenario;
	const struct part *part;
	const struct catalogue *catalogue; /* NULL: ids of requirements and items are not checked */
};

/* NULL on error: file:line:column, what was found, what was expected. catalogue may be NULL: then
 * ids of requirements and items are not checked. */
struct scenario *scenario_load(const char *path, const struct catalogue *catalogue,
			       struct error *err);
struct scenario *scenario_parse(const char *text, size_t size, const char *name,
				const struct catalogue *catalogue, struct error *err);
void scenario_free(struct scenario *scenario);
/* That each printer's profile is there, for one that is to be run: evidence can be judged without.
 */
int scenario_profiles(const struct scenario *scenario, struct error *err);
json_t *scenario_schema(void); /* JSON Schema 2020-12; caller owns */

const struct printer_spec *scenario_printer(const struct scenario *scenario, size_t index);
const struct printer_spec *scenario_find_printer(const struct scenario *scenario, const char *name);

#endif
