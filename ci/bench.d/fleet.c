/* bench-fleet PORT PROFILE COUNT [v3]: that many printers at 127.1.0.1 and on, served on one
 * socket; v3: with the user of peers.h. bench-fleet --snmprec PROFILE: the rows of one printer as a
 * .snmprec file, for a peer to serve. When all are there: "ready SECONDS ROWS". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "ci/bench.d/peers.h"
#include "ci/bench.d/udp.h"
#include "sim/printer/device.h"
#include "sim/printer/live.h"
#include "sim/printer/walk.h"

enum { FIRST = 0x7f010001, PORT_SNMP = 161 };

struct bench {
	struct loop *loop;
	struct profile *profile;
	struct fleet *fleet;
	struct usm_users *users; /* NULL: no SNMPv3 */
	uint8_t *out;            /* where the sink puts the answer */
	size_t size;
};

static int complain(const char *what, const struct error *err)
{
	fprintf(stderr, "bench-fleet: %s: %s\n", what, error_text(err));
	return 2;
}

static int open_fleet(struct bench *bench, const char *path, uint32_t count)
{
	struct error err = { 0 };
	char name[32];

	bench->loop = loop_new();
	bench->profile = profile_load(path, &err);
	if (!bench->profile)
		return complain(path, &err);
	bench->fleet = fleet_new(&(struct fleet_options){ .loop = bench->loop });
	for (uint32_t i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "printer-%u", i + 1);
		const struct device_options options = { .name = name,
							.profile = bench->profile,
							.users = bench->users,
							.address = FIRST + i };
		if (!fleet_add(bench->fleet, &options, &err))
			return complain(name, &err);
	}
	return 0;
}

static void take(void *arg, const struct datagram *datagram)
{
	struct bench *bench = arg;
	if (datagram->size > UDP_SIZE_MAX)
		return;
	memcpy(bench->out, datagram->data, datagram->size);
	bench->size = datagram->size;
}

static size_t answer(void *arg, const struct udp_packet *in, uint8_t out[UDP_SIZE_MAX])
{
	struct bench *bench = arg;
	const struct datagram datagram = { .from = in->from,
					   .from_port = in->from_port,
					   .to = in->to,
					   .to_port = PORT_SNMP,
					   .data = in->data,
					   .size = in->size };
	bench->out = out;
	bench->size = 0;
	fleet_datagram(bench->fleet, &datagram, take, bench);
	return bench->size;
}

static void turn(void *arg)
{
	loop_update(((struct bench *)arg)->loop);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int print_rows(const char *path)
{
	struct bench bench = { 0 };
	struct buf text, scratch;

	if (open_fleet(&bench, path, 1))
		return 2;
	struct device *device = fleet_at(bench.fleet, FIRST);
	const struct mib *mib = device_mib(device);
	buf_init(&text, 16 << 20);
	buf_init(&scratch, LIVE_MAX);
	for (size_t i = 0; i < mib_count(mib); i++) {
		const struct mib_entry read = live_read(device, mib_entry(mib, i), &scratch);
		walk_write(&read, &text);
	}
	fwrite(text.data, 1, text.size, stdout);
	buf_done(&text);
	buf_done(&scratch);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench bench = { 0 };

	if (argc == 3 && !strcmp(argv[1], "--snmprec"))
		return print_rows(argv[2]);
	if (argc < 4 || argc > 5)
		return 2;
	if (argc == 5)
		bench.users = peers_user();
	double begun = seconds();
	if (open_fleet(&bench, argv[2], (uint32_t)strtoul(argv[3], NULL, 10)))
		return 2;
	int fd = udp_open((uint16_t)strtoul(argv[1], NULL, 10));
	if (fd < 0) {
		perror("bench-fleet");
		return 2;
	}
	printf("ready %.3f", seconds() - begun);
	printf(" %zu\n", mib_count(device_mib(fleet_at(bench.fleet, FIRST))));
	fflush(stdout);
	udp_serve(fd, answer, turn, &bench);
}
