#include "conformance/tlsrecord.h"

#include <string.h>

#include "base/buf.h"

enum { RECORD_CHANGE_CIPHER = 20, RECORD_ALERT = 21, RECORD_HANDSHAKE = 22, RECORD_DATA = 23 };
enum { HELLO_CLIENT = 1, HELLO_SERVER = 2 };
enum { EXTENSION_SNI = 0, EXTENSION_ALPN = 16, EXTENSION_VERSIONS = 43 };
/* RFC 5246, 6.2.3: 2^14 bytes and up to 2048 that protection may add. */
enum { HEADER = 5, RECORD_MAX = (1 << 14) + 2048, HELLO_MAX = 1 << 17 };

/* What is left of a message; reading beyond its end fails for good. */
struct cursor {
	const uint8_t *data;
	size_t size;
	bool failed;
};

static const uint8_t *take(struct cursor *cursor, size_t count)
{
	if (cursor->failed || count > cursor->size) {
		cursor->failed = true;
		return NULL;
	}
	const uint8_t *data = cursor->data;
	cursor->data += count;
	cursor->size -= count;
	return data;
}

static unsigned take_number(struct cursor *cursor, size_t bytes)
{
	const uint8_t *data = take(cursor, bytes);
	unsigned value = 0;
	for (size_t i = 0; data && i < bytes; i++)
		value = value << 8 | data[i];
	return value;
}

/* A vector with its length in front, as RFC 8446, 3.4 writes them. */
static struct cursor take_vector(struct cursor *cursor, size_t length_bytes)
{
	size_t size = take_number(cursor, length_bytes);
	struct cursor inner = { .data = take(cursor, size), .size = size };
	if (!inner.data)
		inner = (struct cursor){ .failed = true };
	return inner;
}

static bool is_grease(unsigned value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void copy_name(char *to, size_t max, struct cursor name)
{
	size_t size = name.size < max - 1 ? name.size : max - 1;
	for (size_t i = 0; i < size; i++)
		to[i] = name.data[i] > ' ' && name.data[i] < 127 ? (char)name.data[i] : '?';
	to[size] = 0;
}

static bool read_sni(struct tls_client_hello *hello, struct cursor body)
{
	struct cursor list = take_vector(&body, 2);
	while (!list.failed && list.size) {
		unsigned type = take_number(&list, 1);
		struct cursor name = take_vector(&list, 2);
		if (!name.failed && !type)
			copy_name(hello->sni, sizeof(hello->sni), name);
	}
	return !list.failed;
}

static bool read_alpn(struct tls_client_hello *hello, struct cursor body)
{
	struct cursor list = take_vector(&body, 2);
	while (!list.failed && list.size) {
		struct cursor name = take_vector(&list, 1);
		if (!name.failed && hello->alpn_count < TLS_ALPN_MAX)
			copy_name(hello->alpn[hello->alpn_count++], TLS_ALPN_NAME_MAX, name);
	}
	return !list.failed;
}

static bool read_versions(struct tls_client_hello *hello, struct cursor body)
{
	struct cursor list = take_vector(&body, 1);
	hello->has_versions = true;
	while (!list.failed && list.size) {
		unsigned version = take_number(&list, 2);
		if (list.failed || is_grease(version))
			continue;
		/* The lowest must not get lost when there are more than fit. */
		if (hello->version_count < TLS_VERSIONS_MAX)
			hello->versions[hello->version_count++] = (uint16_t)version;
		else if (version < hello->versions[TLS_VERSIONS_MAX - 1])
			hello->versions[TLS_VERSIONS_MAX - 1] = (uint16_t)version;
	}
	return !list.failed;
}

static const struct {
	unsigned type;
	bool (*read)(struct tls_client_hello *hello, struct cursor body);
} client_extensions[] = {
	{ EXTENSION_SNI, read_sni },
	{ EXTENSION_ALPN, read_alpn },
	{ EXTENSION_VERSIONS, read_versions },
};

static bool read_client_extension(struct tls_client_hello *hello, unsigned type, struct cursor body)
{
	for (size_t i = 0; i < sizeof(client_extensions) / sizeof(client_extensions[0]); i++)
		if (client_extensions[i].type == type)
			return client_extensions[i].read(hello, body);
	return true;
}

/* RFC 8446, 4.1.2; RFC 5246 allows the extensions to be absent. */
static bool read_client_hello(struct tls_stream *stream, struct cursor body)
{
	struct tls_client_hello *hello = &stream->client;
	*hello = (struct tls_client_hello){ .legacy_version = (uint16_t)take_number(&body, 2) };
	take(&body, 32);
	take_vector(&body, 1);
	struct cursor suites = take_vector(&body, 2);
	take_vector(&body, 1);
	while (!suites.failed && suites.size)
		hello->suite_count += !is_grease(take_number(&suites, 2)) && !suites.failed;
	if (body.failed || suites.failed)
		return false;
	if (body.size) {
		struct cursor list = take_vector(&body, 2);
		while (!list.failed && list.size) {
			unsigned type = take_number(&list, 2);
			struct cursor extension = take_vector(&list, 2);
			if (extension.failed || !read_client_extension(hello, type, extension))
				return false;
		}
		if (list.failed || body.size)
			return false;
	}
	stream->has_client_hello = true;
	return true;
}

/* RFC 8446, 4.1.3: of TLS 1.3 the true version stands in supported_versions. */
static bool read_server_hello(struct tls_stream *stream, struct cursor body)
{
	uint16_t version = (uint16_t)take_number(&body, 2);
	take(&body, 32);
	take_vector(&body, 1);
	take(&body, 3);
	if (body.failed)
		return false;
	if (body.size) {
		struct cursor list = take_vector(&body, 2);
		while (!list.failed && list.size) {
			unsigned type = take_number(&list, 2);
			struct cursor extension = take_vector(&list, 2);
			if (type == EXTENSION_VERSIONS)
				version = (uint16_t)take_number(&extension, 2);
			if (extension.failed)
				return false;
		}
		if (list.failed)
			return false;
	}
	stream->has_server_hello = true;
	stream->server_version = version;
	return true;
}

struct record {
	uint8_t type;
	const uint8_t *body;
	size_t size;   /* as the header says */
	size_t length; /* of it in the stream: smaller if the stream ends inside */
};

/* Returns what is wrong with the header at data, NULL if nothing. A header may be cut. */
static const char *read_header(const uint8_t *data, size_t left, struct record *record)
{
	uint8_t type = data[0];
	if (type < RECORD_CHANGE_CIPHER || type > RECORD_DATA)
		return "no TLS record begins with it";
	if (left > 1 && data[1] != 3)
		return "its record names no version of TLS";
	if (left > 2 && data[2] > 4)
		return "its record names no version of TLS";
	*record = (struct record){ .type = type };
	if (left < HEADER)
		return NULL;
	record->size = get_be16(data + 3);
	record->body = data + HEADER;
	record->length = left - HEADER < record->size ? left - HEADER : record->size;
	if (record->size > RECORD_MAX)
		return "its record is longer than TLS allows";
	if (!record->size && type != RECORD_DATA)
		return "its record is empty";
	return NULL;
}

enum hello_state { HELLO_WAITING, HELLO_DONE, HELLO_BAD };

/* The first handshake message, which may be spread over records. */
static enum hello_state read_hello(struct tls_stream *stream, const struct buf *message)
{
	if (message->size < 4)
		return HELLO_WAITING;
	uint8_t type = message->data[0];
	size_t size = (size_t)message->data[1] << 16 | get_be16(message->data + 2);
	if ((type != HELLO_CLIENT && type != HELLO_SERVER) || size > HELLO_MAX - 4)
		return HELLO_BAD;
	if (message->size - 4 < size)
		return HELLO_WAITING;
	struct cursor body = { .data = message->data + 4, .size = size };
	bool good = type == HELLO_CLIENT ? read_client_hello(stream, body)
					 : read_server_hello(stream, body);
	return good ? HELLO_DONE : HELLO_BAD;
}

static void note_alert(struct tls_stream *stream, const struct record *record)
{
	if (stream->alert.seen)
		return;
	stream->alert = (struct tls_alert){ .seen = true,
					    .offset = stream->inside,
					    .level = record->body[0],
					    .description = record->body[1] };
}

/* Takes one whole record; returns what is wrong, NULL if nothing. */
static const char *take_record(struct tls_stream *stream, const struct record *record,
			       struct buf *message, enum hello_state *state)
{
	bool clear_alert = record->type == RECORD_ALERT && record->size == 2;
	if (clear_alert) {
		note_alert(stream, record);
		return NULL;
	}
	if (*state == HELLO_DONE) {
		stream->others++;
		return NULL;
	}
	if (record->type != RECORD_HANDSHAKE)
		return "a record other than a hello begins the connection";
	if (!buf_add(message, record->body, record->size))
		return "its hello is too long";
	*state = read_hello(stream, message);
	if (*state == HELLO_DONE)
		stream->client_hello_end = stream->inside + HEADER + record->size;
	return *state == HELLO_BAD ? "its record holds no hello that can be read" : NULL;
}

/* The stream ends inside its hello: what is there must at least begin as one. */
static const char *doubt_cut_hello(const struct record *record, struct buf *message)
{
	if (record->type == RECORD_ALERT)
		return NULL;
	if (record->type != RECORD_HANDSHAKE)
		return "a record other than a hello begins the connection";
	if (record->length)
		buf_add(message, record->body, record->length);
	if (message->size && message->data[0] != HELLO_CLIENT && message->data[0] != HELLO_SERVER)
		return "its record holds no hello that can be read";
	if (message->size > 4 && message->data[4] != 3)
		return "its record holds no hello that can be read";
	return NULL;
}

void tls_stream_read(struct tls_stream *stream, const uint8_t *data, size_t size)
{
	struct buf message;
	enum hello_state state = HELLO_WAITING;
	*stream = (struct tls_stream){ 0 };
	buf_init(&message, HELLO_MAX);
	while (stream->inside < size && !stream->why) {
		struct record record;
		size_t left = size - stream->inside;
		stream->why = read_header(data + stream->inside, left, &record);
		if (stream->why)
			break;
		if (left < HEADER || record.length < record.size) {
			if (state != HELLO_DONE)
				stream->why = doubt_cut_hello(&record, &message);
			stream->cut = !stream->why;
			stream->inside = stream->why ? stream->inside : size;
			break;
		}
		stream->why = take_record(stream, &record, &message, &state);
		if (!stream->why) {
			stream->inside += HEADER + record.size;
			stream->records++;
		}
	}
	buf_done(&message);
}

uint16_t tls_lowest_offer(const struct tls_client_hello *hello)
{
	uint16_t lowest = hello->has_versions && hello->version_count ? hello->versions[0]
								      : hello->legacy_version;
	for (size_t i = 1; i < hello->version_count; i++)
		if (hello->versions[i] < lowest)
			lowest = hello->versions[i];
	return hello->legacy_version < lowest ? hello->legacy_version : lowest;
}

const char *tls_version_name(uint16_t version)
{
	static const char *const names[] = { "SSL 3.0", "TLS 1.0", "TLS 1.1", "TLS 1.2",
					     "TLS 1.3" };
	static _Thread_local char number[8];
	if (version >= 0x0300 && version <= 0x0304)
		return names[version - 0x0300];
	snprintf(number, sizeof(number), "0x%04x", version);
	return number;
}
