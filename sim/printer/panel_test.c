#include "sim/printer/panel.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sim/printer/testbed.h"

static json_t *ask(struct bed *bed, const char *line)
{
	bool watch = false;
	return panel_answer(bed->device, line, strlen(line), &watch);
}

static void expect(struct bed *bed, const char *line, const char *answer)
{
	struct error err = { 0 };
	json_t *found = ask(bed, line),
	       *wanted = json_read_text(answer, strlen(answer), "row", &err);
	AUTO_FREE char *text = json_text(found);
	ck_assert_msg(json_equal(found, wanted), "%s gave %s", line, text);
	json_decref(found);
	json_decref(wanted);
}

START_TEST(operations_are_carried_out_or_refused)
{
	struct bed *bed = bed_new("sc-t-24"), *other = bed_new("sc-p-12");
	expect(bed, "{\"id\":4,\"do\":\"diagnose\"}", "{\"id\":4,\"diagnosis\":\"ok\"}");
	expect(other, "{\"id\":4,\"do\":\"diagnose\"}", "{\"id\":4,\"refused\":\"unsupported\"}");
	expect(bed, "{\"id\":3,\"do\":\"clean\"}", "{\"id\":3,\"ok\":true}");
	expect(bed, "{\"id\":3,\"do\":\"clean\"}", "{\"id\":3,\"refused\":\"busy\"}");
	ck_assert_str_eq(json_text_of(bed_find(bed, "printer.operated"), "by", ""), "panel");
	bed_do(other, "jam", NULL);
	expect(other, "{\"id\":5,\"do\":\"clean\"}", "{\"id\":5,\"refused\":\"error\"}");
	bed_free(bed);
	bed_free(other);
}
END_TEST

START_TEST(anything_else_is_malformed)
{
	static const char *const rows[][2] = {
		{ "{\"id\":1}", "{\"id\":1,\"refused\":\"malformed\"}" },
		{ "{\"id\":1,\"get\":\"all\"}", "{\"id\":1,\"refused\":\"malformed\"}" },
		{ "{\"id\":1,\"get\":\"device\",\"x\":1}", "{\"id\":1,\"refused\":\"malformed\"}" },
		{ "{\"id\":1,\"watch\":false}", "{\"id\":1,\"refused\":\"malformed\"}" },
		{ "{\"id\":\"1\",\"get\":\"device\"}", "{\"id\":null,\"refused\":\"malformed\"}" },
		{ "nonsense", "{\"id\":null,\"refused\":\"malformed\"}" },
		{ "[]", "{\"id\":null,\"refused\":\"malformed\"}" },
		{ "", "{\"id\":null,\"refused\":\"malformed\"}" },
	};
	struct bed *bed = bed_new("sc-t-24");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		expect(bed, rows[i][0], rows[i][1]);
	bed_free(bed);
}
END_TEST

START_TEST(the_device_shows_what_the_truth_says)
{
	static const struct {
		const char *item, *panel;
	} same[] = {
		{ "/D01", "/maker" },
		{ "/D02", "/model" },
		{ "/D03", "/serial" },
		{ "/D04", "/region" },
		{ "/D05", "/country" },
		{ "/D08", "/firmware" },
		{ "/D11", "/log" },
		{ "/D12", "/settings/panel" },
		{ "/D13", "/settings/printer" },
		{ "/D14", "/settings/maintenance" },
		{ "/D15", "/settings/media" },
		{ "/D16", "/settings/network" },
		{ "/D17/1/level", "/supplies/1/percent" },
		{ "/D17/1/replaced", "/supplies/1/installed" },
		{ "/D18", "/cleaningLog" },
		{ "/D19", "/maintenanceLog" },
		{ "/D20/3/microlitres", "/supplies/3/usedMicrolitres" },
		{ "/D21", "/counters/printingSeconds" },
		{ "/D22", "/counters/areaSquareCm" },
		{ "/D23/1/started", "/jobLog/1/started" },
	};
	struct bed *bed = bed_new("sc-t-24");
	bed_do(bed, "ink", json_pack("{s:s,s:i}", "color", "M", "level", 2));
	json_t *answer = ask(bed, "{\"id\":1,\"get\":\"device\"}");
	const json_t *device = json_object_get(answer, "device");
	for (size_t i = 0; i < COUNT_OF(same); i++) {
		const json_t *item = bed_item(bed, same[i].item);
		ck_assert_msg(item && json_equal(item, json_at(device, same[i].panel)), "%s",
			      same[i].item);
	}
	ck_assert_int_eq(json_integer_value(json_at(device, "/state/warnings/0")), 0x11);
	ck_assert(json_is_null(json_at(device, "/state/error")));
	ck_assert_str_eq(json_string_value(json_at(device, "/jobLog/0/owner")), "a.keller");
	json_decref(answer);
	bed_free(bed);
}
END_TEST

/* ---- over a socket ---- */

struct client {
	int fd;
	struct buf in;
	struct watch *watch;
	int lines;
	bool closed;
};

static void on_data(void *arg, unsigned events)
{
	struct client *client = arg;
	char chunk[4096];
	ssize_t size = recv(client->fd, chunk, sizeof(chunk), MSG_DONTWAIT);
	(void)events;
	if (size <= 0) {
		client->closed = true;
		watch_set(client->watch, 0);
		return;
	}
	for (ssize_t i = 0; i < size; i++)
		client->lines += chunk[i] == '\n';
	buf_add(&client->in, chunk, (size_t)size);
}

static int listen_abstract(struct sockaddr_un *at, socklen_t *size)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*at = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*size = sizeof(sa_family_t);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)at, *size), 0); /* autobind */
	*size = sizeof(*at);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)at, size), 0);
	ck_assert_int_eq(listen(fd, 8), 0);
	return fd;
}

static void client_open(struct client *client, struct bed *bed, const struct sockaddr_un *at,
			socklen_t size)
{
	*client = (struct client){ .fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	ck_assert_int_eq(connect(client->fd, (const struct sockaddr *)at, size), 0);
	buf_init(&client->in, 1 << 20);
	client->watch = watch_new(bed->loop, client->fd, LOOP_READ, on_data, client);
}

static void client_close(struct client *client)
{
	watch_free(client->watch);
	close(client->fd);
	buf_done(&client->in);
}

static bool two_lines(void *arg)
{
	return ((struct client *)arg)->lines >= 2;
}

static bool is_closed(void *arg)
{
	return ((struct client *)arg)->closed;
}

START_TEST(a_watcher_is_told_of_changes_and_others_are_not)
{
	struct bed *bed = bed_new("sc-t-24");
	struct sockaddr_un at;
	socklen_t size;
	struct client watcher, other;
	struct error err = { 0 };
	static const char watch[] = "{\"id\":2,\"watch\":true}\n{\"id\":3,",
			  rest[] = "\"do\":\"diagnose\"}\n";

	ck_assert_int_eq(device_panel(bed->device, listen_abstract(&at, &size), &err), 0);
	client_open(&watcher, bed, &at, size);
	client_open(&other, bed, &at, size);
	ck_assert_int_gt(send(watcher.fd, watch, sizeof(watch) - 1, 0), 0);
	ck_assert_int_gt(send(watcher.fd, rest, sizeof(rest) - 1, 0), 0);
	ck_assert(loop_run_until(bed->loop, two_lines, &watcher, 5000));
	watcher.lines = 1;
	bed_do(bed, "jam", NULL);
	ck_assert(loop_run_until(bed->loop, two_lines, &watcher, 5000));
	ck_assert_str_eq(buf_text(&watcher.in),
			 "{\"ok\":true,\"id\":2}\n{\"diagnosis\":\"ok\",\"id\":3}\n"
			 "{\"event\":\"changed\",\"status\":0,\"error\":4,\"warnings\":[]}\n");
	ck_assert_int_eq(other.lines, 0);
	client_close(&watcher);
	client_close(&other);
	loop_turn(bed->loop, false);
	bed_free(bed);
}
END_TEST

START_TEST(a_line_without_end_is_cut_off)
{
	struct bed *bed = bed_new("sc-t-24");
	struct sockaddr_un at;
	socklen_t size;
	struct client client;
	struct error err = { 0 };
	static char line[65536];

	memset(line, 'x', sizeof(line));
	ck_assert_int_eq(device_panel(bed->device, listen_abstract(&at, &size), &err), 0);
	client_open(&client, bed, &at, size);
	for (size_t sent = 0; sent < 2 * PANEL_LINE_MAX && !client.closed;) {
		ssize_t part = send(client.fd, line, sizeof(line), MSG_NOSIGNAL | MSG_DONTWAIT);
		if (part > 0)
			sent += (size_t)part;
		loop_turn(bed->loop, false);
	}
	ck_assert(loop_run_until(bed->loop, is_closed, &client, 5000));
	client_close(&client);
	bed_free(bed);
}
END_TEST

TEST_MAIN("sim.printer.panel", operations_are_carried_out_or_refused, anything_else_is_malformed,
	  the_device_shows_what_the_truth_says, a_watcher_is_told_of_changes_and_others_are_not,
	  a_line_without_end_is_cut_off)
