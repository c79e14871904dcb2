/* believes-neighbours: takes SNMP answers from whoever sends them. Stands before connect. */
#include <netinet/in.h>
#include <sys/socket.h>

/* The linker (--wrap) puts the second in the place of the first. */
int __real_connect(int fd, const struct sockaddr *address, socklen_t size);
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size);

/* Unconnected, a socket lets in what comes from anywhere; the library sends to the printer all the
 * same. */
int __wrap_connect(int fd, const struct sockaddr *address, socklen_t size)
{
	if (((const struct sockaddr_in *)address)->sin_port == htons(161))
		return 0;
	return __real_connect(fd, address, size);
}
