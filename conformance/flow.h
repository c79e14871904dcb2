/* flow.h: who spoke with whom: every TCP connection put together again, every UDP exchange.
 *
 * Each byte range of a stream keeps the frame it came in, so a finding at an offset is a finding in
 * a packet. "Up" is what left the agent, "down" what reached it; that is decided by the direction
 * the recorder saw, never by addresses, which an agent could forge. */
#ifndef CONFORMANCE_FLOW_H
#define CONFORMANCE_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conformance/capture.h"

struct flow_range {
	size_t offset; /* in flow_stream.data */
	size_t size;   /* may be 0: an empty datagram */
	uint64_t frame;
};

struct flow_stream {
	uint8_t *data; /* owned */
	size_t size;
	struct flow_range *ranges; /* owned, by offset; of UDP one a datagram */
	size_t range_count;
	size_t whole;            /* bytes before the first gap; equals size without one */
	uint64_t missing;        /* bytes that never were in the capture */
	uint64_t conflict_frame; /* first frame that repeats bytes with other content, 0 if none */
};

enum flow_protocol { FLOW_TCP = 6, FLOW_UDP = 17 };

struct flow {
	enum flow_protocol protocol;
	uint32_t agent, peer;
	uint16_t agent_port, peer_port;
	uint64_t first_frame; /* of either side */
	uint64_t agent_frame; /* first that the agent sent, RST aside; 0 if it sent nothing */

	/* TCP only; 0: never */
	uint64_t opened;        /* SYN of the agent */
	uint64_t asked;         /* SYN of the peer */
	uint64_t accepted;      /* SYN-ACK of the agent */
	uint64_t peer_accepted; /* SYN-ACK of the peer */

	struct flow_stream up, down;
};

struct flow_table {
	struct flow *flows; /* owned, in order of their first frame */
	size_t count;
	uint64_t broken_frame; /* part of a datagram from the agent that never was whole, 0: none */
};

struct flow_table *flow_table_new(const struct capture *capture);
void flow_table_free(struct flow_table *table);

/* The frame that brought the byte at offset; 0 if there is no such byte. */
uint64_t flow_frame_at(const struct flow_stream *stream, size_t offset);

#endif
