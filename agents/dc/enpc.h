/* enpc.h: packets of ENPC, Epson's printer control protocol (COL-2). Pure: bytes only. */
#ifndef AGENTS_DC_ENPC_H
#define AGENTS_DC_ENPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ENPC_PORT = 3289 /* NET-4 */, ENPC_REQUEST_SIZE = 14 };

/* What is asked: packet type, device type and function together. */
struct enpc_function {
	char packet; /* 'P' probe, 'Q' query, 'C' command */
	uint8_t device, number;
	uint16_t function;
};

extern const struct enpc_function enpc_probe;    /* for everyone */
extern const struct enpc_function enpc_basic;    /* printer basic information */
extern const struct enpc_function enpc_clean;    /* head cleaning */
extern const struct enpc_function enpc_diagnose; /* self-diagnosis */

enum { ENPC_NORMAL = 0x0000, ENPC_REFUSED = 0xf000, ENPC_NO_FUNCTION = 0xffff };

struct enpc_reply {
	uint16_t result;
	const uint8_t *data; /* inside the datagram */
	size_t size;
};

void enpc_request(const struct enpc_function *function, uint8_t packet[ENPC_REQUEST_SIZE]);

/* Is the datagram a whole, well-formed reply to that function? */
bool enpc_parse(const struct enpc_function *function, const uint8_t *data, size_t size,
		struct enpc_reply *reply);

/* The model name in a reply to enpc_basic, cleaned; caller frees. NULL if there is none. */
char *enpc_model(const struct enpc_reply *reply);

#endif
