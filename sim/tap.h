/* tap.h: how a simulator tells what it saw and did.
 *
 * One observation at a time: a kind ("snmp.request", "http.request", "mqtt.connect") and its
 * fields. Whoever holds the tap adds number and time and keeps it; a simulator never does. */
#ifndef SIM_TAP_H
#define SIM_TAP_H

#include <jansson.h>

struct tap {
	/* Takes over the reference to fields (may be NULL). */
	void (*seen)(struct tap *tap, const char *kind, json_t *fields);
};

static inline void tap_seen(struct tap *tap, const char *kind, json_t *fields)
{
	if (tap)
		tap->seen(tap, kind, fields);
	else
		json_decref(fields);
}

#endif
