/* printer.h: one designated printer: what is to be done with it, one thing at a time. */
#ifndef AGENTS_DC_PRINTER_H
#define AGENTS_DC_PRINTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/agent.h"
#include "agents/dc/enpc_link.h"
#include "agents/dc/order.h"

struct printer; /* opaque */

/* In the order of urgency, behind commands. */
enum printer_want { PRINTER_EVENT, PRINTER_SCHEDULED, PRINTER_LOOK };

struct printer_options {
	struct agent *agent; /* borrowed */
	uint32_t address;
	const struct snmp_login *login; /* borrowed; NULL: as the configuration says for all */
	const struct snmp_user *user;   /* borrowed; of a login of version 3 */
	const char *serial;             /* as far as known, else ""; copied */
	size_t *busy;                   /* borrowed; counts the printers at work */
	void (*freed)(void *arg, struct printer *printer); /* it has finished something */
	void *arg;
};

struct printer *printer_new(const struct printer_options *options);
void printer_free(struct printer *printer);

/* It is not designated any more: nothing more is asked, its orders are refused; and frees it. */
void printer_retire(struct printer *printer);

void printer_want(struct printer *printer, enum printer_want want);
void printer_order(struct printer *printer, struct order *order); /* taken over */

/* Begins the most urgent thing; false if there is nothing or it is at work. */
bool printer_serve(struct printer *printer);

uint32_t printer_address(const struct printer *printer);
const char *printer_serial(const struct printer *printer); /* "" while not known */
bool printer_tried(const struct printer *printer);         /* it answered, or failed to, once */

#endif
