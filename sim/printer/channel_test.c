#include "sim/printer/channel.h"

#include "sim/printer/testbed.h"

#define CHANNEL "1.3.6.1.4.1.1248.1.2.2.44.1.1.2.1."
#define STATUS  "1.3.6.1.4.1.1248.1.2.2.1.1.1.4.1"
#define SECOND  "1.3.6.1.4.1.1248.1.8.2."

enum { GET = 0xa0, NEXT = 0xa1, OCTETS = 0x04, NO_SUCH_OBJECT = 0x80 };

/* The value of a GET by v2c: its tag; the content points into the bed. */
static uint8_t ask(struct bed *bed, uint8_t pdu, const char *oid, struct span *value)
{
	struct snmp_message answer;
	ck_assert(
		bed_ask(bed, &(struct ask){ .version = 1, .pdu = pdu, .oids = { oid } }, &answer));
	return bed_value(&answer, 0, value);
}

static void expect(struct bed *bed, const char *command, const char *reply, size_t size)
{
	AUTO_FREE char *oid = alloc_printf(CHANNEL "%s", command);
	struct span value;
	ck_assert_msg(ask(bed, GET, oid, &value) == OCTETS, "%s", command);
	ck_assert_msg(value.size == size && !memcmp(value.data, reply, size), "%s gave '%.*s'",
		      command, (int)value.size, (const char *)value.data);
}

/* With a NUL in front, which the literal's length counts. */
#define EXPECT(bed, command, reply) expect(bed, command, reply, sizeof(reply) - 1)

START_TEST(the_firmware_is_told_as_recorded)
{
	struct bed *bed = bed_new("sc-t-24");
	EXPECT(bed, "118.105.1.0.0", "\0vi:00:TT24A1;\x0c");
	bed_free(bed);
}
END_TEST

START_TEST(the_status_is_the_block_that_stands_in_the_tree)
{
	struct bed *bed = bed_new("sc-p-12");
	struct span value;
	ck_assert_uint_eq(ask(bed, GET, STATUS, &value), OCTETS);
	AUTO_FREE char *block = alloc_bytes(value.data, value.size);
	size_t size = value.size;
	ck_assert_uint_eq(ask(bed, GET, CHANNEL "115.116.1.0.1", &value), OCTETS);
	ck_assert_uint_eq(value.size, size + 1);
	ck_assert_uint_eq(value.data[0], 0);
	ck_assert_mem_eq(value.data + 1, block, size);
	bed_free(bed);
}
END_TEST

START_TEST(the_device_id_is_told)
{
	struct bed *bed = bed_new("sc-t-24");
	struct span value;
	ck_assert_uint_eq(ask(bed, GET, CHANNEL "100.105.1.0.1", &value), OCTETS);
	AUTO_FREE char *text = alloc_bytes(value.data + 1, value.size - 1);
	ck_assert_msg(!strncmp(text, "@EJL ID\r\nMFG:EPSON;", 19), "%s", text);
	ck_assert_ptr_nonnull(strstr(text, "MDL:SC-T24 Series;"));
	bed_free(bed);
}
END_TEST

START_TEST(what_would_change_the_printer_or_read_its_memory_is_refused)
{
	struct bed *bed = bed_new("sc-t-24");
	int64_t before = bed->device->clock_offset_ms;
	EXPECT(bed, "124.124.7.0.133.5.65.190.160.24.0", "\0||:41:NA;\x0c");
	EXPECT(bed, "124.124.16.0.133.5.66.189.33.24.0.120.1.2.3.4.5.6.7.8", "\0||:41:NA;\x0c");
	EXPECT(bed, "116.105.8.0.0.7.234.1.5.10.0.0", "\0ti:NA;\x0c");
	EXPECT(bed, "111.116.1.0.1", "\0ot:NA;\x0c");
	EXPECT(bed, "122.122.0.0", "\0zz:;\x0c");
	EXPECT(bed, "115.116.1.0.9", "\0st:;\x0c");
	ck_assert_int_eq(bed->device->clock_offset_ms, before);
	bed_free(bed);
}
END_TEST

START_TEST(what_is_no_command_is_no_object)
{
	static const char *const wrong[] = { "115",
					     "115.116.1.0",
					     "115.116.2.0.1",
					     "115.116.1.0.1.1",
					     "115.116.1.0.256",
					     "115.116.255.255.1" };
	struct bed *bed = bed_new("sc-t-24"), *decoy = bed_new("decoy"),
		   *label = bed_new("cw-label");
	struct span value;
	for (size_t i = 0; i < COUNT_OF(wrong); i++) {
		AUTO_FREE char *oid = alloc_printf(CHANNEL "%s", wrong[i]);
		ck_assert_msg(ask(bed, GET, oid, &value) == NO_SUCH_OBJECT, "%s", wrong[i]);
	}
	ck_assert_uint_eq(ask(decoy, GET, CHANNEL "118.105.1.0.0", &value), NO_SUCH_OBJECT);
	ck_assert_uint_eq(ask(label, GET, CHANNEL "118.105.1.0.0", &value), NO_SUCH_OBJECT);
	bed_free(bed);
	bed_free(decoy);
	bed_free(label);
}
END_TEST

START_TEST(a_walk_passes_the_channel_by)
{
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message answer;
	static const uint8_t channel[] = { 0x2b, 6, 1, 4, 1, 0x89, 0x60, 1, 2, 2, 44 };
	ck_assert(bed_ask(
		bed,
		&(struct ask){ .version = 1, .pdu = NEXT, .oids = { CHANNEL "118.105.1.0.0" } },
		&answer));
	ck_assert(memcmp(answer.varbinds[0].data + 4, channel, sizeof(channel)) != 0);
	bed_free(bed);
}
END_TEST

START_TEST(the_second_device_has_the_panel_s_languages)
{
	struct bed *bed = bed_new("sc-t-24"), *decoy = bed_new("decoy");
	struct span value;
	AUTO_FREE char *model = bed_get_text(bed, SECOND "1.1.1.2.2");
	AUTO_FREE char *language = bed_get_text(bed, SECOND "2.1.1.2.2.13");
	AUTO_FREE char *country = bed_get_text(bed, SECOND "2.1.1.3.2.13");
	ck_assert_str_eq(model, "SC-T24 Series");
	ck_assert_str_eq(language, "pl");
	ck_assert_str_eq(country, "PL");
	ck_assert_int_eq(bed_get_number(bed, SECOND "2.1.1.4.2.13"), 106);
	ck_assert_int_eq(bed_get_number(bed, SECOND "4.1.1.2.2.3"), 301);
	ck_assert_int_eq(bed_get_number(bed, SECOND "19.1.1.4.2.1"), 60000);
	ck_assert_uint_eq(ask(decoy, GET, SECOND "1.1.1.2.2", &value), NO_SUCH_OBJECT);
	bed_free(bed);
	bed_free(decoy);
}
END_TEST

TEST_MAIN("sim.printer.channel", the_firmware_is_told_as_recorded,
	  the_status_is_the_block_that_stands_in_the_tree, the_device_id_is_told,
	  what_would_change_the_printer_or_read_its_memory_is_refused,
	  what_is_no_command_is_no_object, a_walk_passes_the_channel_by,
	  the_second_device_has_the_panel_s_languages)
