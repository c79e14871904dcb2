#include "conformance/enpc_query.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "sim/printer/enpc.h"

enum { TRIES = 2 };

static const struct enpc_request queries[] = {
	{ 'Q', ENPC_INTERFACE, 0, 0x0000 },
	{ 'Q', ENPC_INTERFACE, 0, 0x0010 },
	{ 'Q', ENPC_PRINTER, 0, 0x0000 },
};

static int connect_to(const char *host, uint16_t port, struct error *err)
{
	const struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM };
	struct addrinfo *found;
	char service[8];

	snprintf(service, sizeof(service), "%u", port);
	int code = getaddrinfo(host, service, &hints, &found);
	if (code)
		return error_set(err, EHOSTUNREACH, "cannot find %s: %s", host, gai_strerror(code));
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen) < 0) {
		code = errno;
		if (fd >= 0)
			close(fd);
		fd = error_set(err, code, "cannot reach %s: %s", host, strerror(code));
	}
	freeaddrinfo(found);
	return fd;
}

/* Size of the payload of a reply to this query with result 0, or -1. */
static int reply_size(const uint8_t *data, size_t size, const struct enpc_request *query)
{
	if (size < ENPC_HEADER || memcmp(data, "EPSON", 5) != 0 ||
	    data[5] != (query->letter | 0x20) || data[6] != query->type ||
	    get_be16(data + 8) != query->function || get_be16(data + 10) != ENPC_OK ||
	    get_be16(data + 12) > size - ENPC_HEADER)
		return -1;
	return get_be16(data + 12);
}

static void ask(int fd, const struct enpc_request *query, int64_t timeout_ms, json_t *replies)
{
	uint8_t out[ENPC_HEADER] = "EPSON", in[ENPC_PACKET_MAX];
	char function[16];

	out[5] = (uint8_t)query->letter;
	out[6] = query->type;
	put_be16(out + 8, query->function);
	for (int i = 0; i < TRIES; i++) {
		struct pollfd answer = { .fd = fd, .events = POLLIN };
		if (send(fd, out, sizeof(out), 0) < 0 || poll(&answer, 1, (int)timeout_ms) <= 0)
			continue;
		ssize_t got = recv(fd, in, sizeof(in), 0);
		int size = got < 0 ? -1 : reply_size(in, (size_t)got, query);
		if (size < 0)
			continue;
		snprintf(function, sizeof(function), "%02X-%04X", query->type, query->function);
		json_object_set_new(replies, function, json_hex(in + ENPC_HEADER, (size_t)size));
		return;
	}
}

json_t *enpc_query(const char *host, uint16_t port, int64_t timeout_ms, struct error *err)
{
	AUTO_CLOSE int fd = connect_to(host, port, err);

	if (fd < 0)
		return NULL;
	json_t *replies = json_object();
	for (size_t i = 0; i < COUNT_OF(queries); i++)
		ask(fd, &queries[i], timeout_ms, replies);
	return replies;
}
