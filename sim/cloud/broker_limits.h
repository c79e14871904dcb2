/* broker_limits.h: what a broker of MQTT 5.0 allows its clients, told in CONNACK (3.2.2.3). */
#ifndef SIM_CLOUD_BROKER_LIMITS_H
#define SIM_CLOUD_BROKER_LIMITS_H

#include <stdbool.h>
#include <stdint.h>

/* Zero: the usual value. */
struct broker_limits {
	uint16_t keep_alive;      /* seconds, at most */
	uint16_t receive_maximum; /* messages of QoS 2 that are under way */
	uint32_t maximum_packet;  /* bytes */
	bool limit_qos;
	uint8_t maximum_qos; /* with limit_qos: 0 or 1 */
	bool no_retain;
};

#endif
