#include "sim/cloud/post.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/post_inside.h"

enum { CONNECT_MS = 10000, INPUT_MAX = MQTT_PACKET_MAX + 65536 };

/* ---- saying ---- */

void post_send(struct post *post, const struct mqtt_packet *packet)
{
	struct buf out;

	buf_init(&out, MQTT_PACKET_MAX + 1024);
	mqtt_write(packet, post->level, &out);
	post_tell(post, packet, false);
	post_write(post, out.data, out.size);
	buf_done(&out);
}

static void wire_send(void *arg, const struct mqtt_packet *packet)
{
	struct post *post = arg;

	if (packet->type == MQTT_CONNACK &&
	    mqtt_property_find(&packet->properties, MQTT_SERVER_KEEP_ALIVE))
		post->limit_ms =
			mqtt_property_number(&packet->properties, MQTT_SERVER_KEEP_ALIVE, 0) *
			(uint64_t)1500;
	if (!post_fault_said(post, packet))
		post_send(post, packet);
	post_fault_answered(post, packet);
}

void post_end(struct post *post, const char *why)
{
	if (post->over)
		return;
	post->over = true;
	post_stop_clock(post);
	talk_seen(post->talk, post->link, "mqtt.ended", json_pack("{s:s}", "why", why));
	tls_link_close(post->link);
}

static void wire_drop(void *arg, const char *why)
{
	post_end(arg, why);
}

/* ---- keep-alive ---- */

/* [MQTT-3.1.2-24], [MQTT-3.1.2-22] of 5.0: one and a half times the keep-alive. */
static void on_silence(void *arg)
{
	struct post *post = arg;

	if (loop_now(post->talk->loop) >= post->patience_ns) {
		broker_refuse(post->client, MQTT_KEEP_ALIVE_TIMEOUT, "no packet in time");
		return;
	}
	post->rings_ns = post->patience_ns;
	timer_set(post->silence, post->rings_ns);
}

void post_stop_clock(struct post *post)
{
	timer_free(post->silence);
	post->silence = NULL;
}

/* The timer is set anew only when it must ring earlier: one that rings too early sees it. */
static void await_packet(struct post *post)
{
	if (!post->limit_ms || post->over) {
		post_stop_clock(post);
		return;
	}
	if (!post->silence)
		post->silence = timer_new(post->talk->loop, on_silence, post);
	post->patience_ns = loop_now(post->talk->loop) + post->limit_ms * 1000000;
	if (!timer_active(post->silence) || post->patience_ns < post->rings_ns) {
		post->rings_ns = post->patience_ns;
		timer_set(post->silence, post->rings_ns);
	}
}

/* ---- from the first byte to the last ---- */

struct post *post_new(const struct talk *talk, struct tls_link *link)
{
	struct post *post = alloc_zero(1, sizeof(*post));
	struct broker_wire wire = { wire_send, wire_drop, post };

	post->talk = talk;
	post->link = link;
	post->level = MQTT_311;
	post->limit_ms = CONNECT_MS;
	post->client = broker_client_new(talk->broker, tls_link_peer(link)->connection, &wire);
	tls_link_limit(link, 0); /* silence is ours to judge */
	await_packet(post);
	buf_init(&post->input, INPUT_MAX);
	return post;
}

void post_free(struct post *post)
{
	if (!post)
		return;
	post->over = true;
	broker_client_free(post->client);
	post_stop_clock(post);
	post_fault_done(post);
	buf_done(&post->input);
	free(post);
}

/* [MQTT-4.8.0-1], of 5.0 [MQTT-4.13.1-1]: the connection is over; 5.0 is told why. */
static void malformed(struct post *post, enum mqtt_breach breach)
{
	char text[MQTT_BREACH_TEXT_MAX];

	mqtt_breach_text(breach, post->level, text);
	talk_seen(post->talk, post->link, "mqtt.malformed", json_pack("{s:s}", "why", text));
	broker_refuse(post->client, mqtt_breach_reason(breach), text);
}

static void take_connect(struct post *post, const struct mqtt_connect *connect)
{
	post->level = connect->level < MQTT_5 ? MQTT_311 : MQTT_5;
	post->limit_ms = connect->keep_alive * (uint64_t)1500;
}

static void receive(struct post *post, const uint8_t *data, size_t size)
{
	struct mqtt_packet packet;

	talk_plain(post->talk, post->link, true, data, size);
	enum mqtt_breach breach = mqtt_read(data, size, post->level, &packet);
	if (!breach && !mqtt_is_from_client(packet.type))
		breach = MQTT_WRONG_SIDE;
	if (breach) {
		malformed(post, breach);
		return;
	}
	post_tell(post, &packet, true);
	if (packet.type == MQTT_CONNECT)
		take_connect(post, &packet.connect);
	await_packet(post);
	if (!post_fault_heard(post, &packet))
		broker_receive(post->client, &packet);
	await_packet(post); /* the answer may have changed the keep-alive */
}

/* Size of the packet at the front of the input; 0: not all of it is there, or it is refused. */
static size_t next_packet(struct post *post, const uint8_t *data, size_t size)
{
	const struct broker_limits *limits = &post->talk->fault->mqtt.limits;
	long need = mqtt_size(data, size);

	if (limits->maximum_packet && post->level == MQTT_5 && need > limits->maximum_packet)
		need = -EMSGSIZE;
	if (need < 0)
		malformed(post, need == -EMSGSIZE ? MQTT_TOO_LARGE : MQTT_LENGTH_ENDLESS);
	return need > 0 && (size_t)need <= size ? (size_t)need : 0;
}

/* Returns how many bytes were whole packets. */
static size_t take_packets(struct post *post, const uint8_t *data, size_t size)
{
	size_t used = 0;

	while (!post->over && used < size) {
		size_t need = next_packet(post, data + used, size - used);
		if (!need)
			break;
		receive(post, data + used, need);
		used += need;
	}
	return used;
}

/* Only what is not whole yet is copied. */
void post_data(struct post *post, const uint8_t *data, size_t size)
{
	if (post->over)
		return;
	if (!post->input.size) {
		size_t used = take_packets(post, data, size);
		data += used;
		size -= used;
		if (post->over || !size)
			return;
	}
	if (!buf_add(&post->input, data, size)) {
		malformed(post, MQTT_TOO_LARGE);
		return;
	}
	buf_drop(&post->input, take_packets(post, post->input.data, post->input.size));
	if (!post->input.size)
		buf_done(&post->input);
}
