#include "sim/printer/trap_post.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/digest.h"
#include "base/ipv4.h"
#include "sim/printer/device.h"
#include "sim/printer/snmp_message.h"
#include "sim/printer/usm_answer.h"

enum {
	PORT_SNMP = 161,
	NS_PER_S = 1000000000,
	WAITING_MAX = 64, /* informs of one printer; a new one pushes out the oldest */
	LESSONS_MAX = 3,  /* reports in answer to one inform: its engine, its time, one more */
	ROOM = V3_AROUND + TRAP_MESSAGE_MAX + USM_PAD_MAX,
};

/* A receiver as an engine, as it told itself. */
struct receiver {
	uint8_t id[V3_ENGINE_MAX];
	size_t id_size; /* 0: not met yet */
	uint32_t boots, time;
	uint64_t heard;  /* loop time, ns */
	struct usm *usm; /* the printer's users, with keys for this engine */
};

/* An inform that is not acknowledged. */
struct waiting {
	struct waiting *next;
	struct device *device;
	size_t destination;
	struct trap_notice notice;
	int64_t request;
	unsigned attempts, lessons;
	struct timer *timer;
};

struct trap_state {
	int64_t request; /* the last one */
	struct waiting *first;
	struct receiver receivers[TRAP_DESTINATIONS_MAX];
};

static const struct trap_destination *destination_of(const struct device *device, size_t index)
{
	return &device->traps->destinations[index];
}

/* ---- state ---- */

static struct trap_state *state_of(struct device *device)
{
	if (!device->trap) {
		device->trap = alloc_zero(1, sizeof(*device->trap));
		device->trap->request =
			(int64_t)(mix64(device->host->seed ^ device->address) >> 34);
	}
	return device->trap;
}

static void forget(struct waiting *waiting)
{
	struct waiting **link = &waiting->device->trap->first;

	while (*link != waiting)
		link = &(*link)->next;
	*link = waiting->next;
	timer_free(waiting->timer);
	free(waiting);
}

void trap_state_free(struct trap_state *state)
{
	if (!state)
		return;
	while (state->first)
		forget(state->first);
	for (size_t i = 0; i < TRAP_DESTINATIONS_MAX; i++)
		usm_free(state->receivers[i].usm);
	free(state);
}

/* ---- bytes ---- */

static struct usm_engine engine_of(const struct device *device, const struct receiver *receiver)
{
	uint64_t since = (loop_now(device->host->loop) - receiver->heard) / NS_PER_S;

	return (struct usm_engine){ .id = { receiver->id, receiver->id_size },
				    .boots = receiver->boots,
				    .time = receiver->time + (uint32_t)since };
}

static size_t user_of(const struct device *device, const struct trap_destination *to)
{
	return usm_users_find(device->users,
			      (struct span){ (const uint8_t *)to->user, strlen(to->user) });
}

/* RFC 3412, 6.3: a trap's engine is the sender; RFC 3414, 4: an engine that is not known is asked
 * for by a message without user. */
static struct span put_v3(struct device *device, size_t index, int64_t id, uint8_t *pdu,
			  size_t size)
{
	const struct trap_destination *to = destination_of(device, index);
	const struct receiver *receiver = &device->trap->receivers[index];
	uint8_t own[USM_ENGINE_SIZE];
	struct usm_engine engine = usm_engine_of(device, own);
	struct usm *usm = usm_of(device);
	struct v3_envelope envelope = { .id = id, .flags = V3_REPORTABLE };

	if (to->inform && !receiver->usm)
		return v3_message_seal(&envelope, pdu, size);
	if (to->inform) {
		engine = engine_of(device, receiver);
		usm = receiver->usm;
	}
	const struct usm_session session = usm_session_of(usm, user_of(device, to), &engine);
	envelope = usm_envelope(usm, &engine, &session, session.user->level);
	envelope.id = id;
	envelope.flags |= to->inform ? V3_REPORTABLE : 0;
	return v3_message_seal(&envelope, pdu, size);
}

static struct span put_message(struct device *device, size_t index,
			       const struct trap_notice *notice, int64_t request,
			       uint8_t room[ROOM])
{
	const struct trap_destination *to = destination_of(device, index);
	const char *community = to->community ? to->community : "public";
	const uint8_t pdu = to->inform ? PDU_INFORM : PDU_TRAP;
	uint8_t *end = room + ROOM - USM_PAD_MAX;
	uint8_t *at = to->version == TRAP_V1 ? trap_push_v1(notice, end)
					     : trap_push_v2(notice, pdu, request, end);

	if (to->version == TRAP_V3)
		return put_v3(device, index, request, at, (size_t)(end - at));
	at = trap_push_community(to->version == TRAP_V1 ? 0 : 1, community, at, end);
	return (struct span){ at, (size_t)(end - at) };
}

static void send_once(struct device *device, size_t index, const struct trap_notice *notice,
		      int64_t request)
{
	const struct trap_destination *to = destination_of(device, index);
	const struct fleet_options *host = device->host;
	char address[IPV4_TEXT_MAX];
	uint8_t room[ROOM];

	if (!host->out)
		return;
	const struct span bytes = put_message(device, index, notice, request, room);
	device_seen(device, "snmp.trap",
		    json_pack("{s:s,s:i,s:s,s:s,s:b,s:I}", "to", ipv4_format(to->address, address),
			      "port", (int)to->port, "version", trap_version_names[to->version],
			      "trap", notice->name, "inform", to->inform, "request",
			      (json_int_t)request));
	host->out(host->out_arg, &(struct datagram){ .from = device->address,
						     .from_port = PORT_SNMP,
						     .to = to->address,
						     .to_port = to->port,
						     .data = bytes.data,
						     .size = bytes.size });
}

/* ---- informs ---- */

static void attempt(struct waiting *waiting)
{
	const struct trap_destination *to = destination_of(waiting->device, waiting->destination);

	waiting->attempts++;
	send_once(waiting->device, waiting->destination, &waiting->notice, waiting->request);
	timer_in(waiting->timer, to->wait_ms);
}

static void settle(struct waiting *waiting, const char *kind)
{
	device_seen(waiting->device, kind,
		    json_pack("{s:s,s:I,s:I}", "trap", waiting->notice.name, "request",
			      (json_int_t)waiting->request, "attempts",
			      (json_int_t)waiting->attempts));
	forget(waiting);
}

static void on_timer(void *arg)
{
	struct waiting *waiting = arg;
	const struct trap_destination *to = destination_of(waiting->device, waiting->destination);

	if (!waiting->device->on)
		forget(waiting);
	else if (waiting->attempts <= to->retries)
		attempt(waiting);
	else
		settle(waiting, "snmp.inform-lost");
}

static void make_room(struct trap_state *state)
{
	struct waiting *last = state->first;
	size_t count = 0;

	for (struct waiting *at = state->first; at; at = at->next, count++)
		last = at;
	if (count >= WAITING_MAX)
		settle(last, "snmp.inform-lost");
}

static void begin_inform(struct device *device, size_t index, const struct trap_notice *notice,
			 int64_t request)
{
	struct waiting *waiting = alloc_zero(1, sizeof(*waiting));

	make_room(device->trap);
	*waiting = (struct waiting){ .next = device->trap->first,
				     .device = device,
				     .destination = index,
				     .notice = *notice,
				     .request = request };
	device->trap->first = waiting;
	waiting->timer = timer_new(device->host->loop, on_timer, waiting);
	attempt(waiting);
}

void trap_post(struct device *device, size_t index, const struct trap_notice *notice)
{
	struct trap_state *state = state_of(device);

	state->request = state->request % INT32_MAX + 1;
	if (destination_of(device, index)->inform)
		begin_inform(device, index, notice, state->request);
	else
		send_once(device, index, notice, state->request);
}

/* ---- what comes back ---- */

static struct waiting *find(const struct device *device, uint32_t from, int64_t request, bool v3)
{
	struct waiting *at = device->trap->first;

	while (at) {
		const struct trap_destination *to = destination_of(device, at->destination);
		if (at->request == request && to->address == from && (to->version == TRAP_V3) == v3)
			break;
		at = at->next;
	}
	return at;
}

static void learn(struct waiting *waiting, const struct v3_parameters *told)
{
	struct device *device = waiting->device;
	struct receiver *receiver = &device->trap->receivers[waiting->destination];

	if (!told->engine.size || told->engine.size > V3_ENGINE_MAX ||
	    ++waiting->lessons > LESSONS_MAX)
		return;
	if (receiver->id_size != told->engine.size ||
	    memcmp(receiver->id, told->engine.data, told->engine.size) != 0) {
		usm_free(receiver->usm);
		receiver->usm = usm_new(device->users, mix64(device->host->seed ^ 1));
		memcpy(receiver->id, told->engine.data, told->engine.size);
		receiver->id_size = told->engine.size;
	}
	receiver->boots = (uint32_t)told->boots;
	receiver->time = (uint32_t)told->time;
	receiver->heard = loop_now(device->host->loop);
	waiting->attempts--; /* that was a question, not an attempt */
	attempt(waiting);
}

/* What is authentic is taken; of what is not, a report may tell who and when, as RFC 3414, 4 has
 * it, which at worst leads to another report. */
static bool hear_v3(struct device *device, const struct datagram *in)
{
	struct v3_message message;
	struct usm_session session;
	struct v3_scoped scoped;

	if (!v3_message_parse(in->data, in->size, &message))
		return false;
	struct waiting *waiting = find(device, in->from, message.id, true);
	if (!waiting || !v3_parameters_parse(message.parameters, &session.parameters))
		return false;
	const struct v3_parameters told = session.parameters;
	const struct receiver *receiver = &device->trap->receivers[waiting->destination];
	const struct usm_engine teller = { told.engine, (uint32_t)told.boots, (uint32_t)told.time };
	AUTO_FREE uint8_t *plain = alloc_zero(1, in->size);
	if (!message.encrypted && v3_scoped_parse(message.data, &scoped) &&
	    scoped.tag == PDU_REPORT) {
		learn(waiting, &told);
		return true;
	}
	if (receiver->usm &&
	    usm_open(receiver->usm, &teller, &message, plain, &session) == USM_FINE &&
	    session.level >= session.user->level && v3_scoped_parse(session.data, &scoped) &&
	    scoped.tag == PDU_RESPONSE)
		settle(waiting, "snmp.inform-acknowledged");
	return true;
}

bool trap_heard(struct device *device, const struct datagram *in)
{
	struct snmp_message message;

	if (!device->trap || !device->trap->first)
		return false;
	if (snmp_message_version(in->data, in->size) == 3)
		return hear_v3(device, in);
	if (!snmp_message_parse(in->data, in->size, &message) || message.pdu != PDU_RESPONSE)
		return false;
	struct waiting *waiting = find(device, in->from, ber_integer(message.request), false);
	if (waiting)
		settle(waiting, "snmp.inform-acknowledged");
	return waiting;
}
