/* capture.h: capture.pcapng as facts: the frames of the wire and the plaintext inside TLS.
 *
 * Numbers are those of Wireshark (frame.number): from 1 over every packet of the file, whatever its
 * interface, so that a number in a finding opens the right packet. */
#ifndef CONFORMANCE_CAPTURE_H
#define CONFORMANCE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* A frame on an Ethernet interface. */
struct capture_frame {
	uint64_t number;     /* from 1 */
	int64_t wall_ns;     /* UTC, since 1970 */
	bool from_agent;     /* left the agent's interface */
	const uint8_t *data; /* borrowed from the file's bytes */
	size_t size;
};

/* Plaintext of TLS as its other end saw it (LINKTYPE 252, "upper PDU"). */
struct capture_piece {
	uint64_t number;
	int64_t wall_ns;
	bool from_agent;
	char protocol[16]; /* "http", "mqtt" */
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	const uint8_t *data; /* borrowed from the file's bytes */
	size_t size;
};

struct capture {
	struct capture_frame *frames; /* owned, in file order */
	size_t frame_count;
	struct capture_piece *pieces; /* owned, in file order */
	size_t piece_count;
	uint64_t packets;  /* of all interfaces: the highest number */
	bool has_secrets;  /* a TLS key log is in the file */
	bool has_counters; /* the kernel's counters of the Ethernet interface are in the file */
	uint64_t received, dropped;
};

/* Reads a whole file that is in memory; data must outlive the capture. Fails with -EINVAL and a
 * sentence that names the byte; *capture is then empty. */
int capture_init(struct capture *capture, const uint8_t *data, size_t size, struct error *err);
void capture_done(struct capture *capture);

#endif
