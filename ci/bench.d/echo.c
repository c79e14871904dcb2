/* bench-echo PORT SIZE: answers every datagram with its own bytes, SIZE of them: what the machine
 * can do at most. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/bench.d/udp.h"

static size_t echo(void *arg, const struct udp_packet *in, uint8_t out[UDP_SIZE_MAX])
{
	size_t size = *(size_t *)arg;
	memcpy(out, in->data, in->size < size ? in->size : size);
	return size;
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	size_t size = strtoul(argv[2], NULL, 10);
	int fd = udp_open((uint16_t)strtoul(argv[1], NULL, 10));
	if (fd < 0 || !size || size > UDP_SIZE_MAX) {
		perror("bench-echo");
		return 2;
	}
	puts("ready");
	fflush(stdout);
	udp_serve(fd, echo, NULL, &size);
}
