/* snmp_meeting.h: asks one SNMPv3 engine for its id, on the loop. */
#ifndef AGENTS_COMMON_SNMP_MEETING_H
#define AGENTS_COMMON_SNMP_MEETING_H

#include <stdint.h>

#include "agents/common/snmp_engine.h"
#include "base/loop.h"

struct snmp_meeting; /* opaque; ends itself with done */

struct snmp_meeting_options {
	struct loop *loop; /* borrowed */
	uint32_t address;  /* host order */
	uint16_t port;
	int64_t timeout_ms, retries;
};

/* engine: NULL when none answered. Called later, never from inside. */
typedef void snmp_met(void *arg, const struct snmp_engine *engine);

struct snmp_meeting *snmp_meet(const struct snmp_meeting_options *options, snmp_met *done,
			       void *arg);
void snmp_meeting_cancel(struct snmp_meeting *meeting); /* NULL is fine; not inside done */

#endif
