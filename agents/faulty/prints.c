/* prints: sends each printer a page, as if it were a printer driver. Stands before
 * snmp_peer_new. */
#include "agents/faulty/stray.h"

static void print_page(uint32_t address)
{
	static const char page[] = "%!PS\nshowpage\n";
	enum { RAW_PRINTING = 9100 };
	const struct sockaddr_in printer = { .sin_family = AF_INET,
					     .sin_port = htons(RAW_PRINTING),
					     .sin_addr.s_addr = htonl(address) };
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (const struct sockaddr *)&printer, sizeof(printer)) == 0)
		(void)!send(fd, page, sizeof(page) - 1, MSG_NOSIGNAL);
}

struct snmp_peer *__wrap_snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	print_page(options->address);
	return __real_snmp_peer_new(options, err);
}
