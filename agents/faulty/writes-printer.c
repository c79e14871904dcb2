/* writes-printer: sets sysContact of each printer it reads. Stands before snmp_peer_new. */
#include "agents/common/snmp.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "base/cleanup.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct snmp_peer *__real_snmp_peer_new(const struct snmp_options *options, struct error *err);
struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err);

/* SNMPv2c SetRequest (a3) of 1.3.6.1.2.1.1.4.0 to "x", community public. */
static const uint8_t set[] = {
	0x30, 0x27, 0x02, 0x01, 0x01, 0x04, 0x06, 'p',  'u',  'b',  'l',  'i',  'c',  0xa3,
	0x1a, 0x02, 0x01, 0x07, 0x02, 0x01, 0x00, 0x02, 0x01, 0x00, 0x30, 0x0f, 0x30, 0x0d,
	0x06, 0x08, 0x2b, 0x06, 0x01, 0x02, 0x01, 0x01, 0x04, 0x00, 0x04, 0x01, 'x',
};

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	const struct sockaddr_in printer = { .sin_family = AF_INET,
					     .sin_port = htons(161),
					     .sin_addr.s_addr = htonl(options->address) };
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sendto(fd, set, sizeof(set), 0, (const struct sockaddr *)&printer, sizeof(printer)) < 0)
		return NULL;
	return __real_snmp_peer_new(options, err);
}
