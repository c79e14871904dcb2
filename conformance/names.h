/* names.h: names in a scenario that must mean something: labels, printers, faults, items. Each
 * check complains where the name stands; where none stands (node NULL) there is nothing wrong. */
#ifndef CONFORMANCE_NAMES_H
#define CONFORMANCE_NAMES_H

#include "base/error.h"
#include "base/yaml.h"
#include "conformance/scenario.h"

/* What a step or an expectation says of itself: the map under its kind's name. */
const struct yaml *names_of_step(const struct step *step);
const struct yaml *names_of_expectation(const struct expectation *expectation);

/* The label of a step of the same part; before: of one that comes before it (NULL: of any). */
int names_label(const struct scope *scope, const struct step *before, const struct yaml *node,
		struct error *err);
int names_device(const struct scope *scope, const struct yaml *node, struct error *err);
int names_devices(const struct scope *scope, const struct yaml *list, struct error *err);
int names_region(const struct yaml *node, struct error *err);
/* A fault that some step of the part arms: another one cannot be a witness. */
int names_witness(const struct scope *scope, const struct yaml *node, struct error *err);
/* `for` and `where` in body: a fault that is waited for or counted must be one. */
int names_condition(const struct yaml *body, struct error *err);
/* An item that the scenario's kind of agent reports. */
int names_item(const struct scope *scope, const struct yaml *node, struct error *err);
int names_items(const struct scope *scope, const struct yaml *list, struct error *err);

#endif
