/* differential.h: one request through the fast path and through net-snmp, for tests. */
#ifndef SIM_PRINTER_DIFFERENTIAL_H
#define SIM_PRINTER_DIFFERENTIAL_H

#include <jansson.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/device.h"
#include "sim/printer/fastpath.h"
#include "sim/printer/snmp.h"

/* A tap that keeps what it is told. */
struct ear {
	struct tap tap;
	json_t *heard;
};

static inline void ear_seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct ear *ear = (struct ear *)tap;
	json_array_append_new(ear->heard, json_pack("[s,o]", kind, fields));
}

struct both {
	bool taken; /* by the fast path; else it must have left no trace */
	struct span fast;
	uint8_t room[FASTPATH_ROOM];
	struct buf slow;
	const struct snmp_caller *by; /* NULL: by community */
	bool same;                    /* bytes and observations */
};

static inline bool both_once(struct device *device, struct ear *ear, const struct datagram *in,
			     struct both *both)
{
	json_array_clear(ear->heard);
	buf_clear(&both->slow);
	both->taken = fastpath_answer(device, in, both->by, both->room, &both->fast);
	json_t *told = json_copy(ear->heard);
	json_array_clear(ear->heard);
	if (both->taken)
		snmp_answer(device, in, both->by, &both->slow);
	both->same = json_equal(told, ear->heard);
	if (both->taken)
		both->same = both->same && both->slow.size == both->fast.size &&
			     !memcmp(both->slow.data, both->fast.data, both->fast.size);
	json_decref(told);
	return both->same;
}

/* A clock may tick between the two: not three times running. */
static inline bool both_answer(struct device *device, struct ear *ear, const struct datagram *in,
			       struct both *both)
{
	for (int i = 0; i < 3; i++)
		if (both_once(device, ear, in, both))
			return true;
	return false;
}

#endif
