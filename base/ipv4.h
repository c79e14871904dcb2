/* ipv4.h: IPv4 addresses as host-order numbers and as text. */
#ifndef BASE_IPV4_H
#define BASE_IPV4_H

#include <stdbool.h>
#include <stdint.h>

enum { IPV4_TEXT_MAX = 16 };

bool ipv4_parse(const char *text, uint32_t *address);
const char *ipv4_format(uint32_t address, char text[IPV4_TEXT_MAX]);

#endif
