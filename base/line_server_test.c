#include "base/line_server.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"

enum { WITHIN_MS = 5000, LARGE = 1 << 22 };

static struct loop *loop;
static struct line_server *server;
static struct sockaddr_un at;
static socklen_t at_size;
static int answers;
static char heard[256];
static size_t heard_size;

/* Says each line back; "large" is answered by more than a socket holds, "listen" by being told. */
static char *answer(void *arg, struct line_client *client, const char *line, size_t size)
{
	(void)arg;
	answers++;
	if (size == 6 && !memcmp(line, "listen", 6))
		line_client_listen(client);
	if (size != 5 || memcmp(line, "large", 5))
		return alloc_bytes(line, size);
	char *text = alloc_zero(1, LARGE + 1);
	memset(text, 'x', LARGE);
	return text;
}

static void begin(uint64_t silence_ms)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	at_size = sizeof(at);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, sizeof(sa_family_t)), 0); /* autobind */
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &at_size), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	loop = loop_new();
	server = line_server_new(&(struct line_server_options){ .loop = loop,
								.fd = fd,
								.line_max = 100,
								.answer_max = LARGE + 100,
								.clients_max = 2,
								.silence_ms = silence_ms,
								.too_long = "too long",
								.too_many = "too many",
								.answer = answer });
}

static void finish(void)
{
	line_server_free(server);
	loop_free(loop);
}

static int reach(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, at_size), 0);
	return fd;
}

static void say(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* True once the end of what was heard is there: a newline, or nobody on the other side. */
static bool hear(void *arg)
{
	ssize_t size =
		recv(*(int *)arg, heard + heard_size, sizeof(heard) - heard_size - 1, MSG_DONTWAIT);

	if (size > 0)
		heard_size += (size_t)size;
	heard[heard_size] = 0;
	return size == 0 || (heard_size && heard[heard_size - 1] == '\n');
}

static void expect(int fd, const char *text)
{
	heard_size = 0;
	/* Its own turns: nothing of this side wakes the loop. */
	for (int turn = 0; turn < 1000 && !hear(&fd); turn++)
		loop_turn(loop, false);
	ck_assert_str_eq(heard, text);
}

START_TEST(each_line_is_answered_in_its_turn)
{
	begin(0);
	AUTO_CLOSE int fd = reach();
	say(fd, "on");
	loop_turn(loop, false);
	say(fd, "e\n");
	expect(fd, "one\n");
	say(fd, "two\n\n");
	expect(fd, "two\n\n");
	finish();
}
END_TEST

START_TEST(a_line_that_is_too_long_ends_the_connection)
{
	char flood[102] = "";

	memset(flood, 'x', sizeof(flood) - 1);
	begin(0);
	AUTO_CLOSE int fd = reach();
	say(fd, flood);
	expect(fd, "too long\n");
	expect(fd, "");
	finish();
}
END_TEST

START_TEST(one_client_too_many_is_told_so_and_room_is_made_by_leaving)
{
	begin(0);
	int first = reach(), second = reach(), third = reach();
	expect(third, "too many\n");
	close(first);
	close(third);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(loop, false);
	AUTO_CLOSE int fourth = reach();
	say(fourth, "here\n");
	expect(fourth, "here\n");
	close(second);
	finish();
}
END_TEST

START_TEST(who_does_not_read_is_asked_nothing_more)
{
	static char piece[65536];
	size_t left = LARGE + 1;

	begin(0);
	AUTO_CLOSE int fd = reach();
	say(fd, "large\nsmall\n");
	for (int turn = 0; turn < 20; turn++)
		loop_turn(loop, false);
	ck_assert_int_eq(answers, 1);
	while (left) {
		ssize_t size =
			recv(fd, piece, left < sizeof(piece) ? left : sizeof(piece), MSG_DONTWAIT);
		if (size > 0)
			left -= (size_t)size;
		loop_turn(loop, false);
	}
	expect(fd, "small\n");
	ck_assert_int_eq(answers, 2);
	finish();
}
END_TEST

START_TEST(listeners_are_told_and_others_are_not)
{
	begin(0);
	AUTO_CLOSE int ear = reach();
	AUTO_CLOSE int other = reach();
	say(ear, "listen\n");
	expect(ear, "listen\n");
	say(other, "x\n");
	expect(other, "x\n");
	line_server_tell(server, "changed");
	expect(ear, "changed\n");
	ck_assert_int_eq(recv(other, heard, 1, MSG_DONTWAIT), -1);
	finish();
}
END_TEST

START_TEST(a_listener_that_does_not_read_is_hung_up_on)
{
	AUTO_FREE char *text = alloc_zero(1, LARGE / 2 + 1);

	memset(text, 'x', LARGE / 2);
	begin(0);
	AUTO_CLOSE int fd = reach();
	say(fd, "listen\n");
	expect(fd, "listen\n");
	for (int i = 0; i < 4; i++)
		line_server_tell(server, text);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(loop, false);
	AUTO_CLOSE int second = reach();
	AUTO_CLOSE int third = reach(); /* there is room for both */
	say(third, "x\n");
	expect(third, "x\n");
	finish();
}
END_TEST

static bool hung_up(void *arg)
{
	char byte;

	return recv(*(int *)arg, &byte, 1, MSG_DONTWAIT) == 0;
}

START_TEST(who_says_nothing_is_hung_up_on)
{
	begin(50);
	AUTO_CLOSE int fd = reach();
	ck_assert(loop_run_until(loop, hung_up, &fd, WITHIN_MS));
	finish();
}
END_TEST

TEST_MAIN("base.line_server", each_line_is_answered_in_its_turn,
	  a_line_that_is_too_long_ends_the_connection,
	  one_client_too_many_is_told_so_and_room_is_made_by_leaving,
	  who_does_not_read_is_asked_nothing_more, listeners_are_told_and_others_are_not,
	  a_listener_that_does_not_read_is_hung_up_on, who_says_nothing_is_hung_up_on)
