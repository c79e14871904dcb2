#include "sim/cloud/broker.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENDS = 3 };

/* One connection; the broker may end it whenever it likes. */
struct end {
	struct broker_client *client;
	uint8_t level;
	bool dropped;
};

static uint64_t now, due;

static bool log_in(void *arg, const char *user, const char *secret)
{
	(void)arg;
	(void)secret;
	return !strcmp(user, "a");
}

static void take_result(void *arg, uint64_t connection, const char *agent, const void *data,
			size_t size)
{
	(void)arg;
	(void)connection;
	(void)agent;
	(void)data;
	(void)size;
}

static uint64_t now_ms(void *arg)
{
	(void)arg;
	return now;
}

static void wake(void *arg, uint64_t at_ms)
{
	(void)arg;
	due = at_ms < due ? at_ms : due;
}

/* What a broker says is what its codec reads. */
static void hear(void *arg, const struct mqtt_packet *packet)
{
	static struct mqtt_packet again;
	const struct end *end = arg;
	struct buf out;

	if (end->dropped)
		abort();
	buf_init(&out, 4 * MQTT_PACKET_MAX);
	mqtt_write(packet, end->level, &out);
	if (mqtt_read(out.data, out.size, end->level, &again) != MQTT_SOUND)
		abort();
	buf_done(&out);
}

static void feel_drop(void *arg, const char *why)
{
	struct end *end = arg;
	(void)why;
	end->dropped = true;
}

static void hang_up(struct end *end)
{
	broker_client_free(end->client);
	*end = (struct end){ .client = NULL };
}

static void receive(struct broker *broker, struct end *end, const uint8_t *data, size_t size)
{
	static struct mqtt_packet packet;

	if (end->dropped)
		hang_up(end);
	if (!end->client)
		end->client =
			broker_client_new(broker, 1, &(struct broker_wire){ hear, feel_drop, end });
	if (mqtt_read(data, size, end->level, &packet) != MQTT_SOUND)
		return;
	if (packet.type == MQTT_CONNECT)
		end->level = packet.connect.level < MQTT_5 ? MQTT_311 : MQTT_5;
	broker_receive(end->client, &packet);
}

/* Between packets stands a byte: whose the next one is, and what happens before it. */
static void happen(struct broker *broker, struct end *ends, uint8_t what)
{
	if (what & 0x80)
		hang_up(&ends[what % ENDS]);
	if (what & 0x40)
		broker_publish(broker, "a", "go", 2, what & 0x20);
	if (what & 0x10 && due != UINT64_MAX) {
		now = due;
		due = UINT64_MAX;
		broker_tick(broker);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct end ends[ENDS] = { { .client = NULL } };

	now = 1000;
	due = UINT64_MAX;
	struct broker *broker = broker_new(&(struct broker_rules){
		.login = log_in, .result = take_result, .now_ms = now_ms, .wake = wake });
	while (size > 1) {
		long need = mqtt_size(data + 1, size - 1);
		happen(broker, ends, data[0]);
		if (need <= 0 || (size_t)need > size - 1)
			break;
		receive(broker, &ends[data[0] % ENDS], data + 1, (size_t)need);
		data += 1 + need;
		size -= 1 + (size_t)need;
	}
	for (size_t i = 0; i < ENDS; i++)
		hang_up(&ends[i]);
	broker_free(broker);
	return 0;
}
