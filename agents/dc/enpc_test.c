#include "agents/dc/enpc.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/test.h"

static const uint8_t started[] = { 'E', 'P', 'S', 'O', 'N', 'c', 2, 0, 0, 0x20, 0, 0, 0, 1, 0 };

START_TEST(a_request_is_what_other_clients_send)
{
	static const uint8_t query[] = { 'E', 'P', 'S', 'O', 'N', 'Q', 2, 0, 0, 0, 0, 0, 0, 0 };
	static const uint8_t probe[] = { 'E', 'P', 'S', 'O', 'N', 'P', 0, 0xff, 0, 0, 0, 0, 0, 0 };
	uint8_t packet[ENPC_REQUEST_SIZE];

	enpc_request(&enpc_basic, packet);
	ck_assert_mem_eq(packet, query, sizeof(query));
	enpc_request(&enpc_probe, packet);
	ck_assert_mem_eq(packet, probe, sizeof(probe));
}
END_TEST

START_TEST(a_reply_belongs_to_its_question)
{
	struct enpc_reply reply;

	ck_assert(enpc_parse(&enpc_clean, started, sizeof(started), &reply));
	ck_assert_int_eq(reply.result, ENPC_NORMAL);
	ck_assert_uint_eq(reply.size, 1);
	ck_assert(!enpc_parse(&enpc_diagnose, started, sizeof(started), &reply));
	ck_assert(!enpc_parse(&enpc_basic, started, sizeof(started), &reply));
}
END_TEST

START_TEST(a_reply_cut_anywhere_or_damaged_is_refused)
{
	struct enpc_reply reply;

	for (size_t size = 0; size < sizeof(started); size++)
		ck_assert(!enpc_parse(&enpc_clean, started, size, &reply));
	for (size_t i = 0; i < 10; i++) {
		uint8_t damaged[sizeof(started)];
		memcpy(damaged, started, sizeof(started));
		damaged[i] ^= 0x80;
		ck_assert(!enpc_parse(&enpc_clean, damaged, sizeof(damaged), &reply));
	}
}
END_TEST

START_TEST(the_model_stands_behind_the_device_id)
{
	static const uint8_t data[] = { 3, 0, 0, 0, 5, 'M', 'F', 'G', 'S', 'C', '-', 'T', 0, 'x' };
	struct enpc_reply reply = { ENPC_NORMAL, data, sizeof(data) };

	AUTO_FREE char *model = enpc_model(&reply);
	ck_assert_str_eq(model, "SC-T");
	reply.size = 4;
	ck_assert_ptr_null(enpc_model(&reply));
	reply.size = 8;
	ck_assert_ptr_null(enpc_model(&reply));
}
END_TEST

TEST_MAIN("agents.dc.enpc", a_request_is_what_other_clients_send, a_reply_belongs_to_its_question,
	  a_reply_cut_anywhere_or_damaged_is_refused, the_model_stands_behind_the_device_id)
