/* bench-mqtt PORT CLIENTS publish|receive|idle MILLISECONDS: that many agents of the cloud's
 * broker, or of any other, over TLS, MQTT 3.1.1; agent N is "dc-N" with the password "secret".
 * "publish": each publishes with QoS 1 on a topic of its own, 256 bytes, and again after the
 * PUBACK. "receive": it has subscribed that topic with QoS 1 and publishes again when it has the
 * message back. "idle": nothing is said, and nobody expects it to be (keep-alive 0). Prints
 * "ready", waits for a line, then prints "ROUNDS SECONDS". */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/cloud/mqtt.h"

enum { PAYLOAD = 256, INPUT_MAX = 4096, READY_MAX = 64, OTHER_FILES = 16, PORTS = 25000 };

struct agent {
	int fd;
	SSL *ssl;
	char id[24], topic[64];
	uint8_t input[INPUT_MAX];
	size_t size;
	bool acknowledged, received; /* of this round */
	uint16_t packet;
};

struct load {
	SSL_CTX *context;
	uint16_t port;
	bool receives, idles;
	struct agent *agents;
	size_t count;
	uint64_t rounds;
};

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static struct mqtt_bytes bytes_of(const char *text)
{
	return (struct mqtt_bytes){ (const uint8_t *)text, strlen(text) };
}

/* ---- one agent ---- */

static void say(struct agent *agent, const struct mqtt_packet *packet)
{
	struct buf out;

	buf_init(&out, INPUT_MAX);
	mqtt_write(packet, MQTT_311, &out);
	/* Less than the socket takes at once, ever: one round is out at a time. */
	if (SSL_write(agent->ssl, out.data, (int)out.size) != (int)out.size)
		errx(2, "%s: the server takes no packet", agent->id);
	buf_done(&out);
}

static void publish(struct agent *agent)
{
	static uint8_t payload[PAYLOAD];

	memset(payload, 'x', sizeof(payload));

	agent->acknowledged = agent->received = false;
	agent->packet = (uint16_t)(agent->packet % UINT16_MAX + 1);
	say(agent, &(struct mqtt_packet){ .type = MQTT_PUBLISH,
					  .qos = 1,
					  .id = agent->packet,
					  .topic = bytes_of(agent->topic),
					  .payload = { payload, sizeof(payload) } });
}

/* Reads what there is. False: the kernel has no more. */
static bool hear(struct agent *agent)
{
	int got = SSL_read(agent->ssl, agent->input + agent->size,
			   (int)(sizeof(agent->input) - agent->size));

	if (got <= 0 && SSL_get_error(agent->ssl, got) != SSL_ERROR_WANT_READ)
		errx(2, "%s: the server has ended the connection", agent->id);
	agent->size += got > 0 ? (size_t)got : 0;
	return got > 0;
}

/* Takes the first packet of the input; false: it is not whole. */
static bool take(struct agent *agent, struct mqtt_packet *packet, uint8_t copy[INPUT_MAX])
{
	long size = mqtt_size(agent->input, agent->size);

	if (size <= 0 || (size_t)size > agent->size)
		return false;
	memcpy(copy, agent->input, (size_t)size);
	agent->size -= (size_t)size;
	memmove(agent->input, agent->input + size, agent->size);
	*packet = (struct mqtt_packet){ 0 };
	if (mqtt_read(copy, (size_t)size, MQTT_311, packet))
		errx(2, "%s: a malformed packet", agent->id);
	return true;
}

static void await(struct agent *agent, enum mqtt_type type)
{
	uint8_t copy[INPUT_MAX];
	struct mqtt_packet packet;

	while (!take(agent, &packet, copy))
		hear(agent);
	if (packet.type != type || packet.reason)
		errx(2, "%s: packet %d, reason %u; expected packet %d", agent->id, packet.type,
		     packet.reason, type);
}

static int connect_to(const struct load *load, size_t number)
{
	/* More than one address has ports for. */
	struct sockaddr_in from = { .sin_family = AF_INET,
				    .sin_addr.s_addr =
					    htonl(INADDR_LOOPBACK + (uint32_t)(number / PORTS)) };
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(load->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int on = 1, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&from, sizeof(from)) ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)))
		err(2, "agent %zu: connect", number);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	return fd;
}

static void log_in(const struct load *load, struct agent *agent, size_t number)
{
	static const unsigned char alpn[] = "\4mqtt";

	snprintf(agent->id, sizeof(agent->id), "dc-%zu", number);
	snprintf(agent->topic, sizeof(agent->topic), "ecsp/v1/agents/%s/bench", agent->id);
	agent->fd = connect_to(load, number);
	agent->ssl = SSL_new(load->context);
	if (!agent->ssl || !SSL_set_tlsext_host_name(agent->ssl, "mqtt.ecsp.example") ||
	    SSL_set_alpn_protos(agent->ssl, alpn, sizeof(alpn) - 1) ||
	    !SSL_set_fd(agent->ssl, agent->fd) || SSL_connect(agent->ssl) != 1)
		errx(2, "%s: no TLS handshake", agent->id);
	say(agent, &(struct mqtt_packet){ .type = MQTT_CONNECT,
					  .connect = { .protocol = bytes_of("MQTT"),
						       .level = MQTT_311,
						       .clean = true,
						       .keep_alive = load->idles ? 0 : 60,
						       .has_user = true,
						       .has_password = true,
						       .client = bytes_of(agent->id),
						       .user = bytes_of(agent->id),
						       .password = bytes_of("secret") } });
	await(agent, MQTT_CONNACK);
	if (load->receives) {
		say(agent, &(struct mqtt_packet){
				   .type = MQTT_SUBSCRIBE,
				   .id = 1,
				   .filters = { { .topic = bytes_of(agent->topic), .qos = 1 } },
				   .filter_count = 1 });
		await(agent, MQTT_SUBACK);
	}
}

/* ---- all of them ---- */

static void answer(struct load *load, struct agent *agent)
{
	uint8_t copy[INPUT_MAX];
	struct mqtt_packet packet;

	while (take(agent, &packet, copy)) {
		if (packet.type == MQTT_PUBLISH) {
			agent->received = true;
			say(agent, &(struct mqtt_packet){ .type = MQTT_PUBACK, .id = packet.id });
		} else if (packet.type == MQTT_PUBACK && packet.id == agent->packet) {
			agent->acknowledged = true;
		}
		if (agent->acknowledged && (agent->received || !load->receives)) {
			load->rounds++;
			publish(agent);
		}
	}
}

static void run(struct load *load, double limit)
{
	struct epoll_event ready[READY_MAX];
	int set = epoll_create1(EPOLL_CLOEXEC);
	double begun = seconds();

	for (size_t i = 0; i < load->count; i++) {
		struct agent *agent = &load->agents[i];
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = agent };
		fcntl(agent->fd, F_SETFL, fcntl(agent->fd, F_GETFL) | O_NONBLOCK);
		epoll_ctl(set, EPOLL_CTL_ADD, agent->fd, &event);
		publish(agent);
	}
	while (seconds() - begun < limit) {
		int count = epoll_wait(set, ready, READY_MAX, 1000);
		for (int i = 0; i < count; i++)
			while (hear(ready[i].data.ptr))
				answer(load, ready[i].data.ptr);
	}
	printf("%llu %f\n", (unsigned long long)load->rounds, seconds() - begun);
	close(set);
}

static void allow_files(size_t count)
{
	struct rlimit files;

	getrlimit(RLIMIT_NOFILE, &files);
	files.rlim_cur = files.rlim_max;
	if (count > files.rlim_max || setrlimit(RLIMIT_NOFILE, &files))
		errx(2, "takes %zu open files, %llu are allowed", count,
		     (unsigned long long)files.rlim_max);
}

int main(int argc, char **argv)
{
	char line[16];

	if (argc != 5)
		return 2;
	struct load load = { .context = SSL_CTX_new(TLS_client_method()),
			     .port = (uint16_t)atoi(argv[1]),
			     .count = (size_t)atoi(argv[2]),
			     .receives = !strcmp(argv[3], "receive"),
			     .idles = !strcmp(argv[3], "idle") };
	allow_files(load.count + OTHER_FILES);
	SSL_CTX_set_mode(load.context, SSL_MODE_RELEASE_BUFFERS);
	load.agents = alloc_zero(load.count, sizeof(*load.agents));
	for (size_t i = 0; i < load.count; i++)
		log_in(&load, &load.agents[i], i + 1);
	puts("ready");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) && !load.idles)
		run(&load, atof(argv[4]) / 1000);
	/* The servers see 10,000 ends at once: that is their affair, and no longer measured. */
	return 0;
}
