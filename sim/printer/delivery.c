#include "sim/printer/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "sim/printer/device.h"
#include "sim/printer/snmp_message.h"

/* One delayed answer, with its own copy of the bytes. */
struct waiting {
	struct waiting *next, **link; /* link: what points at this one */
	struct delivery_to to;
	struct datagram out;
	struct buf bytes;
	struct timer *timer;
};

struct delivery {
	struct loop *loop;
	struct waiting *first;
};

struct delivery *delivery_new(struct loop *loop)
{
	struct delivery *delivery = alloc_zero(1, sizeof(*delivery));
	delivery->loop = loop;
	return delivery;
}

static void waiting_free(struct waiting *waiting)
{
	*waiting->link = waiting->next;
	if (waiting->next)
		waiting->next->link = waiting->link;
	timer_free(waiting->timer);
	buf_done(&waiting->bytes);
	free(waiting);
}

void delivery_free(struct delivery *delivery)
{
	if (!delivery)
		return;
	while (delivery->first)
		waiting_free(delivery->first);
	free(delivery);
}

/* ---- faults ---- */

/* Integers of an answer are changed in place: the size of their encoding stays. */
static void overwrite(struct buf *answer, struct span span, uint8_t flip)
{
	size_t at = (size_t)(span.data - answer->data) + span.size - 1;
	answer->data[at] ^= flip;
}

static void spoil_error_status(const struct fault *fault, const struct snmp_message *message,
			       struct buf *answer)
{
	size_t status = (size_t)(message->error_status.data - answer->data);
	size_t index = (size_t)(message->error_index.data - answer->data);
	answer->data[status] = (uint8_t)fault->error_status;
	answer->data[index] = message->varbind_count ? 1 : 0;
}

static bool spoil(const struct fault *fault, struct buf *answer)
{
	struct snmp_message message;
	struct buf shorter;

	if (!snmp_message_parse(answer->data, answer->size, &message))
		return false;
	if (fault->wrong_request) {
		overwrite(answer, message.request, 0x55);
	} else if (fault->error_status) {
		spoil_error_status(fault, &message, answer);
	} else if (fault->missing_varbind && message.varbind_count) {
		buf_init(&shorter, answer->max);
		snmp_message_rebuild(&message, message.varbind_count - 1, &shorter);
		buf_done(answer);
		*answer = shorter;
	} else if (fault->malformed) {
		/* The outer length stays, a third of what it promises is cut off. */
		answer->size -= answer->size / 3;
	} else {
		return false;
	}
	return true;
}

/* ---- sending ---- */

static void see_response(struct device *device, const struct buf *answer)
{
	struct snmp_message message;

	if (!device->host->tap)
		return;
	if (!snmp_message_parse(answer->data, answer->size, &message))
		return; /* spoilt: fault.reached has said so */
	device_seen(device, "snmp.response",
		    json_pack("{s:I,s:I,s:I,s:o}", "request",
			      (json_int_t)ber_integer(message.request), "errorStatus",
			      (json_int_t)ber_integer(message.error_status), "errorIndex",
			      (json_int_t)ber_integer(message.error_index), "oids",
			      snmp_message_oids(&message)));
}

static void send_now(const struct delivery_to *to, const struct datagram *out,
		     const struct buf *bytes)
{
	struct datagram datagram = *out;
	datagram.data = bytes->data;
	datagram.size = bytes->size;
	if (to->snmp)
		see_response(to->device, bytes);
	to->sink(to->arg, &datagram);
}

static void on_timer(void *arg)
{
	struct waiting *waiting = arg;
	if (waiting->to.device->on)
		send_now(&waiting->to, &waiting->out, &waiting->bytes);
	waiting_free(waiting);
}

static void send_later(struct delivery *delivery, const struct delivery_to *to,
		       const struct datagram *out, struct buf *bytes)
{
	struct waiting *waiting = alloc_zero(1, sizeof(*waiting));
	*waiting = (struct waiting){ .next = delivery->first,
				     .link = &delivery->first,
				     .to = *to,
				     .out = *out,
				     .bytes = *bytes };
	waiting->to.in = NULL; /* borrowed for the call only */
	if (waiting->next)
		waiting->next->link = &waiting->next;
	delivery->first = waiting;
	waiting->timer = timer_new(delivery->loop, on_timer, waiting);
	timer_in(waiting->timer, (uint64_t)to->device->fault.delay_ms);
}

void delivery_send(struct delivery *delivery, const struct delivery_to *to,
		   const struct buf *answer)
{
	const struct fault *fault = &to->device->fault;
	const struct datagram out = { .from = to->device->address,
				      .from_port = to->in->to_port,
				      .to = to->in->from,
				      .to_port = to->in->from_port };
	struct buf bytes;

	if (!fault->name) {
		send_now(to, &out, answer);
		return;
	}
	buf_init(&bytes, answer->max);
	buf_add(&bytes, answer->data, answer->size);
	if (fault->delay_ms) {
		fault_reached(to->device);
		send_later(delivery, to, &out, &bytes);
		return;
	}
	if (to->snmp && spoil(fault, &bytes))
		fault_reached(to->device);
	send_now(to, &out, &bytes);
	buf_done(&bytes);
}
