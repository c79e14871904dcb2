/* udp.h: the socket of the benchmark's servers: one for every address of 127/8, in batches.
 *
 * Fleet and echo share it, so that what differs between them is the answering alone. */
#ifndef CI_BENCH_D_UDP_H
#define CI_BENCH_D_UDP_H

#include <stddef.h>
#include <stdint.h>

enum { UDP_BATCH = 64, UDP_SIZE_MAX = 2048 };

struct udp_packet {
	uint32_t from, to; /* host order */
	uint16_t from_port;
	uint8_t *data;
	size_t size;
};

/* Writes the answer and returns its size; 0: none. */
typedef size_t udp_answer(void *arg, const struct udp_packet *in, uint8_t out[UDP_SIZE_MAX]);

/* A socket on this port of any address, with room for many requests; -1 on error, with errno. */
int udp_open(uint16_t port);

/* Serves until a signal ends the program. turn is called once a batch; may be NULL. */
void udp_serve(int fd, udp_answer *answer, void (*turn)(void *arg), void *arg);

#endif
