/* snmp_engine.h: how an SNMPv3 engine is asked for its id (RFC 3414, 4), as bytes. net-snmp asks,
 * too, but waits for the answer, and with it every other printer would. */
#ifndef AGENTS_COMMON_SNMP_ENGINE_H
#define AGENTS_COMMON_SNMP_ENGINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SNMP_ENGINE_MAX = 32 /* RFC 3411, SnmpEngineID */, SNMP_ENGINE_ASK_MAX = 80 };

struct snmp_engine {
	uint8_t id[SNMP_ENGINE_MAX];
	size_t size;
	int32_t boots, time; /* as it says itself, unproven */
};

/* An unprotected request of nobody to an engine without a name. Returns its size. */
size_t snmp_engine_ask(int32_t number, uint8_t bytes[SNMP_ENGINE_ASK_MAX]);

/* Reads the report that answers it. False when it is not one, or to another number. */
bool snmp_engine_read(const uint8_t *bytes, size_t size, int32_t number,
		      struct snmp_engine *engine);

#endif
