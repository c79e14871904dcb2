/* enpc.h: Epson's printer control protocol on UDP 3289: packets to structs and back.
 *
 * "EPSON", type letter, device type and number, function, result, length, payload; big-endian
 * (UB-E02 Technical Reference Guide, 4.7). A request is read tolerantly, as real devices must. */
#ifndef SIM_PRINTER_ENPC_H
#define SIM_PRINTER_ENPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	ENPC_HEADER = 14,
	ENPC_NAME_MAX = 32,
	ENPC_MODEL_MAX = 128,
	ENPC_PROBE_REPLY = 76,
	ENPC_PACKET_MAX = 1472,
};

/* Result codes. */
enum {
	ENPC_OK = 0x0000,
	ENPC_REFUSED = 0xf000,
	ENPC_NO_DEVICE = 0xfffe,
	ENPC_NO_FUNCTION = 0xffff,
};

enum { ENPC_INTERFACE = 0x00, ENPC_PRINTER = 0x02 }; /* device types */

struct enpc_request {
	char letter; /* 'P', 'Q', 'C' */
	uint8_t type, number;
	uint16_t function;
};

/* False if it is none that gets an answer: wrong magic, short, or an unknown letter. The result and
 * length fields of a request and bytes behind the header are not looked at. */
bool enpc_parse(const uint8_t *data, size_t size, struct enpc_request *request);

/* The header of a reply and its payload (at most 65535 bytes). */
void enpc_reply(struct buf *out, const struct enpc_request *request, uint16_t result,
		const void *payload, size_t size);

/* What the payloads say; addresses in host order. */
struct enpc_identity {
	uint8_t mac[6];
	uint32_t address, netmask, gateway;
	const char *model;
	const char *device_id; /* only enpc_put_printer reads it */
};

void enpc_interface_name(const uint8_t mac[6], char name[ENPC_NAME_MAX]);

/* Payloads. Probe: the 54 bytes of the interface, then address and netmask. */
void enpc_put_probe(struct buf *out, const struct enpc_identity *identity);
void enpc_put_interface(struct buf *out, const struct enpc_identity *identity);
void enpc_put_address(struct buf *out, const struct enpc_identity *identity);
void enpc_put_printer(struct buf *out, const struct enpc_identity *identity);
void enpc_put_names(struct buf *out, const struct enpc_identity *identity);

#endif
