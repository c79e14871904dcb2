#include "base/ipv4.h"

#include <arpa/inet.h>
#include <stdio.h>

bool ipv4_parse(const char *text, uint32_t *address)
{
	struct in_addr in;
	if (inet_pton(AF_INET, text, &in) != 1)
		return false;
	*address = ntohl(in.s_addr);
	return true;
}

const char *ipv4_format(uint32_t address, char text[IPV4_TEXT_MAX])
{
	snprintf(text, IPV4_TEXT_MAX, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
		 address >> 8 & 255, address & 255);
	return text;
}
