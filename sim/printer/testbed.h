/* testbed.h: one fleet with one printer, for tests: sends datagrams, keeps what came back. */
#ifndef SIM_PRINTER_TESTBED_H
#define SIM_PRINTER_TESTBED_H

#include <string.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/json.h"
#include "base/test.h"
#include "sim/printer/device.h"
#include "sim/printer/snmp_message.h"

enum { BED_ADDRESS = 0x0a10000a, BED_AGENT = 0x0a000005, BED_PORT = 40000 };

struct bed {
	struct tap tap, truth; /* both first, so a tap is the bed */
	struct loop *loop;
	struct profile *profile;
	struct fleet *fleet;
	struct device *device;
	json_t *seen;   /* observations, each with "kind" */
	json_t *truths; /* "truth" observations */
	struct buf answer;
	struct datagram from; /* of the last answer */
	int answers;
};

static inline void bed_seen(struct tap *tap, const char *kind, json_t *fields)
{
	struct bed *bed = (struct bed *)tap;
	json_object_set_new(fields, "kind", json_string(kind));
	json_array_append_new(bed->seen, fields);
}

static inline void bed_truth(struct tap *tap, const char *kind, json_t *fields)
{
	struct bed *bed = (struct bed *)(void *)((char *)tap - offsetof(struct bed, truth));
	ck_assert_str_eq(kind, "truth");
	json_array_append_new(bed->truths, fields);
}

static inline struct bed *bed_new_on(struct loop *loop, const char *profile)
{
	struct bed *bed = alloc_zero(1, sizeof(*bed));
	struct error err = { 0 };
	AUTO_FREE char *path = alloc_printf("sim/printer/profiles/%s.yaml", profile);

	bed->tap.seen = bed_seen;
	bed->truth.seen = bed_truth;
	bed->seen = json_array();
	bed->truths = json_array();
	buf_init(&bed->answer, 65536);
	bed->loop = loop;
	bed->profile = profile_load(path, &err);
	ck_assert_msg(bed->profile != NULL, "%s", error_text(&err));
	bed->fleet = fleet_new(&(struct fleet_options){
		.loop = bed->loop, .tap = &bed->tap, .truth = &bed->truth, .seed = 1 });
	bed->device = fleet_add(bed->fleet,
				&(struct device_options){ .name = "lobby",
							  .profile = bed->profile,
							  .address = BED_ADDRESS },
				&err);
	ck_assert_msg(bed->device != NULL, "%s", error_text(&err));
	return bed;
}

static inline struct bed *bed_new(const char *profile)
{
	return bed_new_on(loop_new(), profile);
}

static inline void bed_free(struct bed *bed)
{
	fleet_free(bed->fleet);
	profile_free(bed->profile);
	loop_free(bed->loop);
	json_decref(bed->seen);
	json_decref(bed->truths);
	buf_done(&bed->answer);
	free(bed);
}

static inline void bed_sink(void *arg, const struct datagram *datagram)
{
	struct bed *bed = arg;
	buf_clear(&bed->answer);
	buf_add(&bed->answer, datagram->data, datagram->size);
	bed->from = *datagram;
	bed->answers++;
}

/* Returns how many answers came at once; the last is in bed->answer. */
static inline int bed_send(struct bed *bed, uint32_t to, uint16_t port, const void *data,
			   size_t size)
{
	bed->answers = 0;
	buf_clear(&bed->answer);
	fleet_datagram(bed->fleet,
		       &(struct datagram){ .from = BED_AGENT,
					   .from_port = BED_PORT,
					   .to = to,
					   .to_port = port,
					   .data = data,
					   .size = size },
		       bed_sink, bed);
	return bed->answers;
}

static inline size_t bed_bytes(const char *hex, uint8_t *out, size_t max)
{
	size_t count = 0;
	while (*hex && count < max) {
		char pair[3] = { hex[0], hex[0] ? hex[1] : '\0', 0 };
		if (hex[0] == ' ') {
			hex++;
			continue;
		}
		out[count++] = (uint8_t)strtoul(pair, NULL, 16);
		hex += 2;
	}
	return count;
}

static inline int bed_hex(struct bed *bed, uint32_t to, uint16_t port, const char *hex)
{
	uint8_t bytes[2048];
	size_t size = bed_bytes(hex, bytes, sizeof(bytes));
	return bed_send(bed, to, port, bytes, size);
}

static inline void bed_do(struct bed *bed, const char *action, json_t *with)
{
	struct error err = { 0 };
	ck_assert_msg(device_do(bed->device, action, with, &err) >= 0, "%s", error_text(&err));
	json_decref(with);
}

static inline bool bed_is_idle(void *arg)
{
	struct bed *bed = arg;
	return bed->device->activity == ACTIVITY_NONE;
}

static inline void bed_wait_idle(struct bed *bed)
{
	ck_assert(loop_run_until(bed->loop, bed_is_idle, bed, 5000));
}

/* An item of the newest truth; borrowed. */
static inline const json_t *bed_item(const struct bed *bed, const char *pointer)
{
	const json_t *last = json_array_get(bed->truths, json_array_size(bed->truths) - 1);
	return json_at(json_object_get(last, "items"), pointer);
}

static inline const char *bed_text(const struct bed *bed, const char *pointer)
{
	const char *text = json_string_value(bed_item(bed, pointer));
	return text ? text : "";
}

static inline int64_t bed_number(const struct bed *bed, const char *pointer)
{
	return json_integer_value(bed_item(bed, pointer));
}

/* The newest observation of a kind; borrowed, NULL if there is none. */
static inline const json_t *bed_find(const struct bed *bed, const char *kind)
{
	for (size_t i = json_array_size(bed->seen); i-- > 0;) {
		const json_t *fields = json_array_get(bed->seen, i);
		if (!strcmp(json_text_of(fields, "kind", ""), kind))
			return fields;
	}
	return NULL;
}

/* ---- SNMP ---- */

struct ask {
	int version; /* 0 v1, 1 v2c */
	const char *community;
	uint8_t pdu;       /* 0xa0 get, 0xa1 getnext, 0xa3 set, 0xa5 getbulk */
	int second, third; /* error-status, error-index; getbulk: non-repeaters, max-repetitions */
	const char *oids[40]; /* ends with NULL */
};

static inline void bed_put(struct buf *out, uint8_t tag, const struct buf *content)
{
	buf_add_u8(out, tag);
	buf_add_u8(out, 0x82);
	buf_add_be16(out, (uint16_t)content->size);
	buf_add(out, content->data, content->size);
	buf_clear((struct buf *)content);
}

static inline void bed_put_oid(struct buf *out, const char *text)
{
	struct oid oid;
	struct buf content;

	ck_assert(oid_parse(text, &oid) && oid.count >= 2);
	buf_init(&content, 1024);
	buf_add_u8(&content, (uint8_t)(oid.id[0] * 40 + oid.id[1]));
	for (size_t i = 2; i < oid.count; i++) {
		for (int shift = 28; shift > 0; shift -= 7)
			if (oid.id[i] >> shift)
				buf_add_u8(&content, (uint8_t)(oid.id[i] >> shift | 0x80));
		buf_add_u8(&content, oid.id[i] & 0x7f);
	}
	bed_put(out, 0x06, &content);
	buf_done(&content);
}

static inline void bed_encode(const struct ask *ask, struct buf *out)
{
	struct buf parts[3];
	const char *community = ask->community ? ask->community : "public";

	for (size_t i = 0; i < 3; i++)
		buf_init(&parts[i], 4096);
	for (size_t i = 0; ask->oids[i]; i++) {
		bed_put_oid(&parts[0], ask->oids[i]);
		if (ask->pdu == 0xa3)
			buf_add(&parts[0], "\x04\x01x", 3);
		else
			buf_add(&parts[0], "\x05\x00", 2);
		bed_put(&parts[1], 0x30, &parts[0]);
	}
	buf_add(&parts[2], "\x02\x02\x12\x34", 4); /* request-id 4660 */
	buf_add(&parts[2], "\x02\x01", 2);
	buf_add_u8(&parts[2], (uint8_t)ask->second);
	buf_add(&parts[2], "\x02\x01", 2);
	buf_add_u8(&parts[2], (uint8_t)ask->third);
	bed_put(&parts[2], 0x30, &parts[1]);
	buf_add(&parts[0], "\x02\x01", 2);
	buf_add_u8(&parts[0], (uint8_t)ask->version);
	buf_add_u8(&parts[0], 0x04);
	buf_add_u8(&parts[0], (uint8_t)strlen(community));
	buf_add_text(&parts[0], community);
	bed_put(&parts[0], ask->pdu, &parts[2]);
	bed_put(out, 0x30, &parts[0]);
	for (size_t i = 0; i < 3; i++)
		buf_done(&parts[i]);
}

/* Sends and reads the answer; false if there was none that can be read. The message points into
 * bed->answer. */
static inline bool bed_ask(struct bed *bed, const struct ask *ask, struct snmp_message *answer)
{
	struct buf request;

	buf_init(&request, 8192);
	bed_encode(ask, &request);
	int answers = bed_send(bed, BED_ADDRESS, 161, request.data, request.size);
	buf_done(&request);
	return answers == 1 && snmp_message_parse(bed->answer.data, bed->answer.size, answer);
}

/* The value of varbind i: tag and content. */
static inline uint8_t bed_value(const struct snmp_message *message, size_t i, struct span *value)
{
	ck_assert_uint_lt(i, message->varbind_count);
	const uint8_t *at = message->varbinds[i].data;
	for (int skip = 0; skip < 2; skip++) { /* into the sequence, over the name */
		size_t size = at[1], header = 2;
		if (size & 0x80) {
			header += size & 0x7f;
			size = size == 0x81 ? at[2] : get_be16(at + 2);
		}
		at += header + (skip ? size : 0);
	}
	size_t size = at[1], header = 2;
	if (size & 0x80) {
		header += size & 0x7f;
		size = size == 0x81 ? at[2] : get_be16(at + 2);
	}
	*value = (struct span){ at + header, size };
	return at[0];
}

/* GET of one number by v2c. */
static inline int64_t bed_get_number(struct bed *bed, const char *oid)
{
	struct snmp_message answer;
	struct span value;
	ck_assert(
		bed_ask(bed, &(struct ask){ .version = 1, .pdu = 0xa0, .oids = { oid } }, &answer));
	uint8_t tag = bed_value(&answer, 0, &value);
	ck_assert_msg(tag == 2 || (tag >= 0x41 && tag <= 0x43), "%s has tag %02x", oid, tag);
	return ber_integer(value);
}

/* GET of one text by v2c; caller frees. */
static inline char *bed_get_text(struct bed *bed, const char *oid)
{
	struct snmp_message answer;
	struct span value;
	ck_assert(
		bed_ask(bed, &(struct ask){ .version = 1, .pdu = 0xa0, .oids = { oid } }, &answer));
	ck_assert_msg(bed_value(&answer, 0, &value) == 4, "%s is no octet string", oid);
	return alloc_bytes(value.data, value.size);
}

static inline void bed_expect_text(struct bed *bed, const char *oid, const char *text)
{
	AUTO_FREE char *found = bed_get_text(bed, oid);
	ck_assert_str_eq(found, text);
}

#endif
