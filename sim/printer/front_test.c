#include "sim/printer/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "sim/printer/drain.h"
#include "sim/printer/testbed.h"

enum { FIRST = 0x7f100001, PRINTERS = 3 };

/* Real sockets on the real ports, in a network of the test's own. */
struct street {
	struct loop *loop;
	struct profile *profile;
	struct fleet *fleet;
	struct front *front;
	struct drain *drain;
	int client;
};

static void enter_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	ck_assert_msg(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0, "no namespaces here: %s",
		      strerror(errno));
	AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
}

static struct street *street_new(void)
{
	struct street *street = alloc_zero(1, sizeof(*street));
	struct error err = { 0 };
	int on = 1;

	enter_network();
	street->loop = loop_new();
	street->profile = profile_load("sim/printer/profiles/sc-t-24.yaml", &err);
	ck_assert_msg(street->profile != NULL, "%s", error_text(&err));
	street->fleet = fleet_new(&(struct fleet_options){ .loop = street->loop });
	for (uint32_t i = 0; i < PRINTERS; i++) {
		AUTO_FREE char *name = alloc_printf("p%u", i);
		ck_assert_ptr_nonnull(fleet_add(
			street->fleet,
			&(struct device_options){
				.name = name, .profile = street->profile, .address = FIRST + i },
			&err));
	}
	street->front = front_new(&(struct front_options){ .loop = street->loop,
							   .fleet = street->fleet,
							   .interface = "lo" },
				  &err);
	ck_assert_msg(street->front != NULL, "%s", error_text(&err));
	street->client = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	setsockopt(street->client, SOL_SOCKET, SO_BROADCAST, &on, sizeof(on));
	return street;
}

static void street_free(struct street *street)
{
	drain_free(street->drain);
	front_free(street->front);
	fleet_free(street->fleet);
	profile_free(street->profile);
	loop_free(street->loop);
	close(street->client);
	free(street);
}

static void send_to(struct street *street, uint32_t to, uint16_t port, const void *data,
		    size_t size)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(port),
				       .sin_addr.s_addr = htonl(to) };
	ck_assert_int_eq(
		sendto(street->client, data, size, 0, (struct sockaddr *)&address, sizeof(address)),
		(ssize_t)size);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(street->loop, false); /* the loopback delivers at once */
}

/* Where the next answer comes from, and how many bytes it has; -1: there is none. */
static ssize_t next_answer(struct street *street, struct sockaddr_in *from)
{
	static uint8_t answer[65536];
	socklen_t size = sizeof(*from);

	return recvfrom(street->client, answer, sizeof(answer), 0, (struct sockaddr *)from, &size);
}

/* 0: there is none. */
static uint32_t next_source(struct street *street)
{
	struct sockaddr_in from;

	return next_answer(street, &from) < 0 ? 0 : ntohl(from.sin_addr.s_addr);
}

static void ask(struct street *street, uint32_t to)
{
	struct buf request;

	buf_init(&request, 4096);
	bed_encode(&(struct ask){ .version = 1, .pdu = 0xa0, .oids = { "1.3.6.1.2.1.1.1.0" } },
		   &request);
	send_to(street, to, 161, request.data, request.size);
	buf_done(&request);
}

START_TEST(each_printer_answers_from_the_address_that_was_asked)
{
	struct street *street = street_new();

	for (uint32_t i = 0; i < PRINTERS; i++) {
		ask(street, FIRST + i);
		ck_assert_uint_eq(next_source(street), FIRST + i);
	}
	ask(street, FIRST + PRINTERS);
	ck_assert_uint_eq(next_source(street), 0);
	street_free(street);
}
END_TEST

static void arm(struct street *street, const char *fault)
{
	struct error err = { 0 };
	struct device *device = fleet_at(street->fleet, FIRST);
	ck_assert_msg(device_fault(device, fault, NULL, &err) == 0, "%s", error_text(&err));
}

START_TEST(a_faulty_answer_comes_from_another_address_or_port)
{
	struct street *street = street_new();
	struct sockaddr_in from;

	arm(street, "printer.wrong-address");
	ask(street, FIRST);
	ck_assert_uint_eq(next_source(street), FIRST ^ 1);
	arm(street, "printer.wrong-port");
	ask(street, FIRST);
	ck_assert_int_gt(next_answer(street, &from), 0);
	ck_assert_uint_eq(ntohl(from.sin_addr.s_addr), FIRST ^ 1);
	ck_assert_uint_eq(ntohs(from.sin_port), 40161);
	street_free(street);
}
END_TEST

START_TEST(a_faulty_answer_has_no_byte_or_as_many_as_udp_can_carry)
{
	struct street *street = street_new();
	struct sockaddr_in from;

	arm(street, "printer.oversized");
	ask(street, FIRST);
	ck_assert_int_eq(next_answer(street, &from), 65507);
	arm(street, "printer.empty");
	ask(street, FIRST);
	ck_assert_int_eq(next_answer(street, &from), 0);
	street_free(street);
}
END_TEST

START_TEST(a_broadcast_is_answered_by_each_from_its_own_address)
{
	static const uint8_t probe[] = "EPSONQ\x03\x00\x00\x00\x00\x00\x00\x00"; /* 15 with NUL */
	struct street *street = street_new();
	uint32_t seen = 0;

	send_to(street, 0x7fffffff, 3289, probe, 15);
	for (uint32_t i = 0; i < PRINTERS; i++) {
		uint32_t from = next_source(street);
		ck_assert_uint_ge(from, FIRST);
		ck_assert_uint_lt(from, FIRST + PRINTERS);
		seen |= 1u << (from - FIRST);
	}
	ck_assert_uint_eq(seen, (1u << PRINTERS) - 1);
	ck_assert_uint_eq(next_source(street), 0);
	street_free(street);
}
END_TEST

START_TEST(a_port_that_is_taken_is_named)
{
	struct street *street = street_new();
	struct error err = { 0 };

	ck_assert_ptr_null(front_new(&(struct front_options){ .loop = street->loop,
							      .fleet = street->fleet,
							      .interface = "lo" },
				     &err));
	ck_assert_msg(strstr(err.text, "UDP port 161"), "%s", err.text);
	street_free(street);
}
END_TEST

/* ---- TCP ---- */

static void open_drain(struct street *street, bool hangs_up)
{
	struct error err = { 0 };
	int fd = drain_socket("lo", 9100, &err);

	ck_assert_msg(fd >= 0, "%s", error_text(&err));
	street->drain = drain_new(street->loop, street->fleet, fd, hangs_up);
}

static int connect_to(struct street *street, uint32_t to)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons(9100),
				       .sin_addr.s_addr = htonl(to) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(street->loop, false);
	return fd;
}

/* 0: it has hung up; else what went wrong, EAGAIN: it still listens. */
static int state_of(int fd)
{
	uint8_t byte;
	ssize_t size = recv(fd, &byte, 1, MSG_DONTWAIT);
	return size < 0 ? errno : (int)size;
}

START_TEST(print_data_is_taken_to_its_end)
{
	static const uint8_t page[20000];
	struct street *street = street_new();

	open_drain(street, false);
	AUTO_CLOSE int fd = connect_to(street, FIRST);
	ck_assert_int_eq(send(fd, page, sizeof(page), MSG_NOSIGNAL), sizeof(page));
	loop_turn(street->loop, false);
	ck_assert_int_eq(state_of(fd), EAGAIN);
	shutdown(fd, SHUT_WR);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(street->loop, false);
	ck_assert_int_eq(state_of(fd), 0);
	street_free(street);
}
END_TEST

START_TEST(a_port_with_nothing_behind_it_hangs_up)
{
	struct street *street = street_new();

	open_drain(street, true);
	AUTO_CLOSE int fd = connect_to(street, FIRST);
	ck_assert_int_eq(state_of(fd), 0);
	street_free(street);
}
END_TEST

START_TEST(an_absent_printer_or_one_that_is_off_resets)
{
	struct street *street = street_new();

	open_drain(street, false);
	AUTO_CLOSE int nobody = connect_to(street, FIRST + PRINTERS);
	ck_assert_int_eq(state_of(nobody), ECONNRESET);
	ck_assert_int_ge(device_do(fleet_at(street->fleet, FIRST), "power-off", NULL, NULL), 0);
	AUTO_CLOSE int off = connect_to(street, FIRST);
	ck_assert_int_eq(state_of(off), ECONNRESET);
	street_free(street);
}
END_TEST

START_TEST(the_oldest_connection_makes_room)
{
	struct street *street = street_new();
	int fds[513];

	open_drain(street, false);
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		fds[i] = connect_to(street, FIRST);
	ck_assert_int_eq(state_of(fds[0]), 0);
	ck_assert_int_eq(state_of(fds[1]), EAGAIN);
	ck_assert_int_eq(state_of(fds[512]), EAGAIN);
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		close(fds[i]);
	street_free(street);
}
END_TEST

TEST_MAIN("printer.front", a_faulty_answer_comes_from_another_address_or_port,
	  a_faulty_answer_has_no_byte_or_as_many_as_udp_can_carry,
	  each_printer_answers_from_the_address_that_was_asked,
	  a_broadcast_is_answered_by_each_from_its_own_address, a_port_that_is_taken_is_named,
	  print_data_is_taken_to_its_end, a_port_with_nothing_behind_it_hangs_up,
	  an_absent_printer_or_one_that_is_off_resets, the_oldest_connection_makes_room)
