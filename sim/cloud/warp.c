#include "sim/cloud/warp.h"

#include "base/cleanup.h"

enum {
	RECORD_CHANGE = 20,
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_APPLICATION = 23,
	RECORD_HEAD = 5,
	CONTENT_MAX = 16384,
	/* More than even TLS 1.2 may seal into one record: 2^14 + 2048 (RFC 5246 6.2.3). */
	OVERSIZE = CONTENT_MAX + 2048 + 1,
};

/* ---- where ---- */

static bool is_plain_handshake(const struct warp *warp, const uint8_t *record)
{
	return record[0] == RECORD_HANDSHAKE && !warp->changed;
}

static bool is_sealed(const struct warp *warp, const uint8_t *record)
{
	return record[0] == RECORD_APPLICATION || (record[0] == RECORD_HANDSHAKE && warp->changed);
}

static void add_head(struct buf *out, uint8_t type, size_t size)
{
	buf_add_u8(out, type);
	buf_add_be16(out, 0x0303);
	buf_add_be16(out, (uint16_t)size);
}

/* ---- strikes ---- */

static bool put_before(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	for (int i = 0; i < warp->amount; i++)
		buf_add(out, warp->kind->bytes, warp->kind->byte_count);
	if (!warp->kind->swallows)
		buf_add(out, record, size);
	return true;
}

static bool put_behind(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	buf_add(out, record, size);
	buf_add(out, warp->kind->bytes, warp->kind->byte_count);
	return true;
}

static bool put_before_data(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	if (warp->application)
		return put_before(warp, record, size, out);
	buf_add(out, record, size);
	return false;
}

/* RFC 8446 5.1: a message may be spread over as many records as there are bytes. */
static bool split(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	if (!is_plain_handshake(warp, record)) {
		buf_add(out, record, size);
		return false;
	}
	for (size_t at = RECORD_HEAD; at < size;) {
		size_t here = size - at < (size_t)warp->amount ? size - at : (size_t)warp->amount;
		add_head(out, RECORD_HANDSHAKE, here);
		buf_add(out, record + at, here);
		at += here;
	}
	return true;
}

/* Joins the record to the one that is last in out, if both are plain and it fits. */
static bool join(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	size_t last = 0, at = 0, content = size - RECORD_HEAD;

	while (at + RECORD_HEAD <= out->size) {
		last = at;
		at += RECORD_HEAD + get_be16(out->data + at + 3);
	}
	bool joins = out->size && is_plain_handshake(warp, record) &&
		     out->data[last] == RECORD_HANDSHAKE &&
		     get_be16(out->data + last + 3) + content <= CONTENT_MAX;
	if (!joins) {
		buf_add(out, record, size);
		return false;
	}
	buf_add(out, record + RECORD_HEAD, content);
	put_be16(out->data + last + 3, (uint16_t)(get_be16(out->data + last + 3) + content));
	return true;
}

static bool repeat(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	(void)warp;
	buf_add(out, record, size);
	buf_add(out, record, size);
	return true;
}

static bool oversize(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	(void)warp;
	add_head(out, record[0], OVERSIZE);
	buf_add(out, record + RECORD_HEAD, size - RECORD_HEAD);
	buf_add_zero(out, OVERSIZE - (size - RECORD_HEAD));
	return true;
}

static bool change_version(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	(void)warp;
	buf_add(out, record, size);
	put_be16(out->data + out->size - size + 1, 0x0505);
	return true;
}

/* The last byte belongs to the tag, or in TLS 1.2 with CBC to the padding: no key opens it. */
static bool break_tag(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	buf_add(out, record, size);
	if (!is_sealed(warp, record))
		return false;
	out->data[out->size - 1] ^= 1;
	return true;
}

static bool break_data(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	if (warp->application)
		return break_tag(warp, record, size, out);
	buf_add(out, record, size);
	return false;
}

/* ---- kinds ---- */

static const uint8_t empty[] = { RECORD_HANDSHAKE, 3, 3, 0, 0 };
static const uint8_t unknown[] = { 99, 3, 3, 0, 1, 0 };
static const uint8_t heartbeat[] = { 24, 3, 3, 0, 20, 1, 0, 1, 0x2a, 0, 0, 0, 0,
				     0,  0, 0, 0, 0,  0, 0, 0, 0,    0, 0, 0 };
static const uint8_t hello_request[] = { RECORD_HANDSHAKE, 3, 3, 0, 4, 0, 0, 0, 0 };
static const uint8_t early_data[] = { RECORD_APPLICATION, 3, 3, 0, 5, 'h', 'e', 'l', 'l', 'o' };
static const uint8_t warning[] = { RECORD_ALERT, 3, 3, 0, 2, 1, 90 };
static const uint8_t plain_http[] = "HTTP/1.0 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
static const uint8_t garbage[] = "\xff\x00\x13\x37\xde\xad\xbe\xef\x00\xff\xaa\x55";

#define BYTES(array) .bytes = (array), .byte_count = sizeof(array)

/* clang-format off */
const struct warp_kind warp_kinds[] = {
	{ "fragmented", "handshake messages in records of `amount` bytes: allowed",
	  .strike = split, .amount = 1, .lasting = true },
	{ "joined", "handshake messages share one record: allowed",
	  .strike = join, .lasting = true },
	{ "empty-handshake", "`amount` handshake records without content come first",
	  .strike = put_before, .amount = 1, BYTES(empty) },
	{ "unknown-type", "a record of type 99 comes first",
	  .strike = put_before, .amount = 1, BYTES(unknown) },
	{ "unknown-type-data", "a record of type 99 comes before the first data",
	  .strike = put_before_data, .amount = 1, BYTES(unknown) },
	{ "heartbeat", "a heartbeat request comes first (RFC 6520)",
	  .strike = put_before, .amount = 1, BYTES(heartbeat) },
	{ "hello-request", "`amount` HelloRequest come first",
	  .strike = put_before, .amount = 1, BYTES(hello_request) },
	{ "warnings", "`amount` alerts of level warning come first",
	  .strike = put_before, .amount = 1, BYTES(warning) },
	{ "early-data", "data in the clear behind the ServerHello",
	  .strike = put_behind, BYTES(early_data) },
	{ "hello-twice", "the ServerHello goes out twice", .strike = repeat },
	{ "oversized", "the first record is longer than a record may be", .strike = oversize },
	{ "wrong-version", "the first record's head says version 0x0505",
	  .strike = change_version },
	{ "bad-tag-handshake", "the first encrypted record does not open", .strike = break_tag },
	{ "bad-tag", "the first record with data does not open", .strike = break_data },
	{ "plain-http", "HTTP in the clear instead of a handshake",
	  .strike = put_before, .amount = 1, .bytes = plain_http, .byte_count = sizeof(plain_http) - 1,
	  .swallows = true },
	{ "garbage", "bytes that are no record instead of a handshake",
	  .strike = put_before, .amount = 1, BYTES(garbage), .swallows = true },
};

const char *const warp_names[] = {
	"fragmented", "joined", "empty-handshake", "unknown-type", "unknown-type-data", "heartbeat",
	"hello-request", "warnings", "early-data", "hello-twice", "oversized", "wrong-version",
	"bad-tag-handshake", "bad-tag", "plain-http", "garbage", NULL,
};
/* clang-format on */
_Static_assert(COUNT_OF(warp_names) == COUNT_OF(warp_kinds) + 1, "a kind without a name");

/* ---- feeding ---- */

void warp_init(struct warp *warp, const struct warp_kind *kind, int amount)
{
	*warp = (struct warp){ .kind = kind };
	if (kind)
		warp->amount = amount ? amount : kind->amount;
	buf_init(&warp->pending, RECORD_HEAD + UINT16_MAX);
}

void warp_done(struct warp *warp)
{
	buf_done(&warp->pending);
}

static void add_alert(struct warp *warp, struct buf *out)
{
	add_head(out, RECORD_ALERT, 2);
	buf_add_u8(out, 2); /* fatal */
	buf_add_u8(out, warp->alert.number);
	warp->struck = warp->alerted = warp->silence = true;
}

/* Is this record the one behind which, or instead of which, the alert comes? */
static bool alert_is_due(const struct warp *warp, const uint8_t *record, size_t size)
{
	const struct warp_alert *alert = &warp->alert;

	if (alert->at_change)
		return record[0] == RECORD_CHANGE;
	return alert->after && size > RECORD_HEAD && is_plain_handshake(warp, record) &&
	       record[RECORD_HEAD] == alert->after;
}

static void pass_record(struct warp *warp, const uint8_t *record, size_t size, struct buf *out)
{
	const struct warp_kind *kind = warp->kind;

	if (alert_is_due(warp, record, size)) {
		if (!warp->alert.at_change)
			buf_add(out, record, size);
		add_alert(warp, out);
		return;
	}
	if (!kind || (warp->struck && !kind->lasting)) {
		buf_add(out, record, size);
	} else if (kind->strike(warp, record, size, out)) {
		warp->struck = true;
		warp->silence = kind->swallows;
	}
	if (record[0] == RECORD_CHANGE)
		warp->changed = true;
}

bool warp_feed(struct warp *warp, const uint8_t *data, size_t size, struct buf *out)
{
	struct buf *pending = &warp->pending;
	bool before = warp->struck;

	while (size && !warp->silence) {
		size_t wanted = RECORD_HEAD;
		if (pending->size >= RECORD_HEAD)
			wanted += get_be16(pending->data + 3);
		size_t here = wanted - pending->size < size ? wanted - pending->size : size;
		buf_add(pending, data, here);
		data += here;
		size -= here;
		if (pending->size < RECORD_HEAD ||
		    pending->size < RECORD_HEAD + (size_t)get_be16(pending->data + 3))
			continue;
		pass_record(warp, pending->data, pending->size, out);
		buf_clear(pending);
	}
	return warp->struck && !before;
}
