#include "sim/world/resolver.h"

#include "base/buf.h"
#include "base/test.h"
#include "sim/world/world.h"

/* A query for a dotted name. */
static size_t ask(uint8_t *out, const char *name, uint16_t type)
{
	static const uint8_t header[12] = { 0x12, 0x34, 0x01, 0, 0, 1 };
	size_t used = sizeof(header);

	memcpy(out, header, used);
	while (*name) {
		size_t label = strcspn(name, ".");
		out[used++] = (uint8_t)label;
		memcpy(out + used, name, label);
		used += label;
		name += label + (name[label] == '.');
	}
	out[used++] = 0;
	put_be16(out + used, type);
	put_be16(out + used + 2, 1);
	return used + 4;
}

static struct resolver_seen seen;
static uint8_t answer[RESOLVER_ANSWER_MAX];

static size_t resolve(const char *name, uint16_t type)
{
	uint8_t query[512];
	return resolver_answer(query, ask(query, name, type), answer, &seen);
}

START_TEST(the_worlds_names_have_their_addresses)
{
	static const struct {
		const char *name;
		uint32_t address;
	} rows[] = { { "api.ecsp.example", WORLD_API_IP },
		     { "mqtt.ecsp.example", WORLD_MQTT_IP },
		     { "Service.ECSP.example", WORLD_SERVICE_IP },
		     { "api.eu.ecsp.example", WORLD_API_IP },
		     { "mqtt.cn.ecsp.example", WORLD_MQTT_IP } };

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t size = resolve(rows[i].name, 1);
		ck_assert_uint_gt(size, 16);
		ck_assert_uint_eq(answer[3] & 15, 0);
		ck_assert_uint_eq(get_be16(answer + 6), 1);
		ck_assert_uint_eq(get_be32(answer + size - 4), rows[i].address);
		ck_assert(seen.answered);
		ck_assert_str_eq(seen.name, rows[i].name);
	}
}
END_TEST

START_TEST(another_type_of_a_known_name_is_empty)
{
	ck_assert_uint_gt(resolve("api.ecsp.example", 28), 0);
	ck_assert_uint_eq(answer[3] & 15, 0);
	ck_assert_uint_eq(get_be16(answer + 6), 0);
	ck_assert(!seen.answered);
	ck_assert_str_eq(resolver_type(seen.type), "AAAA");
}
END_TEST

START_TEST(an_unknown_name_does_not_exist)
{
	static const char *const names[] = { "www.example", "api.ecsp.example.com", "ecsp.example",
					     "xapi.ecsp.example" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		ck_assert_uint_gt(resolve(names[i], 1), 0);
		ck_assert_uint_eq(answer[3] & 15, 3);
		ck_assert_uint_eq(get_be16(answer + 6), 0);
		ck_assert_str_eq(seen.name, names[i]);
	}
}
END_TEST

START_TEST(a_query_cut_anywhere_is_a_format_error)
{
	uint8_t query[512];
	size_t size = ask(query, "api.ecsp.example", 1);

	for (size_t cut = 0; cut < size; cut++) {
		size_t used = resolver_answer(query, cut, answer, &seen);
		ck_assert_uint_eq(used, cut < 12 ? 0 : 12);
		if (used)
			ck_assert_uint_eq(answer[3] & 15, 1);
		ck_assert_str_eq(seen.name, "");
	}
}
END_TEST

START_TEST(a_response_is_never_answered)
{
	uint8_t query[512];
	size_t size = ask(query, "api.ecsp.example", 1);

	query[2] |= 0x80;
	ck_assert_uint_eq(resolver_answer(query, size, answer, &seen), 0);
}
END_TEST

START_TEST(a_pointer_in_the_question_is_refused)
{
	uint8_t query[] = { 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xc0, 12, 0, 1, 0, 1 };

	ck_assert_uint_eq(resolver_answer(query, sizeof(query), answer, &seen), 12);
	ck_assert_uint_eq(answer[3] & 15, 1);
}
END_TEST

START_TEST(the_longest_name_fits)
{
	char name[254];

	memset(name, 'a', sizeof(name));
	for (size_t i = 63; i < sizeof(name) - 1; i += 64)
		name[i] = '.';
	name[253] = 0;
	ck_assert_uint_le(resolve(name, 1), sizeof(answer));
	ck_assert_uint_eq(answer[3] & 15, 3);
	ck_assert_str_eq(seen.name, name);
}
END_TEST

TEST_MAIN("world.resolver", the_worlds_names_have_their_addresses,
	  another_type_of_a_known_name_is_empty, an_unknown_name_does_not_exist,
	  a_query_cut_anywhere_is_a_format_error, a_response_is_never_answered,
	  a_pointer_in_the_question_is_refused, the_longest_name_fits)
