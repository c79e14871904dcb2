#include <string.h>

#include "base/json.h"
#include "sim/cloud/fault.h"
#include "sim/cloud/mqtt.h"
#include "sim/cloud/spoil.h"

/* Faults of the broker. */

enum {
	COUNT_MAX = 1000000,
	OVERSIZE = 1 << 20,
	OVERSIZE_MAX = 8 << 20,
	DRIP_MS_MAX = 60000,
	KEEP_ALIVE = 30
};

static void set_text(char text[PARAMETER_TEXT_MAX + 1], const json_t *parameters, const char *key)
{
	snprintf(text, PARAMETER_TEXT_MAX + 1, "%s", json_text_of(parameters, key, ""));
}

/* ---- silence ---- */

static void set_no_connack(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.no_connack = json_int_of(parameters, "count", COUNT_MAX);
}

static void clear_no_connack(struct fault *fault)
{
	fault->mqtt.no_connack = 0;
}

static const char *const withheld[] = { "connack", "suback",  "unsuback", "puback",     "pubrec",
					"pubrel",  "pubcomp", "pingresp", "everything", NULL };

static void set_withhold(struct fault *fault, const json_t *parameters)
{
	static const unsigned types[] = {
		1u << MQTT_CONNACK, 1u << MQTT_SUBACK,   1u << MQTT_UNSUBACK,
		1u << MQTT_PUBACK,  1u << MQTT_PUBREC,   1u << MQTT_PUBREL,
		1u << MQTT_PUBCOMP, 1u << MQTT_PINGRESP, ~0u
	};

	fault->mqtt.withhold.types = types[fault_word(parameters, "packet", withheld)];
	fault->mqtt.withhold.left = json_int_of(parameters, "count", COUNT_MAX);
}

static void clear_withhold(struct fault *fault)
{
	memset(&fault->mqtt.withhold, 0, sizeof(fault->mqtt.withhold));
}

/* ---- refusals and ends ---- */

/* Failures that CONNACK or DISCONNECT tell (2.4); a client of 3.1.1 gets the nearest of its own. */
static const char *const connack_reasons[] = {
	"server-unavailable",
	"unsupported-protocol-version",
	"client-identifier-not-valid",
	"bad-user-name-or-password",
	"not-authorized",
	"unspecified-error",
	"malformed-packet",
	"protocol-error",
	"implementation-specific-error",
	"server-busy",
	"banned",
	"bad-authentication-method",
	"topic-name-invalid",
	"packet-too-large",
	"quota-exceeded",
	"payload-format-invalid",
	"retain-not-supported",
	"qos-not-supported",
	"use-another-server",
	"server-moved",
	"connection-rate-exceeded",
	NULL,
};
static const char *const disconnect_reasons[] = {
	"server-shutting-down",
	"unspecified-error",
	"malformed-packet",
	"protocol-error",
	"implementation-specific-error",
	"not-authorized",
	"server-busy",
	"keep-alive-timeout",
	"session-taken-over",
	"topic-filter-invalid",
	"topic-name-invalid",
	"receive-maximum-exceeded",
	"topic-alias-invalid",
	"packet-too-large",
	"message-rate-too-high",
	"quota-exceeded",
	"administrative-action",
	"payload-format-invalid",
	"retain-not-supported",
	"qos-not-supported",
	"use-another-server",
	"server-moved",
	"shared-subscriptions-not-supported",
	"connection-rate-exceeded",
	"maximum-connect-time",
	"subscription-identifiers-not-supported",
	"wildcard-subscriptions-not-supported",
	NULL,
};

static uint8_t reason_of(const json_t *parameters, const char *const *names)
{
	return (uint8_t)mqtt_reason_find(names[fault_word(parameters, "reason", names)]);
}

static void set_refuse(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.refuse.reason = reason_of(parameters, connack_reasons);
	fault->mqtt.refuse.left = json_int_of(parameters, "count", COUNT_MAX);
	set_text(fault->mqtt.refuse.server, parameters, "server");
}

static void clear_refuse(struct fault *fault)
{
	memset(&fault->mqtt.refuse, 0, sizeof(fault->mqtt.refuse));
}

static const char *const modes[] = { "disconnect", "close", "reset", NULL };

static void set_disconnect(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.disconnect.name = "cloud.mqtt-disconnect";
	fault->mqtt.disconnect.mode = (enum fault_mqtt_mode)fault_word(parameters, "mode", modes);
	fault->mqtt.disconnect.reason = reason_of(parameters, disconnect_reasons);
	fault->mqtt.disconnect.packets = json_int_of(parameters, "packets", 2);
	fault->mqtt.disconnect.left = json_int_of(parameters, "count", COUNT_MAX);
	set_text(fault->mqtt.disconnect.server, parameters, "server");
}

static void set_takeover(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.disconnect.name = "cloud.mqtt-takeover";
	fault->mqtt.disconnect.mode = MQTT_END_PACKET;
	fault->mqtt.disconnect.reason = MQTT_TAKEN_OVER;
	fault->mqtt.disconnect.packets = 2;
	fault->mqtt.disconnect.left = json_int_of(parameters, "count", COUNT_MAX);
	fault->mqtt.disconnect.server[0] = 0;
}

static void clear_disconnect(struct fault *fault)
{
	memset(&fault->mqtt.disconnect, 0, sizeof(fault->mqtt.disconnect));
}

static void set_session_lost(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.session_lost = json_int_of(parameters, "count", 1);
}

static void clear_session_lost(struct fault *fault)
{
	fault->mqtt.session_lost = 0;
}

/* ---- bytes ---- */

static void set_malformed(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.malformed.kind =
		(size_t)fault_word(parameters, "kind", fault_mqtt_malformed_names);
	fault->mqtt.malformed.left = json_int_of(parameters, "count", 1);
}

static void clear_malformed(struct fault *fault)
{
	memset(&fault->mqtt.malformed, 0, sizeof(fault->mqtt.malformed));
}

static void set_oversize(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.oversize.bytes = json_int_of(parameters, "bytes", OVERSIZE);
	fault->mqtt.oversize.left = json_int_of(parameters, "count", 1);
}

static void clear_oversize(struct fault *fault)
{
	memset(&fault->mqtt.oversize, 0, sizeof(fault->mqtt.oversize));
}

static void set_drip(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.drip.bytes = json_int_of(parameters, "bytes", 1);
	fault->mqtt.drip.ms = json_int_of(parameters, "ms", 100);
	fault->mqtt.drip.left = json_int_of(parameters, "count", COUNT_MAX);
}

static void clear_drip(struct fault *fault)
{
	memset(&fault->mqtt.drip, 0, sizeof(fault->mqtt.drip));
}

/* ---- commands ---- */

static void set_duplicate(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.duplicate.left = json_int_of(parameters, "count", 1);
	fault->mqtt.duplicate.fresh = json_is_true(json_object_get(parameters, "fresh"));
}

static void clear_duplicate(struct fault *fault)
{
	memset(&fault->mqtt.duplicate, 0, sizeof(fault->mqtt.duplicate));
}

static void set_spoilt(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.spoilt.left = json_int_of(parameters, "count", 1);
	fault->mqtt.spoilt.kind = (size_t)fault_word(parameters, "kind", spoil_names);
}

static void clear_spoilt(struct fault *fault)
{
	memset(&fault->mqtt.spoilt, 0, sizeof(fault->mqtt.spoilt));
}

static void set_cross(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.cross.left = json_int_of(parameters, "count", 1);
	set_text(fault->mqtt.cross.agent, parameters, "agent");
	if (!fault->mqtt.cross.agent[0])
		snprintf(fault->mqtt.cross.agent, sizeof(fault->mqtt.cross.agent), "another-agent");
}

static void clear_cross(struct fault *fault)
{
	memset(&fault->mqtt.cross, 0, sizeof(fault->mqtt.cross));
}

static void set_retain(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.retain_command = json_int_of(parameters, "count", 1);
}

static void clear_retain(struct fault *fault)
{
	fault->mqtt.retain_command = 0;
}

/* ---- limits ---- */

static void set_limits(struct fault *fault, const json_t *parameters)
{
	const json_t *retain = json_object_get(parameters, "retain");

	fault->mqtt.limits = (struct broker_limits){
		.keep_alive = (uint16_t)json_int_of(parameters, "keepAlive", KEEP_ALIVE),
		.receive_maximum = (uint16_t)json_int_of(parameters, "receiveMaximum", 0),
		.maximum_packet = (uint32_t)json_int_of(parameters, "maximumPacketSize", 0),
		.limit_qos = json_object_get(parameters, "maximumQos"),
		.maximum_qos = (uint8_t)json_int_of(parameters, "maximumQos", 0),
		.no_retain = retain && !json_is_true(retain),
	};
}

static void clear_limits(struct fault *fault)
{
	fault->mqtt.limits = (struct broker_limits){ 0 };
}

/* ---- the list ---- */

#define COUNT(what)                                                                                \
	{                                                                                          \
		"count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, what                            \
	}
#define SERVER                                                                                     \
	{                                                                                          \
		"server", PARAMETER_TEXT, .help = "server reference of 5.0: go there instead"      \
	}

static const struct parameter of_connects[] = { COUNT("CONNECTs; default: all"), { .name = NULL } };
static const struct parameter of_withhold[] = {
	{ "packet", PARAMETER_NAME, true, .names = withheld, .help = "what is not sent" },
	COUNT("packets; default: all"),
	{ .name = NULL },
};
static const struct parameter of_refuse[] = {
	{ "reason", PARAMETER_NAME, .names = connack_reasons,
	  .help = "of 5.0; 3.1.1 gets the nearest code; default server-unavailable" },
	SERVER,
	COUNT("CONNECTs; default: all"),
	{ .name = NULL },
};
static const struct parameter of_disconnect[] = {
	{ "packets", PARAMETER_INT, false, 0, COUNT_MAX, NULL,
	  "of the agent that are answered before; 0: not even CONNECT; default 2" },
	{ "mode", PARAMETER_NAME, .names = modes,
	  .help = "DISCONNECT with a reason (3.1.1: end of TLS), end of TLS, or TCP reset" },
	{ "reason", PARAMETER_NAME, .names = disconnect_reasons,
	  .help = "of 5.0; default server-shutting-down" },
	SERVER,
	COUNT("connections; default: all"),
	{ .name = NULL },
};
static const struct parameter of_connections[] = { COUNT("connections; default: all"),
						   { .name = NULL } };
static const struct parameter of_sessions[] = { COUNT("CONNECTs; default 1"), { .name = NULL } };
static const struct parameter of_malformed[] = {
	{ "kind", PARAMETER_NAME, true, .names = fault_mqtt_malformed_names },
	COUNT("connections; default 1"),
	{ .name = NULL },
};
static const struct parameter of_oversize[] = {
	{ "bytes", PARAMETER_INT, false, 1, OVERSIZE_MAX, NULL, "of payload; default 1 MiB" },
	COUNT("connections; default 1"),
	{ .name = NULL },
};
static const struct parameter of_drip[] = {
	{ "ms", PARAMETER_INT, false, 1, DRIP_MS_MAX, NULL, "between two pieces; default 100" },
	{ "bytes", PARAMETER_INT, false, 1, 65536, NULL, "of a piece; default 1" },
	COUNT("connections; default: all"),
	{ .name = NULL },
};
static const struct parameter of_duplicate[] = {
	{ "fresh", PARAMETER_BOOL, .help = "a new packet identifier and no DUP" },
	COUNT("commands; default 1"),
	{ .name = NULL },
};
static const struct parameter of_spoilt[] = {
	{ "kind", PARAMETER_NAME, true, 0, 0, spoil_names, "what is wrong with it" },
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "commands; default 1" },
	{ .name = NULL },
};
static const struct parameter of_cross[] = {
	{ "agent", PARAMETER_TEXT, .help = "whose topic it is; default another-agent" },
	COUNT("commands; default 1"),
	{ .name = NULL },
};
static const struct parameter of_commands[] = { COUNT("commands; default 1"), { .name = NULL } };
static const struct parameter of_limits[] = {
	{ "keepAlive", PARAMETER_INT, false, 1, 65535, NULL,
	  "server keep alive in seconds; default 30" },
	{ "receiveMaximum", PARAMETER_INT, false, 1, 65535, NULL, "messages of QoS 2 under way" },
	{ "maximumPacketSize", PARAMETER_INT, false, 16, MQTT_PACKET_MAX, NULL, "bytes" },
	{ "maximumQos", PARAMETER_INT, false, 0, 1, NULL, NULL },
	{ "retain", PARAMETER_BOOL, .help = "false: not available" },
	{ .name = NULL },
};

static const struct fault_kind kinds[] = {
	{ { "cloud.no-connack", "reads CONNECT and never answers", of_connects },
	  set_no_connack,
	  clear_no_connack },
	{ { "cloud.duplicate-command", "publishes a command twice", of_duplicate },
	  set_duplicate,
	  clear_duplicate },
	{ { "cloud.spoilt-command", "a command is not as the contract says", of_spoilt },
	  set_spoilt,
	  clear_spoilt },
	{ { "cloud.cross-command", "a command comes on the topic of another agent", of_cross },
	  set_cross,
	  clear_cross },
	{ { "cloud.retain-command", "a command is retained and comes again and again",
	    of_commands },
	  set_retain,
	  clear_retain },
	{ { "cloud.mqtt-withhold", "does not send packets of a type", of_withhold },
	  set_withhold,
	  clear_withhold },
	{ { "cloud.mqtt-refuse", "refuses CONNECT with a reason", of_refuse },
	  set_refuse,
	  clear_refuse },
	{ { "cloud.mqtt-disconnect", "ends connections", of_disconnect },
	  set_disconnect,
	  clear_disconnect },
	{ { "cloud.mqtt-takeover", "ends connections as if the same client had connected elsewhere",
	    of_connections },
	  set_takeover,
	  clear_disconnect },
	{ { "cloud.mqtt-session-lost", "forgets the session of who connects", of_sessions },
	  set_session_lost,
	  clear_session_lost },
	{ { "cloud.mqtt-malformed", "sends a packet that is wrong, or not now", of_malformed },
	  set_malformed,
	  clear_malformed },
	{ { "cloud.mqtt-oversize", "sends a very large message after SUBACK", of_oversize },
	  set_oversize,
	  clear_oversize },
	{ { "cloud.mqtt-drip", "sends slowly, in pieces", of_drip }, set_drip, clear_drip },
	{ { "cloud.mqtt-limits", "offers 5.0 clients less than usual", of_limits },
	  set_limits,
	  clear_limits },
};

const struct verb_list fault_mqtt_kinds = VERB_LIST(kinds);
