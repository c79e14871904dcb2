#include "sim/cloud/post.h"

#include <errno.h>

#include "base/json.h"

enum { CONNECT_MS = 10000, INPUT_MAX = MQTT_PACKET_MAX + 65536 };

struct post {
	const struct talk *talk;
	struct tls_link *link;
	struct broker_client *client;
	struct buf input;
	uint64_t limit_ms; /* between two packets; 0: none */
	bool deaf;         /* cloud.no-connack: reads on, answers nothing */
	bool over;
};

static json_t *text(struct mqtt_bytes bytes)
{
	return json_lossy_text(bytes.data, bytes.size);
}

static json_t *body(struct mqtt_bytes payload)
{
	json_t *value = json_read_text((const char *)payload.data, payload.size, "payload", NULL);
	return value ? value : text(payload);
}

static json_t *filters(const struct mqtt_packet *packet)
{
	json_t *list = json_array();
	for (size_t i = 0; i < packet->filter_count; i++)
		json_array_append_new(list, json_pack("{s:o, s:i}", "topic",
						      text(packet->filters[i].topic), "qos",
						      packet->filters[i].qos));
	return list;
}

static json_t *connect_fields(const struct mqtt_connect *connect)
{
	return json_pack("{s:o, s:o, s:b, s:i, s:i, s:b}", "client", text(connect->client), "user",
			 connect->has_user ? text(connect->user) : json_null(), "clean",
			 connect->clean, "keepAlive", connect->keep_alive, "version",
			 connect->level, "will", connect->has_will);
}

static json_t *publish_fields(const struct mqtt_packet *packet, bool from_agent)
{
	return json_pack("{s:s, s:o, s:i, s:i, s:b, s:b, s:o}", "from",
			 from_agent ? "agent" : "cloud", "topic", text(packet->topic), "qos",
			 packet->qos, "packet", packet->id, "dup", packet->dup, "retain",
			 packet->retain, "body", body(packet->payload));
}

static json_t *subscribe_fields(const struct mqtt_packet *packet)
{
	return json_pack("{s:o, s:i, s:i, s:o}", "topic", text(packet->filters[0].topic), "qos",
			 packet->filters[0].qos, "packet", packet->id, "filters", filters(packet));
}

static json_t *packet_fields(const struct mqtt_packet *packet, bool from_agent)
{
	switch (packet->type) {
	case MQTT_CONNECT:
		return connect_fields(&packet->connect);
	case MQTT_CONNACK:
		return json_pack("{s:i, s:b}", "code", packet->code, "sessionPresent",
				 packet->session_present);
	case MQTT_PUBLISH:
		return publish_fields(packet, from_agent);
	case MQTT_SUBSCRIBE:
	case MQTT_UNSUBSCRIBE:
	case MQTT_SUBACK:
		return subscribe_fields(packet);
	case MQTT_PUBACK:
	case MQTT_PUBREC:
	case MQTT_PUBREL:
	case MQTT_PUBCOMP:
	case MQTT_UNSUBACK:
		return json_pack("{s:s, s:i}", "from", from_agent ? "agent" : "cloud", "packet",
				 packet->id);
	case MQTT_PINGREQ:
	case MQTT_PINGRESP:
	case MQTT_DISCONNECT:
		break;
	}
	return json_object();
}

static void observe(const struct post *post, const struct mqtt_packet *packet, bool from_agent)
{
	char kind[32];
	snprintf(kind, sizeof(kind), "mqtt.%s", mqtt_type_name(packet->type));
	talk_seen(post->talk, post->link, kind, packet_fields(packet, from_agent));
}

static void send_now(struct post *post, const struct mqtt_packet *packet)
{
	struct buf out;

	buf_init(&out, MQTT_PACKET_MAX + 16);
	mqtt_write(packet, &out);
	observe(post, packet, false);
	talk_write(post->talk, post->link, out.data, out.size);
	buf_done(&out);
}

static void wire_send(void *arg, const struct mqtt_packet *packet)
{
	struct post *post = arg;
	struct fault *fault = post->talk->fault;

	send_now(post, packet);
	if (packet->type != MQTT_PUBLISH || !fault->mqtt.duplicate_command)
		return;
	fault->mqtt.duplicate_command--;
	struct mqtt_packet again = *packet;
	again.dup = again.qos; /* as after a PUBACK that was lost */
	send_now(post, &again);
	tls_link_witness(post->link, "cloud.duplicate-command",
			 json_pack("{s:s, s:i}", "done", "published twice", "packet", packet->id));
}

static void wire_drop(void *arg, const char *why)
{
	struct post *post = arg;
	post->over = true;
	talk_seen(post->talk, post->link, "mqtt.ended", json_pack("{s:s}", "why", why));
	tls_link_close(post->link);
}

struct post *post_new(const struct talk *talk, struct tls_link *link)
{
	struct post *post = alloc_zero(1, sizeof(*post));
	struct broker_wire wire = { wire_send, wire_drop, post };

	post->talk = talk;
	post->link = link;
	post->limit_ms = CONNECT_MS;
	post->client = broker_client_new(talk->broker, tls_link_peer(link)->connection, &wire);
	buf_init(&post->input, INPUT_MAX);
	return post;
}

void post_free(struct post *post)
{
	if (!post)
		return;
	broker_client_free(post->client);
	buf_done(&post->input);
	free(post);
}

static void malformed(struct post *post, const char *why)
{
	post->over = true;
	talk_seen(post->talk, post->link, "mqtt.malformed", json_pack("{s:s}", "why", why));
	tls_link_close(post->link); /* [MQTT-4.8.0-1] */
}

static void receive_connect(struct post *post, const struct mqtt_packet *packet)
{
	struct fault *fault = post->talk->fault;

	/* [MQTT-3.1.2-24]: one and a half times the keep-alive */
	post->limit_ms = packet->connect.keep_alive * 1500u;
	tls_link_limit(post->link, post->limit_ms);
	if (fault->mqtt.no_connack) {
		fault->mqtt.no_connack--;
		post->deaf = true;
		tls_link_witness(post->link, "cloud.no-connack",
				 json_pack("{s:s}", "done", "CONNECT read and never answered"));
		return;
	}
	broker_receive(post->client, packet);
}

static void receive(struct post *post, const uint8_t *data, size_t size)
{
	struct mqtt_packet packet;

	talk_plain(post->talk, post->link, true, data, size);
	const char *why = mqtt_read(data, size, &packet);
	if (why) {
		malformed(post, why);
		return;
	}
	observe(post, &packet, true);
	tls_link_limit(post->link, post->limit_ms);
	if (post->deaf)
		return;
	if (packet.type == MQTT_CONNECT)
		receive_connect(post, &packet);
	else
		broker_receive(post->client, &packet);
}

void post_data(struct post *post, const uint8_t *data, size_t size)
{
	size_t used = 0;

	if (post->over)
		return;
	if (!buf_add(&post->input, data, size)) {
		malformed(post, "too much at once");
		return;
	}
	while (!post->over && used < post->input.size) {
		size_t left = post->input.size - used;
		long need = mqtt_size(post->input.data + used, left);
		if (need < 0)
			malformed(post, need == -EMSGSIZE
						? "packet too large"
						: "remaining length of more than 4 bytes");
		if (need <= 0 || (size_t)need > left)
			break;
		receive(post, post->input.data + used, (size_t)need);
		used += (size_t)need;
	}
	buf_drop(&post->input, used);
}
