#include "sim/cloud/mqtt_reason.h"

#include <string.h>

#include "base/cleanup.h"
#include "sim/cloud/mqtt.h"

#define IN(type) (1u << MQTT_##type)
enum {
	CONNECTING = IN(CONNACK),
	LEAVING = IN(DISCONNECT),
	BOTH = CONNECTING | LEAVING,
	TAKING = IN(PUBACK) | IN(PUBREC),
	ACKS = TAKING | IN(PUBREL) | IN(PUBCOMP),
	SUBACKS = IN(SUBACK) | IN(UNSUBACK),
};

/* Table 2-6 */
static const struct row {
	uint8_t reason;
	unsigned packets;
	const char *name;
} rows[] = {
	{ MQTT_SUCCESS, BOTH | ACKS | SUBACKS | IN(AUTH), "success" },
	{ MQTT_GRANTED_1, IN(SUBACK), "granted-qos-1" },
	{ MQTT_GRANTED_2, IN(SUBACK), "granted-qos-2" },
	{ MQTT_DISCONNECT_WITH_WILL, LEAVING, "disconnect-with-will" },
	{ MQTT_NO_SUBSCRIBERS, TAKING, "no-matching-subscribers" },
	{ MQTT_NO_SUBSCRIPTION, IN(UNSUBACK), "no-subscription-existed" },
	{ MQTT_CONTINUE_AUTHENTICATION, IN(AUTH), "continue-authentication" },
	{ MQTT_REAUTHENTICATE, IN(AUTH), "re-authenticate" },
	{ MQTT_UNSPECIFIED, BOTH | TAKING | SUBACKS, "unspecified-error" },
	{ MQTT_MALFORMED, BOTH, "malformed-packet" },
	{ MQTT_PROTOCOL_ERROR, BOTH, "protocol-error" },
	{ MQTT_IMPLEMENTATION_ERROR, BOTH | TAKING | SUBACKS, "implementation-specific-error" },
	{ MQTT_UNSUPPORTED_VERSION, CONNECTING, "unsupported-protocol-version" },
	{ MQTT_CLIENT_NOT_VALID, CONNECTING, "client-identifier-not-valid" },
	{ MQTT_WRONG_LOGIN, CONNECTING, "bad-user-name-or-password" },
	{ MQTT_FORBIDDEN, BOTH | TAKING | SUBACKS, "not-authorized" },
	{ MQTT_SERVER_UNAVAILABLE, CONNECTING, "server-unavailable" },
	{ MQTT_SERVER_BUSY, BOTH, "server-busy" },
	{ MQTT_BANNED, CONNECTING, "banned" },
	{ MQTT_SHUTTING_DOWN, LEAVING, "server-shutting-down" },
	{ MQTT_BAD_METHOD, BOTH, "bad-authentication-method" },
	{ MQTT_KEEP_ALIVE_TIMEOUT, LEAVING, "keep-alive-timeout" },
	{ MQTT_TAKEN_OVER, LEAVING, "session-taken-over" },
	{ MQTT_FILTER_INVALID, SUBACKS | LEAVING, "topic-filter-invalid" },
	{ MQTT_TOPIC_INVALID, BOTH | TAKING, "topic-name-invalid" },
	{ MQTT_ID_IN_USE, TAKING | SUBACKS, "packet-identifier-in-use" },
	{ MQTT_ID_NOT_FOUND, IN(PUBREL) | IN(PUBCOMP), "packet-identifier-not-found" },
	{ MQTT_RECEIVE_MAXIMUM_EXCEEDED, LEAVING, "receive-maximum-exceeded" },
	{ MQTT_ALIAS_INVALID, LEAVING, "topic-alias-invalid" },
	{ MQTT_PACKET_TOO_LARGE, BOTH, "packet-too-large" },
	{ MQTT_RATE_TOO_HIGH, LEAVING, "message-rate-too-high" },
	{ MQTT_QUOTA_EXCEEDED, BOTH | TAKING | IN(SUBACK), "quota-exceeded" },
	{ MQTT_ADMINISTRATIVE, LEAVING, "administrative-action" },
	{ MQTT_PAYLOAD_INVALID, BOTH | TAKING, "payload-format-invalid" },
	{ MQTT_RETAIN_NOT_SUPPORTED, BOTH, "retain-not-supported" },
	{ MQTT_QOS_NOT_SUPPORTED, BOTH, "qos-not-supported" },
	{ MQTT_USE_ANOTHER_SERVER, BOTH, "use-another-server" },
	{ MQTT_SERVER_MOVED, BOTH, "server-moved" },
	{ MQTT_SHARED_NOT_SUPPORTED, IN(SUBACK) | LEAVING, "shared-subscriptions-not-supported" },
	{ MQTT_CONNECTION_RATE, BOTH, "connection-rate-exceeded" },
	{ MQTT_CONNECT_TIME, LEAVING, "maximum-connect-time" },
	{ MQTT_IDS_NOT_SUPPORTED, IN(SUBACK) | LEAVING, "subscription-identifiers-not-supported" },
	{ MQTT_WILDCARDS_NOT_SUPPORTED, IN(SUBACK) | LEAVING,
	  "wildcard-subscriptions-not-supported" },
};

static const struct row *find(uint8_t reason)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].reason == reason)
			return &rows[i];
	return NULL;
}

bool mqtt_reason_fits(uint8_t reason, unsigned type)
{
	const struct row *row = find(reason);
	return row && row->packets >> type & 1;
}

const char *mqtt_reason_name(uint8_t reason)
{
	const struct row *row = find(reason);
	return row ? row->name : NULL;
}

int mqtt_reason_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (!strcmp(rows[i].name, name))
			return rows[i].reason;
	return -1;
}
