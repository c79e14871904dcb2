#include "agents/common/mqtt_reason.h"

#include "base/cleanup.h"

/* MQTT 5.0, table 2-6. A server reference (0x9C, 0x9D) is followed by nobody: which hosts may be
 * spoken to is configuration, not something a server may change. */
static const struct row {
	uint8_t reason;
	enum mqtt_advice advice;
	const char *words;
} rows[] = {
	{ 0x80, MQTT_AGAIN, "unspecified error" },
	{ 0x81, MQTT_HOPELESS, "malformed packet" },
	{ 0x82, MQTT_HOPELESS, "protocol error" },
	{ 0x83, MQTT_AGAIN, "implementation specific error" },
	{ 0x84, MQTT_HOPELESS, "unsupported protocol version" },
	{ 0x85, MQTT_HOPELESS, "client identifier not valid" },
	{ 0x86, MQTT_LOGIN, "bad user name or password" },
	{ 0x87, MQTT_LOGIN, "not authorized" },
	{ 0x88, MQTT_AGAIN, "server unavailable" },
	{ 0x89, MQTT_SLOWER, "server busy" },
	{ 0x8A, MQTT_HOPELESS, "banned" },
	{ 0x8B, MQTT_AGAIN, "server shutting down" },
	{ 0x8C, MQTT_HOPELESS, "bad authentication method" },
	{ MQTT_REASON_KEEP_ALIVE, MQTT_AGAIN, "keep alive timeout" },
	{ 0x8E, MQTT_SLOWER, "session taken over" },
	{ 0x8F, MQTT_HOPELESS, "topic filter invalid" },
	{ 0x90, MQTT_HOPELESS, "topic name invalid" },
	{ 0x91, MQTT_AGAIN, "packet identifier in use" },
	{ 0x92, MQTT_AGAIN, "packet identifier not found" },
	{ 0x93, MQTT_AGAIN, "receive maximum exceeded" },
	{ MQTT_REASON_ALIAS_INVALID, MQTT_AGAIN, "topic alias invalid" },
	{ MQTT_REASON_TOO_LARGE, MQTT_AGAIN, "packet too large" },
	{ 0x96, MQTT_SLOWER, "message rate too high" },
	{ 0x97, MQTT_SLOWER, "quota exceeded" },
	{ 0x98, MQTT_LOGIN, "administrative action" },
	{ 0x99, MQTT_HOPELESS, "payload format invalid" },
	{ 0x9A, MQTT_HOPELESS, "retain not supported" },
	{ 0x9B, MQTT_HOPELESS, "QoS not supported" },
	{ 0x9C, MQTT_SLOWER, "use another server" },
	{ 0x9D, MQTT_HOPELESS, "server moved" },
	{ 0x9E, MQTT_HOPELESS, "shared subscriptions not supported" },
	{ 0x9F, MQTT_SLOWER, "connection rate exceeded" },
	{ 0xA0, MQTT_AGAIN, "maximum connect time" },
	{ 0xA1, MQTT_HOPELESS, "subscription identifiers not supported" },
	{ 0xA2, MQTT_HOPELESS, "wildcard subscriptions not supported" },
};

static const struct row *find(uint8_t reason)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].reason == reason)
			return &rows[i];
	return NULL;
}

enum mqtt_advice mqtt_reason_advice(uint8_t reason)
{
	const struct row *row = find(reason);

	if (row)
		return row->advice;
	return reason < MQTT_REASON_UNSPECIFIED ? MQTT_SILENCE : MQTT_AGAIN;
}

const char *mqtt_reason_words(uint8_t reason)
{
	const struct row *row = find(reason);

	return row ? row->words : "a reason that there is not";
}

uint8_t mqtt_reason_old(int code)
{
	static const uint8_t reasons[] = { 0x84, 0x85, 0x88, 0x86, 0x87 };

	return code >= 1 && code <= (int)COUNT_OF(reasons) ? reasons[code - 1] : 0xFF;
}
