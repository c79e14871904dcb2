#include "sim/printer/spoil.h"

#include "sim/printer/draft.h"
#include "sim/printer/fault.h"
#include "sim/printer/testbed.h"

#define SERVICES "1.3.6.1.2.1.1.7.0"
#define PAGES    "1.3.6.1.2.1.43.10.2.1.4.1.1"
#define NAME     "1.3.6.1.2.1.43.5.1.1.16.1"
#define SUPPLY   "1.3.6.1.2.1.43.11.1.1.9.1"

static const struct ask three = { .version = 1, .pdu = 0xa0, .oids = { SERVICES, PAGES, NAME } };
static const struct ask next = { .version = 1, .pdu = 0xa1, .oids = { SUPPLY ".1" } };
static const struct ask bulk = { .version = 1, .pdu = 0xa5, .third = 8, .oids = { SUPPLY } };

static const struct ask third_row = { .version = 1, .pdu = 0xa1, .oids = { SUPPLY ".3" } };
static const struct ask last_row = { .version = 1, .pdu = 0xa1, .oids = { SUPPLY ".5" } };
static const struct ask end_of_mib = { .version = 1, .pdu = 0xa1, .oids = { "1.3.6.1.6.9" } };
static const struct ask two_columns = {
	.version = 1, .pdu = 0xa5, .third = 3, .oids = { SUPPLY ".4", "1.3.6.1.2.1.1.6" }
};
static const struct ask old = { .version = 0, .pdu = 0xa0, .oids = { SERVICES, PAGES } };

static void arm(struct bed *bed, const char *fault, const char *with)
{
	struct error err = { 0 };
	AUTO_JSON json_t *parameters = *with ? json_loads(with, 0, NULL) : NULL;
	ck_assert_msg(device_fault(bed->device, fault, parameters, &err) >= 0, "%s",
		      error_text(&err));
}

static void show_bytes(struct buf *out, struct span bytes)
{
	for (size_t i = 0; i < bytes.size && i < 12; i++)
		buf_printf(out, "%02x", bytes.data[i]);
	if (bytes.size > 12)
		buf_printf(out, "(%zu)", bytes.size);
}

/* "1 public a2 4660 0 0 1.7.0=02:48 …"; names without what all have in common. */
static char *show(const struct buf *bytes)
{
	struct snmp_message message;
	struct buf out;

	buf_init(&out, 65536);
	if (!snmp_message_parse(bytes->data, bytes->size, &message)) {
		buf_printf(&out, "no SNMP, %zu bytes", bytes->size);
		return buf_steal(&out);
	}
	buf_printf(&out, "%d %.*s %02x %d %d %d", (int)message.version, (int)message.community.size,
		   (const char *)message.community.data, message.pdu,
		   (int)ber_integer(message.request), (int)ber_integer(message.error_status),
		   (int)ber_integer(message.error_index));
	for (size_t i = 0; i < message.varbind_count; i++) {
		static const char common[] = "1.3.6.1.2.1.";
		char text[OID_TEXT_MAX];
		struct varbind varbind;
		struct oid name;
		if (!varbind_read(message.varbinds[i], &varbind) || !ber_oid(varbind.name, &name)) {
			buf_printf(&out, " ?");
			continue;
		}
		const char *dotted = oid_format(name.id, name.count, text);
		bool is_common = !strncmp(dotted, common, strlen(common));
		buf_printf(&out, " %s=%02x:", dotted + (is_common ? strlen(common) : 0),
			   varbind.tag);
		show_bytes(&out, varbind.value);
	}
	return buf_steal(&out);
}

/* ---- SNMP ---- */

#define HEAD  "1 public a2 4660 0 0"
#define ROW_1 " 1.7.0=02:48"
#define ROW_2 " 43.10.2.1.4.1.1=41:0091"
#define ROW_3 " 43.5.1.1.16.1=04:53432d543234205365726965(13)"
#define LEVEL " 43.11.1.1.9.1."

static const struct {
	const char *fault, *with;
	const struct ask *ask;
	const char *answer;
	size_t size;
	const char *did;
} rows[] = {
	{ "printer.wrong-type", "", &three,
	  HEAD " 1.7.0=42:2a 43.10.2.1.4.1.1=42:2a 43.5.1.1.16.1=42:2a", 79, "3 values as gauge" },
	{ "printer.wrong-type", "{\"type\":\"counter64\",\"keep\":true,\"oid\":\"1.3.6.1.2.1.43\"}",
	  &three,
	  HEAD ROW_1 " 43.10.2.1.4.1.1=46:0091 43.5.1.1.16.1=46:53432d543234205365726965(13)", 92,
	  "2 values as counter64 by tag alone" },
	{ "printer.negative", "", &three, HEAD " 1.7.0=02:b7 43.10.2.1.4.1.1=41:ff6e" ROW_3, 92,
	  "2 numbers below zero" },
	{ "printer.non-increasing", "", &next, HEAD LEVEL "1=02:47", 46,
	  "1 names that do not grow" },
	{ "printer.non-increasing", "{\"to\":\"same\"}", &bulk,
	  HEAD LEVEL "1=02:53" LEVEL "1=02:47" LEVEL "1=02:40" LEVEL "1=02:2f" LEVEL
		     "1=02:43 43.12.1.1.2.1.1=02:01 43.12.1.1.2.1.2=02:01 43.12.1.1.2.1.3=02:01",
	  182, "4 names that do not grow" },
	{ "printer.non-increasing", "{\"to\":\"back\"}", &third_row, HEAD LEVEL "2=02:2f", 46,
	  "1 names that do not grow" },
	{ "printer.non-increasing", "{\"to\":\"back\"}", &bulk,
	  HEAD LEVEL "1=02:53" LEVEL "0=02:47" LEVEL "3=02:40" LEVEL "2=02:2f" LEVEL
		     "1=02:43 43.12.1.1.2.1.1=02:01 43.12.1.1.2.1.2=02:01 43.12.1.1.2.1.3=02:01",
	  182, "3 names that do not grow" },
	{ "printer.non-increasing", "{\"to\":\"loop\"}", &last_row, HEAD LEVEL "1=02:01", 46,
	  "1 names that do not grow" },
	{ "printer.non-increasing", "{\"to\":\"loop\"}", &bulk,
	  HEAD LEVEL "1=02:53" LEVEL "2=02:47" LEVEL "3=02:40" LEVEL "4=02:2f" LEVEL "5=02:43" LEVEL
		     "1=02:01" LEVEL "1=02:01" LEVEL "1=02:01",
	  182, "3 names that do not grow" },
	{ "printer.endless-table", "", &last_row, HEAD LEVEL "6=02:01", 46,
	  "1 rows behind the end of a table" },
	{ "printer.endless-table", "", &bulk,
	  HEAD LEVEL "1=02:53" LEVEL "2=02:47" LEVEL "3=02:40" LEVEL "4=02:2f" LEVEL "5=02:43" LEVEL
		     "6=02:43" LEVEL "7=02:43" LEVEL "8=02:43",
	  182, "3 rows behind the end of a table" },
	{ "printer.endless-table", "", &end_of_mib, HEAD " 1.3.6.1.6.10=02:01", 39,
	  "1 rows behind the end of a table" },
	{ "printer.endless-table", "{\"oid\":\"1.3.6.1.2.1.43.11\"}", &two_columns,
	  HEAD LEVEL "5=02:43 1.6.0=04:" LEVEL "6=02:43" ROW_1 LEVEL "7=02:43 2.1.0=02:01", 128,
	  "2 rows behind the end of a table" },
	{ "printer.renamed-varbind", "{\"oid\":\"" NAME "\"}", &three,
	  HEAD ROW_1 ROW_2 " 43.5.1.1.16.2=04:53432d543234205365726965(13)", 92,
	  "1 varbinds under the name of a neighbour" },
	{ "printer.missing-varbind", "", &three, HEAD ROW_1 ROW_2, 62, "1 of 3 varbinds left out" },
	{ "printer.missing-varbind", "{\"oid\":\"1.3.6.1.2.1.43\"}", &three, HEAD ROW_1, 42,
	  "2 of 3 varbinds left out" },
	{ "printer.extra-varbind", "", &three, HEAD ROW_1 ROW_2 ROW_3 " 43.5.1.1.16.1.4242=02:2a",
	  112, "one varbind more" },
	{ "printer.reordered-varbinds", "", &three, HEAD ROW_3 ROW_2 ROW_1, 92,
	  "3 varbinds in reverse order" },
	{ "printer.no-varbinds", "", &three, HEAD, 27, "all 3 varbinds left out" },
	{ "printer.error-status", "{\"status\":5}", &three,
	  "1 public a2 4660 5 1 1.7.0=05: 43.10.2.1.4.1.1=05: 43.5.1.1.16.1=05:", 76,
	  "error-status 5, error-index 1" },
	{ "printer.error-status", "{\"status\":16,\"oid\":\"" PAGES "\"}", &three,
	  "1 public a2 4660 16 2 1.7.0=05: 43.10.2.1.4.1.1=05: 43.5.1.1.16.1=05:", 76,
	  "error-status 16, error-index 2" },
	{ "printer.error-status", "{\"status\":18,\"index\":7}", &three,
	  "1 public a2 4660 18 7 1.7.0=05: 43.10.2.1.4.1.1=05: 43.5.1.1.16.1=05:", 76,
	  "error-status 18, error-index 7" },
	{ "printer.too-big", "{\"over\":2}", &three, "1 public a2 4660 1 0", 27,
	  "tooBig for 3 varbinds" },
	{ "printer.too-big", "", &old, "0 public a2 4660 1 0 1.7.0=05: 43.10.2.1.4.1.1=05:", 59,
	  "tooBig for 2 varbinds" },
	{ "printer.wrong-request-id", "", &three,
	  "1 public a2 4705 0 0 1.7.0=02:48 43.10.2.1.4.1.1=41:0091 "
	  "43.5.1.1.16.1=04:53432d543234205365726965(13)",
	  92, "request-id 4705 for 4660" },
	{ "printer.wrong-community", "", &three,
	  "1 wrong a2 4660 0 0 1.7.0=02:48 43.10.2.1.4.1.1=41:0091 "
	  "43.5.1.1.16.1=04:53432d543234205365726965(13)",
	  91, "community 'wrong'" },
	{ "printer.wrong-pdu", "{\"pdu\":\"trap\"}", &three,
	  "1 public a7 4660 0 0 1.7.0=02:48 43.10.2.1.4.1.1=41:0091 "
	  "43.5.1.1.16.1=04:53432d543234205365726965(13)",
	  92, "a trap" },
	{ "printer.deep-nesting", "{\"depth\":3,\"oid\":\"" PAGES "\"}", &three,
	  HEAD ROW_1 " 43.10.2.1.4.1.1=30:3082000430820000" ROW_3, 98,
	  "3 sequences within each other" },
	{ "printer.wrong-version", "", &three,
	  "0 public a2 4660 0 0 1.7.0=02:48 43.10.2.1.4.1.1=41:0091 "
	  "43.5.1.1.16.1=04:53432d543234205365726965(13)",
	  92, "version number 0 for 1" },
	{ "printer.wrong-version", "{\"number\":3}", &three, "no SNMP, 92 bytes", 92,
	  "version number 3 for 1" },
	{ "printer.oversized", "{\"bytes\":2000}", &three,
	  HEAD " 1.7.0=04:787878787878787878787878(1899)" ROW_2 ROW_3, 2000,
	  "a text of 1899 bytes" },
	{ "printer.overlong-lengths", "", &three, HEAD ROW_1 ROW_2 ROW_3, 160,
	  "every length in five bytes" },
	{ "printer.huge-length", "", &three, "no SNMP, 96 bytes", 96,
	  "the message 2147483647 bytes long, it says" },
	{ "printer.huge-length", "{\"of\":\"value\"}", &three, HEAD ROW_1 ROW_2 " ?", 96,
	  "the value 2147483647 bytes long, it says" },
	{ "printer.indefinite-length", "", &three, "no SNMP, 94 bytes", 94,
	  "the message without a length" },
	{ "printer.malformed-snmp", "", &three, "no SNMP, 62 bytes", 62,
	  "30 bytes fewer than the message says" },
	{ "printer.truncated", "", &three, "no SNMP, 46 bytes", 46, "46 of 92 bytes" },
	{ "printer.truncated", "{\"bytes\":1}", &three, "no SNMP, 1 bytes", 1, "1 of 92 bytes" },
	{ "printer.trailing-bytes", "{\"bytes\":7}", &three, HEAD ROW_1 ROW_2 ROW_3, 99,
	  "7 bytes behind the end" },
	{ "printer.garbage", "{\"bytes\":99}", &three, "no SNMP, 99 bytes", 99,
	  "99 bytes of chance" },
	{ "printer.empty", "", &three, "no SNMP, 0 bytes", 0, "no byte of 92" },
};

START_TEST(an_answer_is_wrong_in_one_way_and_right_in_all_others)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct bed *bed = bed_new("sc-t-24");
		struct snmp_message message;
		arm(bed, rows[i].fault, rows[i].with);
		bed_ask(bed, rows[i].ask, &message);
		AUTO_FREE char *answer = show(&bed->answer);
		const json_t *reached = bed_find(bed, "fault.reached");
		ck_assert_msg(!strcmp(answer, rows[i].answer), "%s %s: %s", rows[i].fault,
			      rows[i].with, answer);
		ck_assert_uint_eq(bed->answer.size, rows[i].size);
		ck_assert_str_eq(json_text_of(reached, "did", ""), rows[i].did);
		ck_assert_str_eq(json_text_of(reached, "fault", ""), rows[i].fault);
		bed_free(bed);
	}
}
END_TEST

/* ---- ENPC ---- */

static const char names_request[] = "4550534f4e510200000100000000";

static const struct {
	const char *fault, *with;
	const char *begins; /* hex */
	size_t size;
} replies[] = {
	{ "printer.enpc-error", "", "4550534f4e71020000 01f0000000", 14 },
	{ "printer.enpc-error", "{\"result\":65534}", "4550534f4e7102000001fffe0000", 14 },
	{ "printer.enpc-wrong-letter", "", "4550534f4e6302000001000000aa02", 184 },
	{ "printer.enpc-wrong-device", "", "4550534f4e7100000001000000aa02", 184 },
	{ "printer.enpc-wrong-function", "", "4550534f4e7102000002000000aa02", 184 },
	{ "printer.enpc-wrong-magic", "", "4550534f4d7102000001000000aa02", 184 },
	{ "printer.enpc-wrong-length", "", "4550534f4e7102000001000000ab02", 184 },
	{ "printer.enpc-wrong-length", "{\"by\":-171}", "4550534f4e7102000001 0000ffff", 184 },
	{ "printer.oversized", "", "4550534f4e71020000010000ffd502", 65507 },
	{ "printer.truncated", "{\"bytes\":15}", "4550534f4e7102000001000000aa02", 15 },
	{ "printer.trailing-bytes", "", "4550534f4e7102000001000000aa02", 200 },
	{ "printer.garbage", "", "", 184 },
	{ "printer.empty", "", "", 0 },
};

START_TEST(an_enpc_reply_is_wrong_in_one_way)
{
	for (size_t i = 0; i < COUNT_OF(replies); i++) {
		struct bed *bed = bed_new("sc-t-24");
		uint8_t begins[64];
		size_t size = bed_bytes(replies[i].begins, begins, sizeof(begins));
		arm(bed, replies[i].fault, replies[i].with);
		ck_assert_int_eq(bed_hex(bed, BED_ADDRESS, 3289, names_request), 1);
		ck_assert_msg(bed->answer.size == replies[i].size, "%s: %zu", replies[i].fault,
			      bed->answer.size);
		ck_assert_msg(!memcmp(bed->answer.data, begins, size), "%s", replies[i].fault);
		ck_assert_str_eq(json_text_of(bed_find(bed, "fault.reached"), "fault", ""),
				 replies[i].fault);
		bed_free(bed);
	}
}
END_TEST

/* ---- 64 KiB ---- */

START_TEST(a_message_of_the_greatest_size_is_well_formed)
{
	static const int sizes[] = { 1500, 2001, 65507 };
	struct bed *bed = bed_new("sc-t-24");
	struct snmp_message message;

	buf_done(&bed->answer);
	buf_init(&bed->answer, 65507);
	for (size_t i = 0; i < COUNT_OF(sizes); i++) {
		AUTO_FREE char *with = alloc_printf("{\"bytes\":%d}", sizes[i]);
		arm(bed, "printer.oversized", with);
		ck_assert(bed_ask(bed, &three, &message));
		ck_assert_uint_eq(bed->answer.size, (size_t)sizes[i]);
		ck_assert_uint_eq(message.varbind_count, 3);
	}
	bed_free(bed);
}
END_TEST

/* ---- where there is nothing to be wrong ---- */

static const struct ask nothing = { .version = 1, .pdu = 0xa0, .oids = { NULL } };
static const struct ask one_text = { .version = 1, .pdu = 0xa0, .oids = { NAME } };
static const struct ask nowhere = { .version = 1, .pdu = 0xa0, .oids = { "1.3.9.9.0" } };
static const struct ask refused = { .version = 0, .pdu = 0xa1, .oids = { "1.3.9.9.0" } };

static const struct {
	const char *fault, *with;
	const struct ask *ask;
} untouched[] = {
	{ "printer.missing-varbind", "", &nothing },
	{ "printer.missing-varbind", "{\"oid\":\"1.3.6.1.4\"}", &one_text },
	{ "printer.no-varbinds", "", &nothing },
	{ "printer.reordered-varbinds", "", &one_text },
	{ "printer.renamed-varbind", "", &nothing },
	{ "printer.wrong-type", "", &nowhere },
	{ "printer.wrong-type", "{\"type\":\"octets\"}", &one_text },
	{ "printer.negative", "", &one_text },
	{ "printer.non-increasing", "", &one_text },
	{ "printer.non-increasing", "", &refused },
	{ "printer.non-increasing", "{\"to\":\"loop\"}", &next },
	{ "printer.endless-table", "", &next },
	{ "printer.endless-table", "", &refused },
	{ "printer.endless-table", "{\"oid\":\"1.3.6.1.2.1.1\"}", &last_row },
	{ "printer.too-big", "", &one_text },
	{ "printer.wrong-community", "{\"community\":\"public\"}", &one_text },
	{ "printer.wrong-version", "{\"number\":1}", &one_text },
	{ "printer.deep-nesting", "", &nothing },
	{ "printer.oversized", "{\"bytes\":20}", &one_text },
	{ "printer.truncated", "{\"bytes\":200}", &one_text },
	{ "printer.huge-length", "{\"of\":\"value\"}", &nothing },
	{ "printer.wrong-address", "{\"address\":\"10.16.0.10\"}", &one_text },
	{ "printer.wrong-port", "{\"port\":161}", &one_text },
	{ "printer.enpc-error", "", &one_text },
};

START_TEST(what_a_fault_cannot_be_applied_to_stays_as_it_was)
{
	for (size_t i = 0; i < COUNT_OF(untouched); i++) {
		struct bed *bed = bed_new("sc-t-24");
		struct snmp_message message;
		ck_assert(bed_ask(bed, untouched[i].ask, &message));
		AUTO_FREE char *before = alloc_bytes(bed->answer.data, bed->answer.size);
		size_t size = bed->answer.size;
		arm(bed, untouched[i].fault, untouched[i].with);
		ck_assert(bed_ask(bed, untouched[i].ask, &message));
		ck_assert_msg(bed->answer.size == size && !memcmp(bed->answer.data, before, size),
			      "%s", untouched[i].fault);
		ck_assert_msg(!bed_find(bed, "fault.reached"), "%s", untouched[i].fault);
		ck_assert_uint_eq(bed->from.from, BED_ADDRESS);
		ck_assert_uint_eq(bed->from.from_port, 161);
		bed_free(bed);
	}
}
END_TEST

static bool is_tried(const char *fault)
{
	/* Chance: mutate_test.c. How answers are sent: fault_test.c. */
	static const char *const elsewhere[] = { "printer.mutated",     "printer.silent",
						 "printer.late-answer", "printer.answer-lost",
						 "printer.delay",       "printer.duplicate",
						 "printer.wrong-port",  "printer.wrong-address" };
	bool tried = false;

	for (size_t i = 0; i < COUNT_OF(rows); i++)
		tried = tried || !strcmp(rows[i].fault, fault);
	for (size_t i = 0; i < COUNT_OF(replies); i++)
		tried = tried || !strcmp(replies[i].fault, fault);
	for (size_t i = 0; i < COUNT_OF(elsewhere); i++)
		tried = tried || !strcmp(elsewhere[i], fault);
	return tried;
}

START_TEST(every_fault_is_tried)
{
	for (size_t i = 0; i < fault_kind_count; i++)
		ck_assert_msg(is_tried(fault_kinds[i].verb.name), "%s", fault_kinds[i].verb.name);
}
END_TEST

TEST_MAIN("sim.printer.spoil", an_answer_is_wrong_in_one_way_and_right_in_all_others,
	  an_enpc_reply_is_wrong_in_one_way, a_message_of_the_greatest_size_is_well_formed,
	  what_a_fault_cannot_be_applied_to_stays_as_it_was, every_fault_is_tried)
