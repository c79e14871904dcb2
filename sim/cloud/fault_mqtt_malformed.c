#include "sim/cloud/fault_mqtt.h"

/* Bytes as they are, so that nothing of the codec stands between a fault and the wire. */
#define SAME(bytes)                                                                                \
	{ (bytes), NULL },                                                                         \
	{                                                                                          \
		sizeof(bytes) - 1, 0                                                               \
	}
#define BOTH(one, other)                                                                           \
	{ (one), (other) },                                                                        \
	{                                                                                          \
		sizeof(one) - 1, sizeof(other) - 1                                                 \
	}

/* name, what it is, where it is sent, whether the connection ends behind it, bytes */
const struct fault_mqtt_bytes fault_mqtt_malformed[] = {
	{ "reserved-type", "packet type 0", MQTT_AFTER_SUBACK, false, SAME("\x00\x00") },
	{ "reserved-flags", "PINGRESP with flags [MQTT-2.2.2-1]", MQTT_AFTER_SUBACK, false,
	  SAME("\xd1\x00") },
	{ "length-endless", "a remaining length of five bytes", MQTT_AFTER_SUBACK, false,
	  SAME("\x30\xff\xff\xff\xff\x01") },
	{ "length-huge", "a remaining length of 256 MiB, then nothing", MQTT_AFTER_SUBACK, false,
	  SAME("\x30\xff\xff\xff\x7f") },
	{ "truncated", "half a PUBLISH, then the end", MQTT_AFTER_SUBACK, true,
	  SAME("\x30\x20\x00\x01\x74") },
	{ "publish-qos-3", "QoS 3 [MQTT-3.3.1-4]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x36\x05\x00\x01\x74\x00\x01", "\x36\x06\x00\x01\x74\x00\x01\x00") },
	{ "publish-dup-qos-0", "DUP with QoS 0 [MQTT-3.3.1-2]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x38\x03\x00\x01\x74", "\x38\x04\x00\x01\x74\x00") },
	{ "publish-id-0", "packet identifier 0 [MQTT-2.3.1-1]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x32\x05\x00\x01\x74\x00\x00", "\x32\x06\x00\x01\x74\x00\x00\x00") },
	{ "publish-topic-empty", "no topic [MQTT-4.7.3-1]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x30\x02\x00\x00", "\x30\x03\x00\x00\x00") },
	{ "publish-topic-wildcard", "a topic with # [MQTT-3.3.2-2]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x30\x03\x00\x01\x23", "\x30\x04\x00\x01\x23\x00") },
	{ "publish-topic-nul", "a topic with U+0000 [MQTT-1.5.3-2]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x30\x03\x00\x01\x00", "\x30\x04\x00\x01\x00\x00") },
	{ "publish-topic-utf8", "a topic that is no UTF-8 [MQTT-1.5.3-1]", MQTT_AFTER_SUBACK, false,
	  BOTH("\x30\x04\x00\x02\xc0\xaf", "\x30\x05\x00\x02\xc0\xaf\x00") },
	{ "publish-topic-overrun", "a topic longer than its packet", MQTT_AFTER_SUBACK, false,
	  SAME("\x30\x03\x00\xff\x74") },
	{ "unsolicited-puback", "an acknowledgement of nothing", MQTT_AFTER_SUBACK, false,
	  SAME("\x40\x02\x7f\xff") },
	{ "unsolicited-pubrec", "an acknowledgement of nothing", MQTT_AFTER_SUBACK, false,
	  SAME("\x50\x02\x7f\xff") },
	{ "unsolicited-pubrel", "a release of nothing", MQTT_AFTER_SUBACK, false,
	  SAME("\x62\x02\x7f\xff") },
	{ "unsolicited-pubcomp", "an acknowledgement of nothing", MQTT_AFTER_SUBACK, false,
	  SAME("\x70\x02\x7f\xff") },
	{ "unsolicited-suback", "an acknowledgement of nothing", MQTT_AFTER_SUBACK, false,
	  BOTH("\x90\x03\x7f\xff\x00", "\x90\x04\x7f\xff\x00\x00") },
	{ "unsolicited-unsuback", "an acknowledgement of nothing", MQTT_AFTER_SUBACK, false,
	  BOTH("\xb0\x02\x7f\xff", "\xb0\x04\x7f\xff\x00\x00") },
	{ "unsolicited-pingresp", "an answer to no PINGREQ", MQTT_AFTER_SUBACK, false,
	  SAME("\xd0\x00") },
	{ "second-connack", "CONNACK twice", MQTT_AFTER_SUBACK, false,
	  BOTH("\x20\x02\x00\x00", "\x20\x03\x00\x00\x00") },
	{ "from-client", "SUBSCRIBE, which only a client sends", MQTT_AFTER_SUBACK, false,
	  BOTH("\x82\x06\x00\x01\x00\x01\x74\x00", "\x82\x07\x00\x01\x00\x00\x01\x74\x00") },
	{ "publish-before-suback", "a message before any subscription", MQTT_AFTER_CONNACK, false,
	  BOTH("\x30\x03\x00\x01\x74", "\x30\x04\x00\x01\x74\x00") },
	{ "connack-flags", "CONNACK with reserved flags [MQTT-3.2.2-1]", MQTT_FOR_CONNACK, false,
	  BOTH("\x20\x02\x02\x00", "\x20\x03\x02\x00\x00") },
	{ "connack-short", "CONNACK of one byte", MQTT_FOR_CONNACK, false, SAME("\x20\x01\x00") },
	{ "connack-long", "CONNACK with bytes after its end", MQTT_FOR_CONNACK, false,
	  BOTH("\x20\x03\x00\x00\x00", "\x20\x05\x00\x00\x00\x00\x00") },
	{ "connack-code", "CONNACK with a code that there is not", MQTT_FOR_CONNACK, false,
	  BOTH("\x20\x02\x00\x09", "\x20\x03\x00\x09\x00") },
	{ "pingresp-for-connack", "PINGRESP instead of CONNACK", MQTT_FOR_CONNACK, false,
	  SAME("\xd0\x00") },
	{ "suback-for-connack", "SUBACK instead of CONNACK", MQTT_FOR_CONNACK, false,
	  BOTH("\x90\x03\x00\x01\x00", "\x90\x04\x00\x01\x00\x00") },
	{ "publish-for-connack", "a message instead of CONNACK", MQTT_FOR_CONNACK, false,
	  BOTH("\x30\x03\x00\x01\x74", "\x30\x04\x00\x01\x74\x00") },
};

const char *const fault_mqtt_malformed_names[] = {
	"reserved-type",
	"reserved-flags",
	"length-endless",
	"length-huge",
	"truncated",
	"publish-qos-3",
	"publish-dup-qos-0",
	"publish-id-0",
	"publish-topic-empty",
	"publish-topic-wildcard",
	"publish-topic-nul",
	"publish-topic-utf8",
	"publish-topic-overrun",
	"unsolicited-puback",
	"unsolicited-pubrec",
	"unsolicited-pubrel",
	"unsolicited-pubcomp",
	"unsolicited-suback",
	"unsolicited-unsuback",
	"unsolicited-pingresp",
	"second-connack",
	"from-client",
	"publish-before-suback",
	"connack-flags",
	"connack-short",
	"connack-long",
	"connack-code",
	"pingresp-for-connack",
	"suback-for-connack",
	"publish-for-connack",
	NULL,
};

_Static_assert(sizeof(fault_mqtt_malformed) / sizeof(fault_mqtt_malformed[0]) + 1 ==
		       sizeof(fault_mqtt_malformed_names) / sizeof(fault_mqtt_malformed_names[0]),
	       "a malformed packet without a name");
