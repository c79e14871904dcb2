#include "conformance/control.h"

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"

#define FLEET                                                                                      \
	"format: ecsp-fleet/1\n"                                                                   \
	"printers: [{name: lobby, profile: sc-t-24, address: 10.16.0.10}]\n"

/* A living fleet of one printer, asked by clients in the same loop. */
struct bed {
	char folder[32];
	char *path;
	struct loop *loop;
	struct fleetfile *file;
	struct request_to to;
	struct control *control;
};

static struct bed *bed_new(void)
{
	struct bed *bed = alloc_zero(1, sizeof(*bed));
	struct error err = { 0 };

	memcpy(bed->folder, "/tmp/ecsp-control-XXXXXX", 25);
	ck_assert_ptr_nonnull(mkdtemp(bed->folder));
	bed->path = alloc_printf("%s/c.sock", bed->folder);
	bed->loop = loop_new();
	bed->file = fleetfile_parse(FLEET, strlen(FLEET), "f.yaml", &err);
	ck_assert_msg(bed->file != NULL, "%s", error_text(&err));
	bed->to.live =
		live_new(&(struct live_options){ .loop = bed->loop, .file = bed->file }, &err);
	bed->control = control_new(bed->loop, bed->path, &bed->to, &err);
	ck_assert_msg(bed->control != NULL, "%s", error_text(&err));
	return bed;
}

static void bed_free(struct bed *bed)
{
	struct stat status;

	control_free(bed->control);
	ck_assert_msg(lstat(bed->path, &status) < 0, "the socket file was left behind");
	live_free(bed->to.live);
	fleetfile_free(bed->file);
	loop_free(bed->loop);
	rmdir(bed->folder);
	free(bed->path);
	free(bed);
}

static int connect_to(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, path, strlen(path) + 1);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* What one connection was told until its end or its next line. */
struct ear {
	int fd;
	struct buf heard;
	bool ended;
};

static bool has_heard(void *arg)
{
	struct ear *ear = arg;
	uint8_t chunk[65536];
	ssize_t size = recv(ear->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (size > 0)
		buf_add(&ear->heard, chunk, (size_t)size);
	ear->ended = size == 0;
	return ear->ended || (ear->heard.size && ear->heard.data[ear->heard.size - 1] == '\n');
}

static void expect_line(struct bed *bed, int fd, const char *said)
{
	struct ear ear = { .fd = fd };

	buf_init(&ear.heard, 1 << 20);
	/* The timer only wakes the loop: the ear has no watch of its own. */
	bool heard = false;
	for (int i = 0; i < 500 && !heard; i++)
		heard = loop_run_until(bed->loop, has_heard, &ear, 10);
	ck_assert_msg(strstr(buf_text(&ear.heard), said), "heard '%s', expected '%s'",
		      buf_text(&ear.heard), said);
	buf_done(&ear.heard);
}

static void say(int fd, const char *text)
{
	ck_assert_int_eq(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

START_TEST(only_the_user_may_ask)
{
	struct bed *bed = bed_new();
	struct stat status;

	ck_assert_int_eq(lstat(bed->path, &status), 0);
	ck_assert_uint_eq(status.st_mode & 0777, 0600);
	bed_free(bed);
}
END_TEST

START_TEST(a_request_in_pieces_and_two_in_one_are_answered)
{
	struct bed *bed = bed_new();
	AUTO_CLOSE int fd = connect_to(bed->path);

	say(fd, "{\"ask\":\"sta");
	loop_turn(bed->loop, false);
	say(fd, "te\"}\n");
	expect_line(bed, fd, "\"device\":\"lobby\"");
	say(fd, "{\"ask\":\"clear\"}\n{\"ask\":\"no\"}\n");
	expect_line(bed, fd, "{\"printers\":[\"lobby\"]}\n");
	bed_free(bed);
}
END_TEST

START_TEST(a_line_without_end_is_refused)
{
	struct bed *bed = bed_new();
	AUTO_CLOSE int fd = connect_to(bed->path);
	static char flood[REQUEST_MAX + 2];

	memset(flood, 'x', sizeof(flood) - 1);
	say(fd, flood);
	expect_line(bed, fd, "too long");
	bed_free(bed);
}
END_TEST

START_TEST(too_many_at_once_are_refused_and_the_next_is_answered_again)
{
	struct bed *bed = bed_new();
	int fds[33];

	for (size_t i = 0; i < COUNT_OF(fds); i++) {
		fds[i] = connect_to(bed->path);
		for (int turn = 0; turn < 3; turn++)
			loop_turn(bed->loop, false);
	}
	expect_line(bed, fds[32], "too many");
	for (size_t i = 0; i < COUNT_OF(fds); i++)
		close(fds[i]);
	for (int turn = 0; turn < 3; turn++)
		loop_turn(bed->loop, false);
	AUTO_CLOSE int fd = connect_to(bed->path);
	say(fd, "{\"ask\":\"clear\"}\n");
	expect_line(bed, fd, "lobby");
	bed_free(bed);
}
END_TEST

START_TEST(a_living_fleet_keeps_its_socket_and_a_dead_one_loses_it)
{
	struct bed *bed = bed_new();
	struct error err = { 0 };
	AUTO_FREE char *dead = alloc_printf("%s/dead.sock", bed->folder);
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	ck_assert_ptr_null(control_new(bed->loop, bed->path, &bed->to, &err));
	ck_assert_msg(strstr(err.text, "already answers"), "%s", err.text);
	memcpy(address.sun_path, dead, strlen(dead) + 1);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	close(fd);
	struct control *second = control_new(bed->loop, dead, &bed->to, &err);
	ck_assert_msg(second != NULL, "%s", err.text);
	control_free(second);
	bed_free(bed);
}
END_TEST

START_TEST(what_is_no_socket_is_left_alone)
{
	struct bed *bed = bed_new();
	struct error err = { 0 };
	AUTO_FREE char *path = alloc_printf("%s/file", bed->folder);

	fclose(fopen(path, "we"));
	ck_assert_ptr_null(control_new(bed->loop, path, &bed->to, &err));
	ck_assert_int_eq(access(path, F_OK), 0);
	unlink(path);
	bed_free(bed);
}
END_TEST

/* The program's side, which waits in a loop of its own. */
static void *ask_from_thread(void *arg)
{
	AUTO_JSON json_t *request = json_pack("{s:s}", "ask", "state");
	return control_ask(((struct bed *)arg)->path, request, NULL);
}

START_TEST(the_program_gets_the_answer)
{
	struct bed *bed = bed_new();
	pthread_t thread;
	void *answer;

	ck_assert_int_eq(pthread_create(&thread, NULL, ask_from_thread, bed), 0);
	for (int i = 0; i < 500 && pthread_tryjoin_np(thread, &answer) != 0; i++) {
		struct ear none = { .fd = -1 };
		ck_assert(!loop_run_until(bed->loop, has_heard, &none, 10));
	}
	ck_assert_ptr_nonnull(json_at(answer, "/printers/0/serial"));
	json_decref(answer);
	bed_free(bed);
}
END_TEST

START_TEST(nobody_there_is_told)
{
	struct error err = { 0 };
	AUTO_JSON json_t *request = json_object();

	ck_assert_ptr_null(control_ask("/nowhere/ecsp.sock", request, &err));
	ck_assert_msg(strstr(err.text, "no living fleet"), "%s", err.text);
}
END_TEST

START_TEST(pairs_keep_numbers_as_numbers_and_words_as_texts)
{
	char number[] = "ink.K=8", word[] = "setting.panel.language=de", quoted[] = "a=\"7\"";
	char equals[] = "b==", nothing[] = "type=null", lone[] = "ink.K";
	char *const words[] = { number, word, quoted, equals, nothing };
	char *const wrong[] = { lone };
	struct error err = { 0 };
	AUTO_JSON json_t *pairs = control_pairs(words, 5, &err);

	ck_assert_int_eq(json_int_of(pairs, "ink.K", 0), 8);
	ck_assert_str_eq(json_text_of(pairs, "setting.panel.language", ""), "de");
	ck_assert_str_eq(json_text_of(pairs, "a", ""), "7");
	ck_assert_str_eq(json_text_of(pairs, "b", ""), "=");
	ck_assert_str_eq(json_text_of(pairs, "type", ""), "null");
	ck_assert_ptr_null(control_pairs(wrong, 1, &err));
}
END_TEST

TEST_MAIN("conformance.control", only_the_user_may_ask,
	  a_request_in_pieces_and_two_in_one_are_answered, a_line_without_end_is_refused,
	  too_many_at_once_are_refused_and_the_next_is_answered_again,
	  a_living_fleet_keeps_its_socket_and_a_dead_one_loses_it, what_is_no_socket_is_left_alone,
	  the_program_gets_the_answer, nobody_there_is_told,
	  pairs_keep_numbers_as_numbers_and_words_as_texts)
