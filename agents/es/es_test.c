#include "agents/es/es.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "agents/common/fixture.h"
#include "agents/common/roster.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"

/* An ES Agent beside a panel that the test plays; its cloud is a port that nobody has. */
struct bed {
	char *folder;
	struct loop *loop;
	struct roster roster;
	struct agent *agent;
	int listener, fd; /* fd: the agent's connection */
	struct buf heard;
};

static struct bed *bed_new(int timeout_ms)
{
	static const struct config_needs needs = { .panel = true };
	struct bed *bed = alloc_zero(1, sizeof(*bed));
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	struct error err = { 0 };

	bed->folder = fixture_folder();
	buf_init(&bed->heard, 65536);
	AUTO_FREE char *text = alloc_printf(
		"{\"api\":\"https://127.0.0.1:1\",\"mqtt\":\"mqtts://127.0.0.1:1\",\"id\":\"es-1\","
		"\"ca\":\"/dev/null\",\"secret\":\"s\",\"state\":\"%s\",\"panel\":\"%s/panel\","
		"\"timeoutMs\":%d,\"retries\":0,\"backoffMinMs\":5,\"backoffMaxMs\":20}",
		bed->folder, bed->folder, timeout_ms);
	ck_assert_msg(roster_parse(&bed->roster, text, "test", &needs, &err) == 0, "%s",
		      error_text(&err));
	memcpy(name.sun_path, bed->roster.configs->panel, strlen(bed->roster.configs->panel) + 1);
	bed->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(bed->listener, (struct sockaddr *)&name, sizeof(name)), 0);
	ck_assert_int_eq(listen(bed->listener, 4), 0);
	bed->fd = -1;
	bed->loop = loop_new();
	bed->agent = agent_new(bed->loop, bed->roster.configs, &es_kind, &err);
	ck_assert_msg(bed->agent != NULL, "%s", error_text(&err));
	return bed;
}

static void bed_free(struct bed *bed)
{
	agent_free(bed->agent);
	close(bed->fd);
	close(bed->listener);
	loop_free(bed->loop);
	roster_done(&bed->roster);
	buf_done(&bed->heard);
	fixture_folder_done(bed->folder);
	free(bed);
}

static void hear(struct bed *bed)
{
	char piece[4096];
	ssize_t got;

	if (bed->fd < 0)
		bed->fd = accept4(bed->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	while (bed->fd >= 0 && (got = recv(bed->fd, piece, sizeof(piece), 0)) > 0)
		buf_add(&bed->heard, piece, (size_t)got);
}

static size_t count_of(const struct bed *bed, const char *word)
{
	size_t count = 0;

	for (const char *at = buf_text(&bed->heard); (at = strstr(at, word)); at++)
		count++;
	return count;
}

static bool is_asked_thrice(void *arg)
{
	struct bed *bed = arg;

	hear(bed);
	return count_of(bed, "\"get\":\"device\"") >= 3;
}

START_TEST(a_panel_that_does_not_answer_is_asked_again_before_the_next_round)
{
	struct bed *bed = bed_new(20);

	/* The round is a minute away. */
	ck_assert(loop_run_until(bed->loop, is_asked_thrice, bed, 5000));
	ck_assert_uint_ge(count_of(bed, "\"watch\":true"), 2);
	bed_free(bed);
}
END_TEST

static bool is_asked(void *arg)
{
	struct bed *bed = arg;

	hear(bed);
	return count_of(bed, "\"get\":\"device\"") >= 1;
}

static bool never(void *arg)
{
	hear(arg);
	return false;
}

START_TEST(a_panel_that_answers_is_left_alone_until_then)
{
	static const char *const answers[] = {
		"{\"id\":1,\"ok\":true}\n",
		"{\"id\":2,\"device\":{\"serial\":\"X1\",\"state\":{\"status\":4}}}\n",
	};
	struct bed *bed = bed_new(10000);

	ck_assert(loop_run_until(bed->loop, is_asked, bed, 5000));
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		ck_assert_int_eq(send(bed->fd, answers[i], strlen(answers[i]), MSG_NOSIGNAL),
				 (ssize_t)strlen(answers[i]));
	loop_run_until(bed->loop, never, bed, 150);
	ck_assert_uint_eq(count_of(bed, "\"get\":\"device\""), 1);
	ck_assert_uint_eq(count_of(bed, "\"watch\":true"), 1);
	bed_free(bed);
}
END_TEST

TEST_MAIN("agents.es.es", a_panel_that_does_not_answer_is_asked_again_before_the_next_round,
	  a_panel_that_answers_is_left_alone_until_then)
