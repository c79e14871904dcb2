#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/post_inside.h"
#include "sim/cloud/spoil.h"
#include "sim/cloud/stream.h"
#include "sim/cloud/topic.h"

static struct fault_mqtt *fault_of(const struct post *post)
{
	return &post->talk->fault->mqtt;
}

static void witness(struct post *post, const char *fault, const char *done)
{
	tls_link_witness(post->link, fault, json_pack("{s:s}", "done", done));
}

/* Takes one of those that are left. */
static bool take(int64_t *left)
{
	return *left > 0 && (*left)--;
}

/* ---- writing ---- */

static void drip(void *arg)
{
	struct post *post = arg;
	struct post_drip *drip = post->drip;
	size_t size =
		drip->waits.size < (size_t)drip->bytes ? drip->waits.size : (size_t)drip->bytes;

	talk_write(post->talk, post->link, drip->waits.data, size);
	buf_drop(&drip->waits, size);
	if (drip->waits.size)
		timer_in(drip->timer, (uint64_t)drip->ms);
}

static void begin_drip(struct post *post)
{
	struct fault_mqtt *fault = fault_of(post);

	if (!take(&fault->drip.left))
		return;
	post->drip = alloc_zero(1, sizeof(*post->drip));
	post->drip->ms = fault->drip.ms;
	post->drip->bytes = fault->drip.bytes;
	post->drip->timer = timer_new(post->talk->loop, drip, post);
	buf_init(&post->drip->waits, STREAM_QUEUE_MAX);
	witness(post, "cloud.mqtt-drip", "answers in pieces");
}

void post_write(struct post *post, const void *data, size_t size)
{
	if (!post->drip) {
		talk_write(post->talk, post->link, data, size);
		return;
	}
	bool waits = post->drip->waits.size;
	buf_add(&post->drip->waits, data, size);
	if (!waits)
		drip(post);
}

void post_fault_done(struct post *post)
{
	if (!post->drip)
		return;
	timer_free(post->drip->timer);
	buf_done(&post->drip->waits);
	free(post->drip);
}

/* ---- ends ---- */

static void end_now(struct post *post, bool reset, const char *why)
{
	post->over = true;
	post_stop_clock(post);
	talk_seen(post->talk, post->link, "mqtt.ended", json_pack("{s:s}", "why", why));
	if (reset)
		tls_link_reset(post->link);
	else
		tls_link_close(post->link);
}

static void disconnect(struct post *post)
{
	struct fault_mqtt *fault = fault_of(post);
	struct mqtt_packet packet = { .type = MQTT_DISCONNECT, .reason = fault->disconnect.reason };
	bool says = fault->disconnect.mode == MQTT_END_PACKET && post->level == MQTT_5 &&
		    fault->disconnect.packets;

	if (fault->disconnect.server[0])
		mqtt_property_add_text(&packet.properties, MQTT_SERVER_REFERENCE,
				       fault->disconnect.server);
	if (says)
		post_send(post, &packet);
	witness(post, fault->disconnect.name, says ? "DISCONNECT sent" : "connection ended");
	end_now(post, fault->disconnect.mode == MQTT_END_RESET, "ended on purpose");
}

/* ---- hearing ---- */

static void lose_session(struct post *post, const struct mqtt_packet *packet)
{
	AUTO_FREE char *agent = alloc_bytes(packet->connect.user.data, packet->connect.user.size);

	if (!take(&fault_of(post)->session_lost))
		return;
	broker_forget(post->talk->broker, agent);
	witness(post, "cloud.mqtt-session-lost", "the session was forgotten");
}

static bool hear_connect(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);

	if (take(&fault->no_connack)) {
		post->deaf = true;
		witness(post, "cloud.no-connack", "CONNECT read and never answered");
		return true;
	}
	if (!fault->disconnect.packets && take(&fault->disconnect.left)) {
		disconnect(post);
		return true;
	}
	begin_drip(post);
	lose_session(post, packet);
	return false;
}

bool post_fault_heard(struct post *post, const struct mqtt_packet *packet)
{
	if (packet->type == MQTT_CONNECT && hear_connect(post, packet))
		return true;
	return post->deaf;
}

/* ---- malformed packets ---- */

static void send_bytes(struct post *post, const struct fault_mqtt_bytes *row)
{
	size_t version = post->level == MQTT_5 && row->bytes[1];

	post_write(post, row->bytes[version], row->sizes[version]);
	tls_link_witness(post->link, "cloud.mqtt-malformed",
			 json_pack("{s:s, s:s}", "done", row->help, "packet", row->name));
	if (row->close)
		end_now(post, false, "ended on purpose");
}

static bool malform(struct post *post, enum fault_mqtt_place place)
{
	struct fault_mqtt *fault = fault_of(post);
	const struct fault_mqtt_bytes *row = &fault_mqtt_malformed[fault->malformed.kind];

	if (row->place != place || !take(&fault->malformed.left))
		return false;
	send_bytes(post, row);
	return true;
}

/* ---- saying ---- */

/* A reason of 5.0 in the words of 3.1.1 (3.2.2.3); what it does not know is "unavailable". */
static uint8_t code_311(uint8_t reason)
{
	static const struct {
		uint8_t reason, code;
	} rows[] = {
		{ MQTT_UNSUPPORTED_VERSION, MQTT_BAD_VERSION },
		{ MQTT_CLIENT_NOT_VALID, MQTT_BAD_IDENTIFIER },
		{ MQTT_WRONG_LOGIN, MQTT_BAD_LOGIN },
		{ MQTT_FORBIDDEN, MQTT_NOT_AUTHORISED },
		{ MQTT_BANNED, MQTT_NOT_AUTHORISED },
	};

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		if (rows[i].reason == reason)
			return rows[i].code;
	return MQTT_UNAVAILABLE;
}

static bool refuse(struct post *post)
{
	struct fault_mqtt *fault = fault_of(post);
	uint8_t reason = fault->refuse.reason;
	struct mqtt_packet packet = {
		.type = MQTT_CONNACK,
		.reason = post->level == MQTT_5 ? reason : code_311(reason),
	};

	if (!take(&fault->refuse.left))
		return false;
	if (fault->refuse.server[0])
		mqtt_property_add_text(&packet.properties, MQTT_SERVER_REFERENCE,
				       fault->refuse.server);
	post_send(post, &packet);
	tls_link_witness(post->link, "cloud.mqtt-refuse",
			 json_pack("{s:s, s:i}", "done", "CONNECT refused", "code", packet.reason));
	end_now(post, false, "CONNECT refused on purpose");
	return true;
}

static bool withhold(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);

	if (!(fault->withhold.types >> packet->type & 1) || !take(&fault->withhold.left))
		return false;
	tls_link_witness(post->link, "cloud.mqtt-withhold",
			 json_pack("{s:s, s:s}", "done", "not sent", "packet",
				   mqtt_type_name(packet->type)));
	return true;
}

static bool is_command(const struct mqtt_packet *packet)
{
	size_t tail = strlen(ECSP_TOPIC_COMMANDS);
	return packet->type == MQTT_PUBLISH && packet->topic.size > tail &&
	       !memcmp(packet->topic.data + packet->topic.size - tail, ECSP_TOPIC_COMMANDS, tail);
}

static bool cross(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);

	if (!is_command(packet) || !take(&fault->cross.left))
		return false;
	AUTO_FREE char *topic = topic_make(fault->cross.agent, ECSP_TOPIC_COMMANDS);
	struct mqtt_packet crossed = *packet;
	crossed.topic = (struct mqtt_bytes){ (const uint8_t *)topic, strlen(topic) };
	post_send(post, &crossed);
	witness(post, "cloud.cross-command", "published on the topic of another agent");
	return true;
}

static bool spoil(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);
	const struct spoil_kind *kind = &spoil_kinds[fault->spoilt.kind];
	struct mqtt_packet spoilt = *packet;
	struct buf payload;

	if (!is_command(packet) || !packet->payload.size || !take(&fault->spoilt.left))
		return false;
	buf_init(&payload, SPOIL_SIZE_MAX);
	spoil_command(kind, packet->payload.data, packet->payload.size, &payload);
	spoilt.payload = (struct mqtt_bytes){ payload.data, payload.size };
	post_send(post, &spoilt);
	buf_done(&payload);
	tls_link_witness(post->link, "cloud.spoilt-command",
			 json_pack("{s:s, s:s}", "done", kind->help, "command", kind->name));
	return true;
}

/* As after a PUBACK that was lost, or as a new message. */
static bool duplicate(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);
	struct mqtt_packet again = *packet;

	if (!is_command(packet) || !take(&fault->duplicate.left))
		return false;
	again.dup = again.qos && !fault->duplicate.fresh;
	if (again.qos && fault->duplicate.fresh)
		again.id = packet->id ^ (packet->id == 0x8000 ? 0x4000 : 0x8000);
	post_send(post, packet);
	post_send(post, &again);
	tls_link_witness(post->link, "cloud.duplicate-command",
			 json_pack("{s:s, s:i}", "done", "published twice", "packet", packet->id));
	return true;
}

bool post_fault_said(struct post *post, const struct mqtt_packet *packet)
{
	if (post->over)
		return true;
	if (withhold(post, packet))
		return true;
	if (packet->type == MQTT_CONNACK && packet->reason == MQTT_SUCCESS)
		return refuse(post) || malform(post, MQTT_FOR_CONNACK);
	return spoil(post, packet) || cross(post, packet) || duplicate(post, packet);
}

/* ---- what follows an answer ---- */

static void oversize(struct post *post)
{
	struct fault_mqtt *fault = fault_of(post);
	size_t size = (size_t)fault->oversize.bytes;
	static const char topic[] = "oversize";

	if (!take(&fault->oversize.left))
		return;
	AUTO_FREE uint8_t *payload = alloc_zero(1, size);
	struct mqtt_packet packet = {
		.type = MQTT_PUBLISH,
		.topic = { (const uint8_t *)topic, strlen(topic) },
		.payload = { payload, size },
	};
	struct buf out;
	buf_init(&out, size + 1024);
	memset(payload, 'x', size);
	mqtt_write(&packet, post->level, &out);
	post_write(post, out.data, out.size);
	buf_done(&out);
	tls_link_witness(
		post->link, "cloud.mqtt-oversize",
		json_pack("{s:s, s:I}", "done", "a very large message", "bytes", (json_int_t)size));
}

/* CONNACK has told them (broker_connect.c); 3.1.1 cannot. */
static void tell_limits(struct post *post, const struct mqtt_packet *packet)
{
	static const struct broker_limits usual;
	const struct broker_limits *limits = &fault_of(post)->limits;

	if (post->level == MQTT_5 && !packet->reason && memcmp(limits, &usual, sizeof(usual)) != 0)
		witness(post, "cloud.mqtt-limits", "less was offered");
}

static bool is_answer(enum mqtt_type type)
{
	return type != MQTT_PUBLISH && type != MQTT_DISCONNECT;
}

void post_fault_answered(struct post *post, const struct mqtt_packet *packet)
{
	struct fault_mqtt *fault = fault_of(post);

	if (post->over)
		return;
	if (packet->retain && is_command(packet))
		witness(post, "cloud.retain-command", "a retained command was sent");
	if (packet->type == MQTT_CONNACK) {
		tell_limits(post, packet);
		malform(post, MQTT_AFTER_CONNACK);
	}
	if (packet->type == MQTT_SUBACK) {
		malform(post, MQTT_AFTER_SUBACK);
		oversize(post);
	}
	post->heard += is_answer(packet->type);
	if (!post->over && fault->disconnect.packets && post->heard == fault->disconnect.packets &&
	    take(&fault->disconnect.left))
		disconnect(post);
}
