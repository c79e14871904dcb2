#include "sim/cloud/listener.h"

#include <stddef.h>
#include <strings.h>

/* 198.51.100.11 (RFC 5737): where every world puts the MQTT name. */
#define BROKER_ADDRESS ((uint32_t)198 << 24 | 51 << 16 | 100 << 8 | 11)

const char *const listener_names[] = { "https", "mqtt", NULL };

enum listener listener_of(const char *sni, uint32_t address)
{
	if (sni)
		return strcasecmp(sni, LISTENER_BROKER) ? LISTENER_HTTPS : LISTENER_MQTT;
	return address == BROKER_ADDRESS ? LISTENER_MQTT : LISTENER_HTTPS;
}
