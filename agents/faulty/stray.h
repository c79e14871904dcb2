/* stray.h: for faulty agents that send each printer a datagram of their own. Stands before
 * snmp_peer_new. */
#ifndef AGENTS_FAULTY_STRAY_H
#define AGENTS_FAULTY_STRAY_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "agents/common/snmp.h"
#include "base/cleanup.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct snmp_peer *__real_snmp_peer_new(const struct snmp_options *options, struct error *err);
struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err);

static inline struct snmp_peer *stray_send(const struct snmp_options *options, uint16_t port,
					   const void *data, size_t size, struct error *err)
{
	const struct sockaddr_in printer = { .sin_family = AF_INET,
					     .sin_port = htons(port),
					     .sin_addr.s_addr = htonl(options->address) };
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sendto(fd, data, size, 0, (const struct sockaddr *)&printer, sizeof(printer)) < 0)
		return NULL;
	return __real_snmp_peer_new(options, err);
}

#endif
