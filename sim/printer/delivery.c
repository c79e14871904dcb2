#include "sim/printer/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "sim/printer/device.h"
#include "sim/printer/fault.h"
#include "sim/printer/snmp_message.h"
#include "sim/printer/snmp_tell.h"

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

/* ---- sending ---- */

static void send_now(const struct delivery_to *to, const struct datagram *out,
		     const struct buf *bytes)
{
	struct datagram datagram = *out;
	datagram.data = bytes->data;
	datagram.size = bytes->size;
	if (to->snmp) /* one that is spoilt cannot be read: fault.reached has said so */
		snmp_tell_response(to->device, bytes->data, bytes->size);
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
		       const struct datagram *out, const struct buf *bytes, uint64_t delay_ms)
{
	struct waiting *waiting = alloc_zero(1, sizeof(*waiting));

	*waiting = (struct waiting){
		.next = delivery->first, .link = &delivery->first, .to = *to, .out = *out
	};
	buf_init(&waiting->bytes, bytes->max);
	buf_add(&waiting->bytes, bytes->data, bytes->size);
	waiting->to.in = NULL; /* borrowed for the call only */
	if (waiting->next)
		waiting->next->link = &waiting->next;
	delivery->first = waiting;
	waiting->timer = timer_new(delivery->loop, on_timer, waiting);
	timer_in(waiting->timer, delay_ms);
}

static void send_copies(struct delivery *delivery, const struct delivery_to *to,
			const struct answer *answer, const struct buf *bytes)
{
	const struct datagram out = { .from = answer->from,
				      .from_port = answer->from_port,
				      .to = to->in->from,
				      .to_port = to->in->from_port };

	for (int64_t i = 0; i <= answer->copies; i++) {
		uint64_t delay_ms = answer->delay_ms + (uint64_t)i * answer->apart_ms;
		if (delay_ms)
			send_later(delivery, to, &out, bytes, delay_ms);
		else
			send_now(to, &out, bytes);
	}
}

static void send_spoilt(struct delivery *delivery, const struct delivery_to *to,
			const struct buf *bytes)
{
	struct answer answer = { .from = to->device->address, .from_port = to->in->to_port };

	buf_init(&answer.bytes, bytes->max);
	buf_init(&answer.earlier, bytes->max);
	buf_add(&answer.bytes, bytes->data, bytes->size);
	fault_spoil(to->device, to->in, to->snmp, &answer);
	if (answer.earlier.size)
		send_copies(delivery, to, &answer, &answer.earlier);
	if (!answer.lost)
		send_copies(delivery, to, &answer, &answer.bytes);
	buf_done(&answer.bytes);
	buf_done(&answer.earlier);
}

void delivery_send(struct delivery *delivery, const struct delivery_to *to,
		   const struct buf *answer)
{
	const struct datagram out = { .from = to->device->address,
				      .from_port = to->in->to_port,
				      .to = to->in->from,
				      .to_port = to->in->from_port };

	if (to->device->faults)
		send_spoilt(delivery, to, answer);
	else
		send_now(to, &out, answer);
}
