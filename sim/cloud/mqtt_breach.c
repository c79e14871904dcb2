#include "sim/cloud/mqtt_breach.h"

#include <stdio.h>

#include "sim/cloud/mqtt.h"

/* Clauses without a number of their own are named by their section. */
static const struct row {
	const char *what;
	const char *clause_311, *clause_5; /* NULL: cannot be broken there */
	uint8_t reason;
} rows[MQTT_BREACH_COUNT] = {
	[MQTT_SOUND] = { "sound", "", "", MQTT_SUCCESS },
	[MQTT_CUT_SHORT] = { "the packet ends too early", "2.2.3", "2.1.4", MQTT_MALFORMED },
	[MQTT_LEFT_OVER] = { "bytes after the end", "2.2.3", "2.1.4", MQTT_MALFORMED },
	[MQTT_LENGTH_ENDLESS] = { "a length of more than 4 bytes", "2.2.3", "1.5.5",
				  MQTT_MALFORMED },
	[MQTT_LENGTH_PADDED] = { "a number in more bytes than it needs", NULL, "MQTT-1.5.5-1",
				 MQTT_MALFORMED },
	[MQTT_TOO_LARGE] = { "packet too large", "2.2.3", "MQTT-3.2.2-15", MQTT_PACKET_TOO_LARGE },
	[MQTT_TYPE_RESERVED] = { "a reserved packet type", "2.2.1", "2.1.2", MQTT_MALFORMED },
	[MQTT_WRONG_SIDE] = { "a packet type that no client sends", "2.2.1", "2.1.2",
			      MQTT_PROTOCOL_ERROR },
	[MQTT_FLAGS_RESERVED] = { "reserved flags", "MQTT-2.2.2-2", "MQTT-2.1.3-1",
				  MQTT_MALFORMED },
	[MQTT_TEXT_BAD] = { "text that is no UTF-8", "MQTT-1.5.3-1", "MQTT-1.5.4-1",
			    MQTT_MALFORMED },
	[MQTT_TEXT_NUL] = { "U+0000 in a text", "MQTT-1.5.3-2", "MQTT-1.5.4-2", MQTT_MALFORMED },
	[MQTT_CONNECT_RESERVED] = { "reserved CONNECT flag", "MQTT-3.1.2-3", "MQTT-3.1.2-3",
				    MQTT_MALFORMED },
	[MQTT_WILL_FLAGS] = { "will flags without a will", "MQTT-3.1.2-13", "MQTT-3.1.2-11",
			      MQTT_MALFORMED },
	[MQTT_WILL_QOS] = { "will QoS 3", "MQTT-3.1.2-14", "MQTT-3.1.2-12", MQTT_MALFORMED },
	[MQTT_PASSWORD_ALONE] = { "password without user", "MQTT-3.1.2-22", NULL, MQTT_MALFORMED },
	[MQTT_CONNACK_FLAGS] = { "reserved CONNACK flags", "3.2.2.1", "MQTT-3.2.2-1",
				 MQTT_MALFORMED },
	[MQTT_CONNACK_PRESENT] = { "a session present of a refused CONNECT", "MQTT-3.2.2-4",
				   "MQTT-3.2.2-6", MQTT_PROTOCOL_ERROR },
	[MQTT_QOS_3] = { "QoS 3", "MQTT-3.3.1-4", "MQTT-3.3.1-4", MQTT_MALFORMED },
	[MQTT_DUP_QOS_0] = { "DUP with QoS 0", "MQTT-3.3.1-2", "MQTT-3.3.1-2", MQTT_MALFORMED },
	[MQTT_TOPIC_EMPTY] = { "empty topic", "MQTT-4.7.3-1", "MQTT-4.7.3-1", MQTT_PROTOCOL_ERROR },
	[MQTT_TOPIC_WILDCARD] = { "wildcard in a topic name", "MQTT-3.3.2-2", "MQTT-3.3.2-2",
				  MQTT_MALFORMED },
	[MQTT_ID_ZERO] = { "packet identifier 0", "MQTT-2.3.1-1", "MQTT-2.2.1-3",
			   MQTT_PROTOCOL_ERROR },
	[MQTT_SUBSCRIBE_EMPTY] = { "no topic filter", "MQTT-3.8.3-3", "MQTT-3.8.3-2",
				   MQTT_PROTOCOL_ERROR },
	[MQTT_UNSUBSCRIBE_EMPTY] = { "no topic filter", "MQTT-3.10.3-2", "MQTT-3.10.3-2",
				     MQTT_PROTOCOL_ERROR },
	[MQTT_FILTER_EMPTY] = { "empty topic filter", "MQTT-4.7.3-1", "MQTT-4.7.3-1",
				MQTT_MALFORMED },
	[MQTT_FILTER_WILDCARD] = { "a wildcard that is not alone in its level, or # not at the end",
				   "MQTT-4.7.1-2", "MQTT-4.7.1-1", MQTT_MALFORMED },
	[MQTT_FILTERS_MANY] = { "more topic filters than this server reads", "3.8.3", "3.8.3",
				MQTT_QUOTA_EXCEEDED },
	[MQTT_OPTIONS_RESERVED] = { "QoS above 2 or reserved bits", "MQTT-3-8.3-4", "MQTT-3.8.3-5",
				    MQTT_MALFORMED },
	[MQTT_OPTIONS_SHARED] = { "no local with a shared subscription", NULL, "MQTT-3.8.3-4",
				  MQTT_PROTOCOL_ERROR },
	[MQTT_OPTIONS_RETAIN] = { "retain handling 3", NULL, "3.8.3.1", MQTT_PROTOCOL_ERROR },
	[MQTT_GRANTED_BAD] = { "a return code that no SUBACK has", "MQTT-3.9.3-2", "MQTT-3.9.3-2",
			       MQTT_PROTOCOL_ERROR },
	[MQTT_REASON_BAD] = { "a reason code that this packet does not have", "MQTT-3.2.2-6", "2.4",
			      MQTT_PROTOCOL_ERROR },
	[MQTT_PROPERTY_UNKNOWN] = { "an unknown property", NULL, "2.2.2.2", MQTT_MALFORMED },
	[MQTT_PROPERTY_PLACE] = { "a property that this packet does not have", NULL, "2.2.2.2",
				  MQTT_PROTOCOL_ERROR },
	[MQTT_PROPERTY_TWICE] = { "a property twice", NULL, "2.2.2.2", MQTT_PROTOCOL_ERROR },
	[MQTT_PROPERTY_VALUE] = { "a property with a value that it cannot have", NULL, "2.2.2.2",
				  MQTT_PROTOCOL_ERROR },
	[MQTT_PROPERTIES_MANY] = { "more properties than this server reads", NULL, "2.2.2",
				   MQTT_QUOTA_EXCEEDED },
	[MQTT_AUTH_ALONE] = { "authentication data without a method", NULL, "3.1.2.11.10",
			      MQTT_PROTOCOL_ERROR },
};

const char *mqtt_breach_text(enum mqtt_breach breach, uint8_t level,
			     char text[MQTT_BREACH_TEXT_MAX])
{
	const struct row *row = &rows[breach];
	const char *clause = level == MQTT_5 || !row->clause_311 ? row->clause_5 : row->clause_311;

	if (!clause)
		clause = row->clause_311;
	snprintf(text, MQTT_BREACH_TEXT_MAX, "%s [%s]", row->what, clause);
	return text;
}

uint8_t mqtt_breach_reason(enum mqtt_breach breach)
{
	return rows[breach].reason;
}
