/* fault_mqtt.h: what the broker's side of a connection does wrong on purpose. All zero: nothing. */
#ifndef SIM_CLOUD_FAULT_MQTT_H
#define SIM_CLOUD_FAULT_MQTT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verb.h"
#include "sim/cloud/broker_limits.h"

enum fault_mqtt_mode { MQTT_END_PACKET, MQTT_END_CLOSE, MQTT_END_RESET };
enum fault_mqtt_place {
	MQTT_AFTER_SUBACK,
	MQTT_FOR_CONNACK,
	MQTT_AFTER_CONNACK,
};

/* One packet that no server may send, or not now. */
struct fault_mqtt_bytes {
	const char *name;
	const char *help;
	enum fault_mqtt_place place;
	bool close;           /* the connection ends behind it */
	const char *bytes[2]; /* of 3.1.1 and of 5.0; NULL: the same as 3.1.1 */
	size_t sizes[2];
};
extern const struct fault_mqtt_bytes fault_mqtt_malformed[];
extern const char *const fault_mqtt_malformed_names[]; /* in the same order, NULL-terminated */

struct fault_mqtt {
	/* So many CONNECTs are read and never answered, nor anything after them. */
	int64_t no_connack;
	/* So many commands are published twice: with DUP, or as a new message. */
	struct {
		int64_t left;
		bool fresh;
	} duplicate;
	/* So many packets of these types (1 << enum mqtt_type) are not sent. */
	struct {
		int64_t left;
		unsigned types;
	} withhold;
	/* So many CONNECTs are refused. */
	struct {
		int64_t left;
		uint8_t reason; /* as 5.0 says it */
		char server[PARAMETER_TEXT_MAX + 1];
	} refuse;
	/* So many connections end when this number of packets was answered; 0: the CONNECT is read
	 * and not answered. */
	struct {
		int64_t left;
		int64_t packets;
		enum fault_mqtt_mode mode;
		uint8_t reason;
		char server[PARAMETER_TEXT_MAX + 1];
		const char *name; /* of the fault that it is */
	} disconnect;
	/* So many connections get a packet that is wrong. */
	struct {
		int64_t left;
		size_t kind; /* row of fault_mqtt_malformed */
	} malformed;
	/* So many connections get a message of this size after their SUBACK. */
	struct {
		int64_t left;
		int64_t bytes;
	} oversize;
	/* So many connections are written to in pieces of some bytes, some ms apart. */
	struct {
		int64_t left;
		int64_t bytes, ms;
	} drip;
	/* So many CONNECTs find their session gone. */
	int64_t session_lost;
	/* So many commands come on the topic of another agent. */
	struct {
		int64_t left;
		char agent[PARAMETER_TEXT_MAX + 1];
	} cross;
	/* So many commands are not as the contract says. */
	struct {
		int64_t left;
		size_t kind; /* row of spoil_kinds */
	} spoilt;
	/* So many commands are retained, so that they come again with every subscription. */
	int64_t retain_command;
	struct broker_limits limits;
};

#endif
