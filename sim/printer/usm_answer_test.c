#include "sim/printer/usm_answer.h"

#include "sim/printer/testbed.h"

/* One printer, and a client of it that has keys of its own. */

#define SYS_NAME "\x2b\x06\x01\x02\x01\x01\x05\x00" /* 1.3.6.1.2.1.1.5.0 */

static const struct usm_user_options users[] = {
	{ "secret", USM_AUTH_SHA256, USM_PRIV_AES128, "authentic", "concealed", USM_AUTH_PRIV },
	{ "old", USM_AUTH_MD5, USM_PRIV_DES, "authentic", "concealed", USM_NO_AUTH },
	{ "signed", USM_AUTH_SHA512, USM_PRIV_NONE, "authentic", NULL, USM_AUTH_NO_PRIV },
	{ "open", USM_AUTH_NONE, USM_PRIV_NONE, NULL, NULL, USM_NO_AUTH },
	/* known to the client only */
	{ "secret", USM_AUTH_SHA256, USM_PRIV_AES128, "another word", "concealed", USM_AUTH_PRIV },
	{ "secret", USM_AUTH_SHA256, USM_PRIV_AES128, "authentic", "another word", USM_AUTH_PRIV },
	{ "signed", USM_AUTH_SHA512, USM_PRIV_AES128, "authentic", "concealed", USM_AUTH_PRIV },
	{ "stranger", USM_AUTH_NONE, USM_PRIV_NONE, NULL, NULL, USM_NO_AUTH },
};
enum { SECRET, OLD, SIGNED, OPEN, OF_PRINTER };
enum { WRONG_WORD = OF_PRINTER, WRONG_CIPHER_WORD, TOO_SECRET, STRANGER };

struct client {
	struct bed *bed;
	struct usm_users *known; /* by the printer */
	struct usm_users *own;   /* the client's idea of one of them */
	struct usm *usm;
	uint8_t id[USM_ENGINE_SIZE];
	struct usm_engine engine; /* whom it takes the printer for */
	/* what the next request is */
	uint8_t pdu, flags;
	/* what came back */
	uint8_t plain[2048];
	struct usm_session session;
	struct v3_scoped scoped;
};

static struct client *client_new(int who)
{
	struct client *client = alloc_zero(1, sizeof(*client));

	client->bed = bed_new("sc-t-24");
	client->known = usm_users_new(users, OF_PRINTER, NULL);
	client->bed->device->users = client->known;
	client->own = usm_users_new(&users[who], 1, NULL);
	client->usm = usm_new(client->own, 77);
	client->engine = usm_engine_of(client->bed->device, client->id);
	client->pdu = PDU_GET;
	client->flags = V3_REPORTABLE;
	return client;
}

static void client_free(struct client *client)
{
	usm_free(client->usm);
	usm_users_free(client->own);
	bed_free(client->bed);
	usm_users_free(client->known);
	free(client);
}

/* GET of sysName with request-id 4660, ending at end. */
static size_t put_pdu(const struct client *client, uint8_t *end)
{
	uint8_t *at = ber_push(end, BER_NULL, 0);

	at = ber_push_bytes(at, BER_OID,
			    (struct span){ (const uint8_t *)SYS_NAME, sizeof(SYS_NAME) - 1 });
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push(at, BER_SEQUENCE, (size_t)(end - at));
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, 0);
	at = ber_push_number(at, BER_INTEGER, 4660);
	at = ber_push(at, client->pdu, (size_t)(end - at));
	return (size_t)(end - at);
}

/* False: no answer came. One that is an answer to us is opened with the client's own keys. */
static bool ask(struct client *client, enum usm_level level)
{
	uint8_t room[FASTPATH_ROOM], *end = room + FASTPATH_ROOM - FASTPATH_TAIL;
	struct usm_session session = usm_session_of(client->usm, 0, &client->engine);
	struct v3_envelope envelope = usm_envelope(client->usm, &client->engine, &session, level);
	struct v3_message message;

	envelope.id = 99;
	envelope.flags |= client->flags;
	size_t size = put_pdu(client, end);
	const struct span whole = v3_message_seal(&envelope, end - size, size);
	if (!bed_send(client->bed, BED_ADDRESS, 161, whole.data, whole.size))
		return false;
	const struct buf *answer = &client->bed->answer;
	ck_assert(v3_message_parse(answer->data, answer->size, &message));
	ck_assert_int_eq(message.id, 99);
	ck_assert_int_eq(message.flags & V3_REPORTABLE, 0);
	ck_assert(v3_parameters_parse(message.parameters, &client->session.parameters));
	const struct v3_parameters told = client->session.parameters;
	const struct usm_engine teller = { told.engine, (uint32_t)told.boots, (uint32_t)told.time };
	ck_assert_int_eq(usm_open(client->usm, &teller, &message, client->plain, &client->session),
			 USM_FINE);
	ck_assert(v3_scoped_parse(client->session.data, &client->scoped));
	return true;
}

static void expect_name(struct client *client, enum usm_level level)
{
	struct span pdu = client->scoped.pdu, content;
	uint8_t tag;

	ck_assert_int_eq(client->scoped.tag, PDU_RESPONSE);
	ck_assert_int_eq(client->session.level, level);
	ck_assert(ber_take(&pdu, &tag, &content));
	ck_assert_msg(memmem(content.data, content.size, client->bed->device->hostname,
			     strlen(client->bed->device->hostname)) != NULL,
		      "the answer does not have the name");
}

/* The report names a counter with its value, for the request. */
static void expect_report(struct client *client, enum usm_fault fault, int64_t count)
{
	struct span whole = client->scoped.pdu, pdu, skip, list, varbind, name, value;
	uint8_t tag;

	ck_assert_int_eq(client->scoped.tag, PDU_REPORT);
	ck_assert(ber_take(&whole, &tag, &pdu));
	for (int i = 0; i < 3; i++)
		ck_assert(ber_take_tag(&pdu, BER_INTEGER, &skip));
	ck_assert(ber_take_tag(&pdu, BER_SEQUENCE, &list));
	ck_assert(ber_take_tag(&list, BER_SEQUENCE, &varbind));
	ck_assert(ber_take_tag(&varbind, BER_OID, &name));
	ck_assert(ber_take_tag(&varbind, MIB_COUNTER, &value));
	ck_assert_uint_eq(name.size, usm_counters[fault].oid.size);
	ck_assert_mem_eq(name.data, usm_counters[fault].oid.data, name.size);
	ck_assert_int_eq(ber_integer(value), count);
	const json_t *seen = bed_find(client->bed, "snmp.report");
	ck_assert_str_eq(json_text_of(seen, "counter", ""), usm_counters[fault].name);
	ck_assert_int_eq(json_int_of(seen, "count", 0), count);
}

START_TEST(a_request_is_answered_at_its_own_level)
{
	static const struct {
		int who;
		enum usm_level level;
	} rows[] = { { SECRET, USM_AUTH_PRIV },    { OLD, USM_AUTH_PRIV },
		     { OLD, USM_AUTH_NO_PRIV },    { OLD, USM_NO_AUTH },
		     { SIGNED, USM_AUTH_NO_PRIV }, { OPEN, USM_NO_AUTH } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct client *client = client_new(rows[i].who);
		for (int again = 0; again < 2; again++) {
			ck_assert(ask(client, rows[i].level));
			expect_name(client, rows[i].level);
		}
		const json_t *seen = bed_find(client->bed, "snmp.request");
		ck_assert_str_eq(json_text_of(seen, "version", ""), "3");
		ck_assert_str_eq(json_text_of(seen, "user", ""), users[rows[i].who].name);
		ck_assert_str_eq(json_text_of(seen, "level", ""), usm_level_names[rows[i].level]);
		ck_assert_ptr_null(json_object_get(seen, "community"));
		ck_assert_ptr_nonnull(bed_find(client->bed, "snmp.response"));
		client_free(client);
	}
}
END_TEST

START_TEST(what_is_wrong_is_counted_and_reported)
{
	static const struct {
		int who;
		enum usm_level level;
		enum usm_fault fault;
	} rows[] = { { STRANGER, USM_NO_AUTH, USM_UNKNOWN_USER },
		     { TOO_SECRET, USM_AUTH_PRIV, USM_UNSUPPORTED_LEVEL },
		     { WRONG_WORD, USM_AUTH_PRIV, USM_WRONG_DIGEST },
		     { WRONG_CIPHER_WORD, USM_AUTH_PRIV, USM_DECRYPTION } };

	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct client *client = client_new(rows[i].who);
		for (int64_t count = 1; count <= 2; count++) {
			ck_assert(ask(client, rows[i].level));
			ck_assert_int_eq(client->session.level, USM_NO_AUTH);
			expect_report(client, rows[i].fault, count);
		}
		client_free(client);
	}
}
END_TEST

START_TEST(an_engine_that_is_asked_for_tells_its_own_id)
{
	struct client *client = client_new(OPEN);

	client->engine.id.size = 0;
	ck_assert(ask(client, USM_NO_AUTH));
	expect_report(client, USM_UNKNOWN_ENGINE, 1);
	const struct span told = client->session.parameters.engine;
	ck_assert_uint_eq(told.size, USM_ENGINE_SIZE);
	ck_assert_mem_eq(told.data, "\x80\x00\x04\xe0\x03", 5); /* 1248, by MAC */
	ck_assert_mem_eq(told.data + 5, client->bed->device->mac, 6);
	client_free(client);
}
END_TEST

START_TEST(a_message_from_another_time_is_told_the_time_under_the_key)
{
	struct client *client = client_new(SECRET);
	const uint32_t boots = client->engine.boots;

	client->engine.boots = boots + 1;
	ck_assert(ask(client, USM_AUTH_PRIV));
	expect_report(client, USM_NOT_IN_TIME, 1);
	ck_assert_int_eq(client->session.level, USM_AUTH_NO_PRIV);
	ck_assert_int_eq(client->session.parameters.boots, boots);
	client->engine.boots = boots;
	client->engine.time += 151;
	ck_assert(ask(client, USM_AUTH_PRIV));
	expect_report(client, USM_NOT_IN_TIME, 2);
	client->engine.time -= 2;
	ck_assert(ask(client, USM_AUTH_PRIV));
	expect_name(client, USM_AUTH_PRIV);
	client_free(client);
}
END_TEST

START_TEST(a_printer_that_was_off_has_booted_once_more)
{
	struct client *client = client_new(SECRET);
	const uint32_t boots = client->engine.boots;

	bed_do(client->bed, "power-off", NULL);
	ck_assert(!ask(client, USM_AUTH_PRIV));
	bed_do(client->bed, "power-on", NULL);
	ck_assert(ask(client, USM_AUTH_PRIV));
	expect_report(client, USM_NOT_IN_TIME, 1);
	ck_assert_int_eq(client->session.parameters.boots, boots + 1);
	client_free(client);
}
END_TEST

START_TEST(a_request_below_the_level_of_its_user_is_refused)
{
	struct client *client = client_new(SECRET);
	struct span pdu, content, number;
	uint8_t tag;

	ck_assert(ask(client, USM_AUTH_NO_PRIV));
	pdu = client->scoped.pdu;
	ck_assert_int_eq(client->scoped.tag, PDU_RESPONSE);
	ck_assert(ber_take(&pdu, &tag, &content));
	ck_assert(ber_take_tag(&content, BER_INTEGER, &number));
	ck_assert_int_eq(ber_integer(number), 4660);
	ck_assert(ber_take_tag(&content, BER_INTEGER, &number));
	ck_assert_int_eq(ber_integer(number), 16); /* authorizationError */
	ck_assert_ptr_null(memmem(content.data, content.size, "EPSON", 5));
	client_free(client);
}
END_TEST

START_TEST(nobody_is_told_who_did_not_want_to_be)
{
	struct client *client = client_new(STRANGER);

	client->flags = 0;
	client->engine.id.size = 0;
	ck_assert(!ask(client, USM_NO_AUTH));
	client_free(client);
}
END_TEST

START_TEST(what_is_no_request_is_no_business_of_a_printer)
{
	static const uint8_t pdus[] = { PDU_RESPONSE, PDU_TRAP, PDU_REPORT };
	struct client *client = client_new(OPEN);

	for (size_t i = 0; i < COUNT_OF(pdus); i++) {
		client->pdu = pdus[i];
		ck_assert(!ask(client, USM_NO_AUTH));
		ck_assert_str_eq(json_text_of(bed_find(client->bed, "snmp.ignored"), "why", ""),
				 "snmpUnknownPDUHandlers");
	}
	client->pdu = PDU_INFORM;
	ck_assert(ask(client, USM_NO_AUTH));
	expect_report(client, USM_UNKNOWN_PDU, 4);
	client_free(client);
}
END_TEST

START_TEST(a_printer_of_v3_alone_ignores_communities)
{
	struct client *client = client_new(OPEN);
	struct snmp_message answer;
	const struct ask question = { .version = 1,
				      .pdu = PDU_GET,
				      .oids = { "1.3.6.1.2.1.1.5.0" } };

	ck_assert(bed_ask(client->bed, &question, &answer));
	client->bed->device->v3_only = true;
	ck_assert(!bed_ask(client->bed, &question, &answer));
	ck_assert_str_eq(json_text_of(bed_find(client->bed, "snmp.ignored"), "why", ""), "version");
	ck_assert(ask(client, USM_NO_AUTH));
	expect_name(client, USM_NO_AUTH);
	client_free(client);
}
END_TEST

START_TEST(a_printer_without_users_speaks_no_v3)
{
	struct client *client = client_new(OPEN);

	client->bed->device->users = NULL;
	ck_assert(!ask(client, USM_NO_AUTH));
	ck_assert_ptr_null(client->bed->device->usm);
	client_free(client);
}
END_TEST

START_TEST(nothing_is_remembered_before_the_first_message)
{
	struct client *client = client_new(SECRET);

	ck_assert_ptr_null(client->bed->device->usm);
	ck_assert(ask(client, USM_AUTH_PRIV));
	ck_assert_ptr_nonnull(client->bed->device->usm->keys[0]);
	ck_assert_ptr_null(client->bed->device->usm->keys[1]);
	client_free(client);
}
END_TEST

TEST_MAIN("sim.printer.usm_answer", a_request_is_answered_at_its_own_level,
	  what_is_wrong_is_counted_and_reported, an_engine_that_is_asked_for_tells_its_own_id,
	  a_message_from_another_time_is_told_the_time_under_the_key,
	  a_printer_that_was_off_has_booted_once_more,
	  a_request_below_the_level_of_its_user_is_refused, nobody_is_told_who_did_not_want_to_be,
	  what_is_no_request_is_no_business_of_a_printer, a_printer_of_v3_alone_ignores_communities,
	  a_printer_without_users_speaks_no_v3, nothing_is_remembered_before_the_first_message)
