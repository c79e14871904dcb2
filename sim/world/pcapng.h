/* pcapng.h: the blocks of a pcapng file (draft-ietf-opsawg-pcapng), little-endian, as bytes. */
#ifndef SIM_WORLD_PCAPNG_H
#define SIM_WORLD_PCAPNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { PCAPNG_ETHERNET = 1, PCAPNG_UPPER_PDU = 252 };

void pcapng_section(struct buf *out, const char *application, const char *comment);
void pcapng_interface(struct buf *out, uint16_t link_type, const char *name,
		      const char *description);

struct pcapng_name {
	uint32_t address; /* host order */
	const char *name;
};
void pcapng_names(struct buf *out, const struct pcapng_name *names, size_t count);

/* An NSS key log. It must stand before the packets it opens. */
void pcapng_secrets(struct buf *out, const void *key_log, size_t size);

struct pcapng_packet {
	uint32_t interface;
	int64_t wall_ns;
	bool outbound; /* as the agent's interface sees it */
	const void *data;
	size_t size;
	const char *comment; /* NULL: none */
};
void pcapng_packet(struct buf *out, const struct pcapng_packet *packet);

void pcapng_statistics(struct buf *out, uint32_t interface, int64_t wall_ns, uint64_t received,
		       uint64_t dropped);

/* The header that makes plaintext a packet of PCAPNG_UPPER_PDU: which protocol, from where to where
 * (Wireshark's "exported PDU" tags). */
struct pcapng_pdu {
	const char *protocol;
	uint32_t from, to;
	uint16_t from_port, to_port;
};
void pcapng_pdu(struct buf *out, const struct pcapng_pdu *pdu);

#endif
