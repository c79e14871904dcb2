/* trap_message.h: notifications as bytes: Trap-PDU of v1 (RFC 1157, 4.1.6), and of v2 what traps
 * and informs have in common (RFC 3416, 4.2.6), the first made of the second as RFC 3584, 3.2 says.
 */
#ifndef SIM_PRINTER_TRAP_MESSAGE_H
#define SIM_PRINTER_TRAP_MESSAGE_H

#include "sim/printer/ber.h"
#include "sim/printer/oid.h"

enum { TRAP_OBJECTS_MAX = 6, TRAP_MESSAGE_MAX = 1472 };

struct trap_object {
	struct oid name;
	int64_t value; /* INTEGER */
};

struct trap_notice {
	const char *name;     /* "printerV2Alert" */
	struct oid trap;      /* snmpTrapOID */
	struct oid system_id; /* sysObjectID */
	uint32_t address;     /* of who tells, host order */
	uint32_t uptime;      /* hundredths of a second */
	struct trap_object objects[TRAP_OBJECTS_MAX];
	size_t count;
};

/* Written from behind, as ber_push: they end at end, their start is returned. */
uint8_t *trap_push_v1(const struct trap_notice *notice, uint8_t *end);
uint8_t *trap_push_v2(const struct trap_notice *notice, uint8_t pdu, int64_t request, uint8_t *end);

/* Version and community in front of a PDU; version as on the wire. */
uint8_t *trap_push_community(int64_t version, const char *community, uint8_t *pdu, uint8_t *end);

#endif
