#include "sim/cloud/warp.h"

#include "base/cleanup.h"
#include "base/test.h"

enum { CUT_EVERY = 7 };

/* ServerHello and Certificate, ChangeCipherSpec, an encrypted Finished, and data. */
static const uint8_t server[] = { 22, 3, 3, 0,  5, 2, 0, 0, 1, 9,  22, 3, 3, 0, 5, 11, 0,
				  0,  1, 8, 20, 3, 3, 0, 1, 1, 22, 3,  3, 0, 3, 7, 7,  7 };
static const uint8_t data[] = { 23, 3, 3, 0, 4, 1, 2, 3, 4 };

static struct warp warp;
static struct buf out;

static const struct warp_kind *kind_of(const char *name)
{
	for (size_t i = 0; warp_names[i]; i++)
		if (!strcmp(warp_kinds[i].name, name))
			return &warp_kinds[i];
	ck_abort_msg("%s", name);
}

static void feed(const uint8_t *bytes, size_t size, size_t piece)
{
	for (size_t at = 0; at < size; at += piece)
		warp_feed(&warp, bytes + at, size - at < piece ? size - at : piece, &out);
}

/* Sends the whole conversation. name NULL: unbent. */
static void run(const char *name, int amount, size_t piece)
{
	buf_init(&out, 1 << 20);
	warp_init(&warp, name ? kind_of(name) : NULL, amount);
	feed(server, sizeof(server), piece);
	warp.application = true;
	feed(data, sizeof(data), piece);
}

static void done(void)
{
	buf_done(&out);
	warp_done(&warp);
}

START_TEST(without_a_kind_nothing_changes_however_it_is_cut)
{
	for (size_t piece = 1; piece < sizeof(server); piece += CUT_EVERY) {
		run(NULL, 0, piece);
		ck_assert_uint_eq(out.size, sizeof(server) + sizeof(data));
		ck_assert_mem_eq(out.data, server, sizeof(server));
		ck_assert(!warp.struck);
		done();
	}
}
END_TEST

START_TEST(every_kind_strikes_and_changes_the_bytes)
{
	for (size_t i = 0; warp_names[i]; i++) {
		ck_assert_str_eq(warp_kinds[i].name, warp_names[i]);
		run(warp_names[i], 0, sizeof(server));
		ck_assert_msg(warp.struck, "%s", warp_names[i]);
		ck_assert_msg(out.size != sizeof(server) + sizeof(data) ||
				      memcmp(out.data, server, sizeof(server)) != 0 ||
				      memcmp(out.data + sizeof(server), data, sizeof(data)) != 0,
			      "%s", warp_names[i]);
		done();
	}
}
END_TEST

START_TEST(plain_handshake_records_are_split_and_no_others)
{
	run("fragmented", 2, 3);
	/* Each message of 5 bytes gives records of 2, 2 and 1. */
	static const uint8_t first[] = { 22, 3, 3, 0, 2,  2, 0, 22, 3, 3,
					 0,  2, 0, 1, 22, 3, 3, 0,  1, 9 };
	ck_assert_mem_eq(out.data, first, sizeof(first));
	ck_assert_uint_eq(out.size, 2 * sizeof(first) + sizeof(server) - 20 + sizeof(data));
	done();
}
END_TEST

START_TEST(messages_share_a_record)
{
	static const uint8_t joined[] = { 22, 3, 3, 0, 10, 2, 0, 0, 1, 9, 11, 0, 0, 1, 8, 20 };
	run("joined", 0, sizeof(server));
	ck_assert_mem_eq(out.data, joined, sizeof(joined));
	done();
}
END_TEST

START_TEST(only_what_is_encrypted_is_broken)
{
	run("bad-tag-handshake", 0, sizeof(server));
	ck_assert_mem_eq(out.data, server, sizeof(server) - 1);
	ck_assert_uint_eq(out.data[sizeof(server) - 1], 7 ^ 1);
	ck_assert_mem_eq(out.data + sizeof(server), data, sizeof(data));
	done();
	run("bad-tag", 0, sizeof(server));
	ck_assert_mem_eq(out.data, server, sizeof(server));
	ck_assert_uint_eq(out.data[out.size - 1], 4 ^ 1);
	done();
}
END_TEST

START_TEST(so_many_are_put_in_as_are_asked_for)
{
	run("empty-handshake", 100, sizeof(server));
	ck_assert_uint_eq(out.size, 500 + sizeof(server) + sizeof(data));
	ck_assert_mem_eq(out.data + 500, server, sizeof(server));
	done();
}
END_TEST

/* Sends the conversation with an alert; returns how many bytes of it came before. */
static size_t alert_at(struct warp_alert alert)
{
	static const uint8_t bytes[] = { 21, 3, 3, 0, 2, 2, 80 };

	buf_init(&out, 1 << 20);
	warp_init(&warp, NULL, 0);
	warp.alert = alert;
	feed(server, sizeof(server), 3);
	ck_assert(warp.alerted);
	ck_assert_uint_ge(out.size, sizeof(bytes));
	ck_assert_mem_eq(out.data + out.size - sizeof(bytes), bytes, sizeof(bytes));
	size_t before = out.size - sizeof(bytes);
	ck_assert_mem_eq(out.data, server, before);
	done();
	return before;
}

START_TEST(an_alert_comes_at_its_step_and_is_the_last)
{
	ck_assert_uint_eq(alert_at((struct warp_alert){ .after = 2, .number = 80 }), 10);
	ck_assert_uint_eq(alert_at((struct warp_alert){ .after = 11, .number = 80 }), 20);
	ck_assert_uint_eq(alert_at((struct warp_alert){ .at_change = true, .number = 80 }), 20);
}
END_TEST

TEST_MAIN("sim.cloud.warp", without_a_kind_nothing_changes_however_it_is_cut,
	  every_kind_strikes_and_changes_the_bytes, plain_handshake_records_are_split_and_no_others,
	  messages_share_a_record, only_what_is_encrypted_is_broken,
	  so_many_are_put_in_as_are_asked_for, an_alert_comes_at_its_step_and_is_the_last)
