/* bench-cloud discard | keep STORE | hold AGENTS: serves HTTPS on a loopback port of the kernel's
 * choice and says which. "discard": TLS and HTTP framing alone, every request is answered 200.
 * "keep": the whole cloud, MQTT too, with a store on disk and the agent dc-1, whose secret is
 * "secret". "hold": the same with that many agents, dc-1 and on, and a store in memory. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "sim/cloud/cloud.h"
#include "sim/cloud/http.h"
#include "sim/cloud/tls.h"

static struct fault no_fault;

static void reply(struct tls_link *link, bool keep_alive)
{
	static const char answer[] =
		"HTTP/1.1 200 OK\r\n"
		"Content-Type: application/json\r\n"
		"Content-Length: 58\r\n\r\n"
		"{\"upload\":\"8b0c1d2e3f405162738495a6b7c8d9e0\",\"records\":1}\n";

	tls_link_write(link, answer, sizeof(answer) - 1);
	if (!keep_alive)
		tls_link_close(link);
}

static void on_data(void *arg, struct tls_link *link, const uint8_t *data, size_t size)
{
	struct http *http = tls_link_user(link);

	(void)arg;
	if (!http) {
		http = http_new();
		tls_link_set_user(link, http);
	}
	while (size) {
		size_t used;
		enum http_event event = http_feed(http, data, size, &used);
		data += used;
		size -= used;
		if (event == HTTP_IS_BAD) {
			tls_link_close(link);
			return;
		}
		http_raw_clear(http);
		if (event != HTTP_HAS_REQUEST)
			continue;
		reply(link, http_request(http)->keep_alive);
		http_next(http);
	}
	tls_link_limit(link, 120000);
}

static void on_closed(void *arg, struct tls_link *link)
{
	(void)arg;
	http_free(tls_link_user(link));
}

static int open_port(uint16_t *port)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(here);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof(here)) || listen(fd, 1024))
		return -1;
	getsockname(fd, (struct sockaddr *)&here, &size);
	*port = ntohs(here.sin_port);
	return fd;
}

static int start_discarding(struct loop *loop, int fd, struct error *err)
{
	static const struct tls_events events = { on_data, on_closed };
	struct tls_options options = { .loop = loop, .fault = &no_fault, .events = &events };

	options.certs = cert_set_new(err);
	struct tls *tls = options.certs ? tls_new(&options, err) : NULL;
	return tls ? tls_listen(tls, fd, err) : -1;
}

static int start_cloud(struct loop *loop, int fd, const char *store, int agents, struct error *err)
{
	struct cloud_options options = { .loop = loop, .store_path = store };
	struct cloud *cloud = cloud_new(&options, err);
	char id[24];

	if (!cloud)
		return -1;
	for (int i = 1; i <= agents; i++) {
		snprintf(id, sizeof(id), "dc-%d", i);
		if (cloud_add_agent(cloud, id, "secret", "dc", err))
			return -1;
	}
	return cloud_listen(cloud, fd, err);
}

static int start(int argc, char **argv, struct loop *loop, int fd, struct error *err)
{
	if (argc == 2 && !strcmp(argv[1], "discard"))
		return start_discarding(loop, fd, err);
	if (argc == 3 && !strcmp(argv[1], "keep"))
		return start_cloud(loop, fd, argv[2], 1, err);
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return start_cloud(loop, fd, ":memory:", atoi(argv[2]), err);
	return error_set(err, EINVAL, "expected: discard | keep STORE | hold AGENTS");
}

static void allow_files(void)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files); /* too few show when the load connects */
}

int main(int argc, char **argv)
{
	struct error err = { 0 };
	uint16_t port = 0;

	allow_files();
	struct loop *loop = loop_new();
	int fd = open_port(&port);
	if (fd < 0 || start(argc, argv, loop, fd, &err)) {
		fprintf(stderr, "bench-cloud: %s\n", fd < 0 ? "no port" : error_text(&err));
		return 2;
	}
	printf("ready %u\n", port);
	fflush(stdout);
	for (;;)
		loop_turn(loop, true);
}
