#include "sim/cloud/listener.h"

#include <stddef.h>
#include <strings.h>

/* 198.51.100.11 (RFC 5737): where every world puts the MQTT name. */
#define BROKER_ADDRESS ((uint32_t)198 << 24 | 51 << 16 | 100 << 8 | 11)

const char *const listener_names[] = { "https", "mqtt", NULL };

enum listener listener_of(const char *sni, uint32_t address)
{
	static const char *const brokers[] = { LISTENER_BROKER,
					       "mqtt." LISTENER_EU "." LISTENER_DOMAIN,
					       "mqtt." LISTENER_CN "." LISTENER_DOMAIN };

	for (size_t i = 0; sni && i < sizeof(brokers) / sizeof(brokers[0]); i++)
		if (!strcasecmp(sni, brokers[i]))
			return LISTENER_MQTT;
	if (sni)
		return LISTENER_HTTPS;
	return address == BROKER_ADDRESS ? LISTENER_MQTT : LISTENER_HTTPS;
}
