#include "sim/world/wirefault.h"

#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/digest.h"
#include "base/json.h"
#include "sim/world/world.h"

enum fault_kind { FAULT_LOSS, FAULT_DELAY, FAULT_DOWN, FAULT_BLACKHOLE, FAULT_COUNT };
enum { UP = 1, DOWN = 2, BOTH = UP | DOWN };
enum { FLOWS_MIN = 256, DELAY_MAX_MS = 600000 };

struct fault;

/* What each fault may be told, and how it is read. */
struct kind {
	struct verb verb;
	int (*read)(struct fault *fault, const json_t *parameters, struct error *err);
};

struct fault {
	bool on;
	unsigned directions;
	uint64_t count;    /* packets it reached since it was set */
	uint64_t lost_ppm; /* loss: of a million packets */
	uint64_t delay_ns, jitter_ns;
};

/* One entry: key 0 is free. */
struct flow {
	uint64_t key;
	uint64_t identity;   /* TCP: what stands for the connection in decisions */
	uint32_t sequence;   /* TCP: of its SYN */
	uint64_t packets[2]; /* counted by direction */
};

struct flows {
	struct flow *items;
	size_t capacity, used; /* capacity is a power of two */
};

struct wirefault {
	uint64_t seed;
	struct tap *tap;
	struct fault faults[FAULT_COUNT];
	struct flows flows;
};

struct wirefault *wirefault_new(uint64_t seed, struct tap *tap)
{
	struct wirefault *faults = alloc_zero(1, sizeof(*faults));
	faults->seed = seed;
	faults->tap = tap;
	return faults;
}

void wirefault_free(struct wirefault *faults)
{
	if (!faults)
		return;
	free(faults->flows.items);
	free(faults);
}

static const char *const directions[] = { "both", "up", "down", NULL };

static unsigned read_directions(const json_t *parameters)
{
	static const unsigned values[] = { BOTH, UP, DOWN };
	const char *text = json_text_of(parameters, "direction", "both");
	size_t i = 0;

	while (directions[i + 1] && strcmp(directions[i], text))
		i++;
	return values[i];
}

static double number(const json_t *parameters, const char *key)
{
	return json_number_value(json_object_get(parameters, key));
}

static int read_loss(struct fault *fault, const json_t *parameters, struct error *err)
{
	double percent = number(parameters, "percent");

	if (percent <= 0)
		return error_set(err, EINVAL, "wire.loss needs percent, above 0");
	fault->lost_ppm = (uint64_t)(percent * 10000 + 0.5);
	return 0;
}

static int read_delay(struct fault *fault, const json_t *parameters, struct error *err)
{
	double ms = number(parameters, "ms"), jitter = number(parameters, "jitterMs");

	if (ms + jitter <= 0)
		return error_set(err, EINVAL, "wire.delay needs ms or jitterMs, above 0");
	fault->delay_ns = (uint64_t)(ms * 1e6 + 0.5);
	fault->jitter_ns = (uint64_t)(jitter * 1e6 + 0.5);
	return 0;
}

#define DIRECTION                                                                                  \
	{                                                                                          \
		"direction", PARAMETER_NAME, false, 0, 0, directions,                              \
			"up is from the agent; default both"                                       \
	}

static const struct parameter of_loss[] = {
	{ "percent", PARAMETER_NUMBER, true, 0, 100, NULL, "of packets, above 0" },
	DIRECTION,
	{ .name = NULL },
};
static const struct parameter of_delay[] = {
	{ "ms", PARAMETER_NUMBER, false, 0, DELAY_MAX_MS, NULL, "each packet" },
	{ "jitterMs", PARAMETER_NUMBER, false, 0, DELAY_MAX_MS, NULL, "at most so much more" },
	DIRECTION,
	{ .name = NULL },
};

static const struct kind kinds[FAULT_COUNT] = {
	[FAULT_LOSS] = { { "wire.loss", "packets are lost", of_loss }, read_loss },
	[FAULT_DELAY] = { { "wire.delay", "packets come later", of_delay }, read_delay },
	[FAULT_DOWN] = { { "wire.down", "the link is down", NULL }, NULL },
	[FAULT_BLACKHOLE] = { { "wire.blackhole",
				"packets to and from the cloud vanish, the link stays up", NULL },
			      NULL },
};

const struct verb_list world_faults = VERB_LIST(kinds);

int wirefault_set(struct wirefault *faults, const char *name, const json_t *parameters,
		  struct error *err)
{
	const struct kind *kind = (const struct kind *)verb_find(&world_faults, name);

	if (!kind) {
		const char *near = verb_nearest(&world_faults, name);
		return error_set(err, EINVAL, "unknown fault \"%s\"%s%s", name,
				 near ? ", did you mean " : "", near ? near : "");
	}
	struct fault fault = { .on = true };
	int code = verb_check(&kind->verb, parameters, NULL, err);
	if (code < 0)
		return code;
	fault.directions = read_directions(parameters);
	if (kind->read && kind->read(&fault, parameters, err))
		return -EINVAL;
	wirefault_clear(faults, name);
	faults->faults[kind - kinds] = fault;
	return 0;
}

static void report(struct wirefault *faults, enum fault_kind kind, bool total)
{
	json_int_t count = (json_int_t)faults->faults[kind].count;

	tap_seen(faults->tap, "fault.reached",
		 json_pack("{s:s, s:I, s:b}", "fault", kinds[kind].verb.name, "count", count,
			   "total", total));
}

void wirefault_clear(struct wirefault *faults, const char *name)
{
	for (int i = 0; i < FAULT_COUNT; i++) {
		struct fault *fault = &faults->faults[i];
		if (name && strcmp(kinds[i].verb.name, name))
			continue;
		if (fault->on && fault->count)
			report(faults, (enum fault_kind)i, true);
		*fault = (struct fault){ 0 };
	}
}

static void reached(struct wirefault *faults, enum fault_kind kind)
{
	if (++faults->faults[kind].count == 1)
		report(faults, kind, false);
}

bool wirefault_is_down(const struct wirefault *faults)
{
	return faults->faults[FAULT_DOWN].on;
}

bool wirefault_drops_frame(struct wirefault *faults)
{
	if (!wirefault_is_down(faults))
		return false;
	reached(faults, FAULT_DOWN);
	return true;
}

static void flows_grow(struct flows *flows)
{
	struct flows grown = { .capacity = flows->capacity ? flows->capacity * 2 : FLOWS_MIN,
			       .used = flows->used };

	grown.items = alloc_zero(grown.capacity, sizeof(*grown.items));
	for (size_t i = 0; i < flows->capacity; i++) {
		if (!flows->items[i].key)
			continue;
		size_t at = mix64(flows->items[i].key) & (grown.capacity - 1);
		while (grown.items[at].key)
			at = (at + 1) & (grown.capacity - 1);
		grown.items[at] = flows->items[i];
	}
	free(flows->items);
	*flows = grown;
}

/* The entry of a key, made if absent. Valid until the next call. */
static struct flow *flows_find(struct flows *flows, uint64_t key)
{
	key += !key;
	if (flows->used * 2 >= flows->capacity)
		flows_grow(flows);
	size_t at = mix64(key) & (flows->capacity - 1);
	while (flows->items[at].key && flows->items[at].key != key)
		at = (at + 1) & (flows->capacity - 1);
	if (!flows->items[at].key) {
		flows->items[at].key = key;
		flows->used++;
	}
	return &flows->items[at];
}

static struct flow *flow_of(struct wirefault *faults, const struct packet *packet, bool from_agent)
{
	uint32_t far = from_agent ? packet->to : packet->from;
	uint16_t far_port = from_agent ? packet->to_port : packet->from_port;
	uint16_t near_port = from_agent ? packet->from_port : packet->to_port;
	uint64_t end = mix64((uint64_t)far << 24 | (uint64_t)far_port << 8 | packet->protocol);

	if (packet->protocol != PACKET_TCP) {
		struct flow *flow = flows_find(&faults->flows, end);
		flow->identity = end;
		return flow;
	}
	struct flow *flow = flows_find(&faults->flows, mix64(end ^ (uint64_t)near_port << 48));
	bool opens = from_agent && (packet->flags & (TCP_IS_SYN | TCP_IS_ACK)) == TCP_IS_SYN;
	if (!flow->identity || (opens && flow->sequence != packet->sequence)) {
		uint64_t key = flow->key;
		uint64_t number = ++flows_find(&faults->flows, ~end)->packets[0];
		flow = flows_find(&faults->flows, key);
		*flow = (struct flow){ .key = key,
				       .identity = mix64(end + number),
				       .sequence = packet->sequence };
	}
	return flow;
}

static bool applies(const struct fault *fault, bool from_agent)
{
	return fault->on && fault->directions & (from_agent ? UP : DOWN);
}

static bool of_cloud(const struct packet *packet, bool from_agent)
{
	uint32_t far = from_agent ? packet->to : packet->from;
	return (far & 0xffffff00u) == WORLD_CLOUD_NET;
}

struct wirefault_verdict wirefault_judge(struct wirefault *faults, const struct packet *packet,
					 bool from_agent)
{
	const struct fault *loss = &faults->faults[FAULT_LOSS];
	const struct fault *delay = &faults->faults[FAULT_DELAY];
	struct wirefault_verdict verdict = { 0 };

	if (wirefault_drops_frame(faults))
		return (struct wirefault_verdict){ .drop = true };
	if (faults->faults[FAULT_BLACKHOLE].on && of_cloud(packet, from_agent)) {
		reached(faults, FAULT_BLACKHOLE);
		return (struct wirefault_verdict){ .drop = true };
	}
	if (!loss->on && !delay->on)
		return verdict;
	struct flow *flow = flow_of(faults, packet, from_agent);
	uint64_t number = flow->packets[from_agent]++;
	uint64_t roll =
		mix64(faults->seed ^ mix64(flow->identity ^ mix64(number * 2 + from_agent)));
	if (applies(loss, from_agent) && roll % 1000000 < loss->lost_ppm) {
		reached(faults, FAULT_LOSS);
		verdict.drop = true;
	} else if (applies(delay, from_agent)) {
		reached(faults, FAULT_DELAY);
		uint64_t spread = delay->jitter_ns ? mix64(roll) % delay->jitter_ns : 0;
		verdict.delay_ns = delay->delay_ns + spread;
	}
	return verdict;
}
