/* bench-load ADDRESS DEVICES PORT get|bulk|get3|bulk3 REQUESTS WINDOW SECONDS: that many requests,
 * round all the devices from ADDRESS on, WINDOW of them outstanding, SECONDS at most. Prints
 * "ready", waits for a line, then prints "ANSWERED LOST SECONDS BYTES": answers, requests given up,
 * time taken, mean answer. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "ci/bench.d/peers.h"
#include "sim/printer/ber.h"

enum {
	BATCH = 64,
	WINDOW_MAX = 1024,
	SLOTS = 4 * WINDOW_MAX,
	PDU_AT = 13,
	ID_AT = 17,
	FIRST_ID = 0x40000000, /* always four bytes */
	PATIENCE_MS = 1000,
	SIZE_MAX_ANSWER = 2048,
};

/* v2c, community public. GET of 1.3.6.1.2.1.1.1.0; GETBULK of 20 rows behind 1.3.6.1.2.1.1. */
static const uint8_t get[] = "\x30\x29\x02\x01\x01\x04\x06public\xa0\x1c\x02\x04____\x02\x01\x00"
			     "\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x01\x00"
			     "\x05";
static const uint8_t bulk[] = "\x30\x27\x02\x01\x01\x04\x06public\xa5\x1a\x02\x04____\x02\x01\x00"
			      "\x02\x01\x14\x30\x0c\x30\x0a\x06\x06\x2b\x06\x01\x02\x01\x01\x05";

struct load {
	int fd;
	uint32_t first, devices; /* addresses, host order */
	uint16_t port;
	const uint8_t *request;
	size_t size;
	struct peers *peers; /* NULL: by community */
	bool asking_who;     /* who the peers are, for a start */
	uint32_t wanted, sent, answered, lost, outstanding, window;
	uint64_t bytes;
	bool waiting[SLOTS]; /* by number of the request */
};

struct batch {
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	struct sockaddr_in peers[BATCH];
	uint8_t data[BATCH][SIZE_MAX_ANSWER];
};

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void prepare(struct batch *batch, size_t i, size_t size)
{
	batch->parts[i] = (struct iovec){ batch->data[i], size };
	batch->headers[i].msg_hdr = (struct msghdr){ .msg_name = &batch->peers[i],
						     .msg_namelen = sizeof(batch->peers[i]),
						     .msg_iov = &batch->parts[i],
						     .msg_iovlen = 1 };
}

static uint32_t address_of(const struct load *load, uint32_t number)
{
	return load->first + number % load->devices;
}

/* Returns its size. */
static size_t put_request(struct load *load, uint32_t number, uint8_t out[SIZE_MAX_ANSWER])
{
	const uint32_t id = FIRST_ID + number;

	if (load->asking_who)
		return peers_ask_who(id, out);
	if (load->peers)
		return peers_put(load->peers, number % load->devices, id, load->request + PDU_AT,
				 load->size - PDU_AT, out);
	memcpy(out, load->request, load->size);
	put_be32(out + ID_AT, id);
	return load->size;
}

static void send_some(struct load *load, struct batch *batch)
{
	unsigned count = 0;

	while (count < BATCH && load->outstanding < load->window && load->sent < load->wanted &&
	       !load->waiting[load->sent % SLOTS]) {
		batch->peers[count] = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons(load->port),
			.sin_addr.s_addr = htonl(address_of(load, load->sent)),
		};
		size_t size = put_request(load, load->sent, batch->data[count]);
		prepare(batch, count++, size);
		load->waiting[load->sent++ % SLOTS] = true;
		load->outstanding++;
	}
	for (unsigned done = 0; done < count;) {
		int more = sendmmsg(load->fd, batch->headers + done, count - done, 0);
		done += more > 0 ? (unsigned)more : 1;
	}
}

static bool read_id(const uint8_t *data, size_t size, uint32_t *id)
{
	struct span in = { data, size }, body, skip, pdu, number;
	uint8_t tag;

	if (!ber_take_tag(&in, BER_SEQUENCE, &body) || !ber_take(&body, &tag, &skip) ||
	    !ber_take(&body, &tag, &skip) || !ber_take(&body, &tag, &pdu) ||
	    !ber_take_tag(&pdu, BER_INTEGER, &number))
		return false;
	*id = (uint32_t)ber_integer(number);
	return true;
}

/* An answer counts when it is to an open request and comes from the address that was asked. */
static void receive_one(struct load *load, const struct batch *batch, int i)
{
	size_t size = batch->headers[i].msg_len;
	const uint8_t *data = batch->data[i];
	uint32_t id;

	if (!(load->peers ? peers_read_id(data, size, load->asking_who, &id)
			  : read_id(data, size, &id)))
		return;
	uint32_t number = id - FIRST_ID;
	if (number >= load->sent || !load->waiting[number % SLOTS] ||
	    ntohl(batch->peers[i].sin_addr.s_addr) != address_of(load, number))
		return;
	if (load->asking_who && !peers_learn(load->peers, number, data, size))
		return;
	load->waiting[number % SLOTS] = false;
	load->outstanding--;
	load->answered++;
	load->bytes += size;
}

static void give_up(struct load *load)
{
	load->lost += load->outstanding;
	load->outstanding = 0;
	memset(load->waiting, 0, sizeof(load->waiting));
}

static void receive_some(struct load *load, struct batch *batch)
{
	struct pollfd ready = { load->fd, POLLIN, 0 };

	for (size_t i = 0; i < BATCH; i++)
		prepare(batch, i, SIZE_MAX_ANSWER);
	int count = recvmmsg(load->fd, batch->headers, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < count; i++)
		receive_one(load, batch, i);
	if (count <= 0 && load->outstanding && poll(&ready, 1, PATIENCE_MS) == 0)
		give_up(load);
}

static void go_round(struct load *load, double most)
{
	static struct batch batch;
	double begun = seconds();

	while (load->answered + load->lost < load->wanted && seconds() - begun < most) {
		send_some(load, &batch);
		receive_some(load, &batch);
	}
	load->lost += load->outstanding;
	load->outstanding = 0;
}

/* Each engine has its own id and time, and keys that are made of them. */
static bool meet(struct load *load, double most)
{
	const struct load before = *load;

	load->asking_who = true;
	load->wanted = load->devices;
	go_round(load, most);
	bool met = load->answered == load->devices;
	*load = before;
	return met;
}

static int open_socket(void)
{
	const int room = 8 << 20;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof(room)) < 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	return fd;
}

static int run(struct load *load, double most)
{
	load->fd = open_socket();
	if (load->fd < 0) {
		perror("bench-load");
		return 2;
	}
	if (load->peers && !meet(load, most)) {
		fputs("bench-load: not everybody told who they are\n", stderr);
		return 1;
	}
	puts("ready"); /* what went before is not measured */
	fflush(stdout);
	if (getchar() == EOF)
		return 2;
	double begun = seconds();
	go_round(load, most);
	printf("%u %u %.6f %.1f\n", load->answered, load->lost, seconds() - begun,
	       load->answered ? (double)load->bytes / (double)load->answered : 0.0);
	return load->answered ? 0 : 1;
}

/* get, bulk: by community; get3, bulk3: SNMPv3. */
static void choose(struct load *load, const char *kind)
{
	bool is_bulk = !strncmp(kind, "bulk", 4);

	load->request = is_bulk ? bulk : get;
	load->size = is_bulk ? sizeof(bulk) : sizeof(get); /* with the NUL: the last byte is 0 */
	if (strchr(kind, '3'))
		load->peers = peers_new(load->devices);
}

int main(int argc, char **argv)
{
	static struct load load;
	struct in_addr first;

	if (argc != 8 || !inet_aton(argv[1], &first))
		return 2;
	load.first = ntohl(first.s_addr);
	load.devices = (uint32_t)strtoul(argv[2], NULL, 10);
	load.port = (uint16_t)strtoul(argv[3], NULL, 10);
	load.wanted = (uint32_t)strtoul(argv[5], NULL, 10);
	load.window = (uint32_t)strtoul(argv[6], NULL, 10);
	if (!load.devices || !load.window || load.window > WINDOW_MAX)
		return 2;
	choose(&load, argv[4]);
	return run(&load, strtod(argv[7], NULL));
}
