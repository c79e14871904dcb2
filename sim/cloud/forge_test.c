#include "sim/cloud/forge.h"

#include "base/test.h"

static const uint8_t certificate[] = "certificate";
static uint8_t point[65] = { 4 };

static bool sign(void *arg, bool sha1, const uint8_t *data, size_t size, struct buf *out)
{
	(void)arg;
	(void)data;
	buf_add_u8(out, sha1);
	return buf_add_be16(out, (uint16_t)size);
}

static const struct forge_identity identity = { certificate, sizeof(certificate), point, sign,
						NULL };

static struct hello client(void)
{
	return (struct hello){
		.legacy_version = TLS_1_2,
		.session = { 0xaa, 0xbb },
		.session_size = 2,
		.suites = { 0x1302, 0xc02c, 0xc013 },
		.suite_count = 3,
		.versions = { TLS_1_3, TLS_1_2 },
		.version_count = 2,
		.listed = true,
		.extensions = { EXTENSION_MASTER_SECRET, EXTENSION_RENEGOTIATION },
		.extension_count = 2,
		.groups = { 0x1d, 0x17 },
		.group_count = 2,
		.shares = { 0x1d },
		.share_count = 1,
	};
}

static const struct forge_kind *kind_of(const char *name)
{
	for (size_t i = 0; forge_names[i]; i++)
		if (!strcmp(forge_kinds[i].name, name))
			return &forge_kinds[i];
	ck_abort_msg("%s", name);
}

/* The messages of a flight as one line of their types; record heads are checked on the way. */
static const char *types_of(const struct buf *flight)
{
	static char text[64];
	size_t length = 0;

	for (size_t at = 0; at < flight->size;) {
		size_t size = get_be16(flight->data + at + 3);
		ck_assert_uint_eq(flight->data[at], 22);
		ck_assert_uint_eq(get_be32(flight->data + at + 5) & 0xffffff, size - 4);
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%d",
					   length ? " " : "", flight->data[at + 5]);
		at += 5 + size;
		ck_assert_uint_le(at, flight->size);
	}
	return text;
}

/* Appends the flight of this kind to out, which is empty. */
static void make(const char *name, struct buf *out)
{
	struct hello hello = client();
	buf_init(out, 4096);
	ck_assert(forge_flight(kind_of(name), 0, &hello, &identity, out));
}

START_TEST(a_sound_flight_has_all_messages_in_order)
{
	struct buf flight;

	make("sound", &flight);
	ck_assert_str_eq(types_of(&flight), "2 11 12 14");
	ck_assert_uint_eq(get_be16(flight.data + 9), TLS_1_2);
	ck_assert_uint_eq(get_be16(flight.data + 46), 0xc02c); /* its own suite */
	ck_assert_mem_ne(flight.data + 35, "DOWNGRD", 7);
	buf_done(&flight);
}
END_TEST

struct row {
	const char *name, *types;
};

START_TEST(orders_that_no_server_has_are_made)
{
	static const struct row rows[] = {
		{ "hello-twice", "2 2 11 12 14" },
		{ "no-key-exchange", "2 11 14" },
		{ "wrong-order", "2 12 11 14" },
	};
	struct buf flight;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make(rows[i].name, &flight);
		ck_assert_str_eq(types_of(&flight), rows[i].types);
		buf_done(&flight);
	}
}
END_TEST

/* Every kind but the sound one differs from it. */
START_TEST(each_kind_differs_from_the_sound_one)
{
	struct buf sound, other;

	make("sound", &sound);
	for (size_t i = 1; forge_names[i]; i++) {
		ck_assert_str_eq(forge_kinds[i].name, forge_names[i]);
		make(forge_names[i], &other);
		ck_assert_msg(other.size != sound.size ||
				      memcmp(other.data, sound.data, sound.size) != 0,
			      "%s", forge_names[i]);
		buf_done(&other);
	}
	buf_done(&sound);
}
END_TEST

START_TEST(the_downgrade_mark_stands_at_the_end_of_the_random)
{
	struct buf flight;
	make("downgrade-mark", &flight);
	ck_assert_mem_eq(flight.data + 35, "DOWNGRD\1", 8);
	buf_done(&flight);
}
END_TEST

START_TEST(a_suite_can_be_forced)
{
	struct hello hello = client();
	struct buf flight;

	buf_init(&flight, 4096);
	ck_assert(forge_flight(&forge_kinds[0], 0xc007, &hello, &identity, &flight));
	ck_assert_uint_eq(get_be16(flight.data + 46), 0xc007);
	buf_done(&flight);
	make("unoffered-suite", &flight);
	ck_assert(!hello_offers_suite(&hello, get_be16(flight.data + 46)));
	buf_done(&flight);
}
END_TEST

START_TEST(a_flight_fits_only_who_could_take_it)
{
	struct hello hello = client();

	ck_assert(forge_fits(&hello));
	hello.version_count = 1; /* TLS 1.3 alone */
	ck_assert(!forge_fits(&hello));
	hello = client();
	hello.group_count = 1; /* X25519 alone */
	ck_assert(!forge_fits(&hello));
	hello = client();
	hello.suites[1] = 0xc014;
	ck_assert(!forge_fits(&hello));
}
END_TEST

START_TEST(an_old_hello_chooses_tls_1_1_and_an_old_suite)
{
	struct hello hello = client();
	struct buf out;

	buf_init(&out, 256);
	forge_old_hello(&hello, TLS_1_1, &out);
	/* record 5, message 4, version 2, random 32, session 1 + 2, suite 2, compression 1 */
	ck_assert_uint_eq(out.size, 5 + 4 + 2 + 32 + 3 + 2 + 1);
	ck_assert_uint_eq(get_be16(out.data + 1), TLS_1_1);
	ck_assert_uint_eq(get_be16(out.data + 9), TLS_1_1);
	ck_assert_uint_eq(get_be16(out.data + 46), 0xc013);
	buf_done(&out);
}
END_TEST

START_TEST(a_retry_asks_for_a_group)
{
	struct hello hello = client();
	struct buf out;

	ck_assert_uint_eq(forge_group_to_ask(&hello), 0x17);
	ck_assert_uint_eq(forge_group_shared(&hello), 0x1d);
	ck_assert(!hello_offers_group(&hello, forge_group_unknown(&hello)));
	buf_init(&out, 256);
	forge_retry(&hello, 0x17, &out);
	ck_assert_str_eq(types_of(&out), "2");
	ck_assert_uint_eq(get_be16(out.data + out.size - 2), 0x17);
	buf_done(&out);
}
END_TEST

TEST_MAIN("sim.cloud.forge", a_sound_flight_has_all_messages_in_order,
	  orders_that_no_server_has_are_made, each_kind_differs_from_the_sound_one,
	  the_downgrade_mark_stands_at_the_end_of_the_random, a_suite_can_be_forced,
	  a_flight_fits_only_who_could_take_it, an_old_hello_chooses_tls_1_1_and_an_old_suite,
	  a_retry_asks_for_a_group)
