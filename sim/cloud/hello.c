#include "sim/cloud/hello.h"

#include <errno.h>

enum {
	RECORD_HEAD = 5,
	RECORD_HANDSHAKE = 22,
	RECORD_MAX = 16384,
	MESSAGE_HEAD = 4,
	CLIENT_HELLO = 1,
	SERVER_HELLO = 2,
	RANDOM_SIZE = 32,
	EXTENSION_SNI = 0,
	EXTENSION_ALPN = 16,
	EXTENSION_VERSIONS = 43,
};

/* A cursor that remembers having run out, so one check at the end is enough. */
struct bytes {
	const uint8_t *at;
	size_t left;
	bool short_of;
};

static struct bytes take(struct bytes *bytes, size_t count)
{
	struct bytes part = { bytes->at, count, false };
	if (count > bytes->left) {
		bytes->short_of = true;
		return (struct bytes){ bytes->at, 0, true };
	}
	bytes->at += count;
	bytes->left -= count;
	return part;
}

static uint8_t take_u8(struct bytes *bytes)
{
	struct bytes part = take(bytes, 1);
	return part.short_of ? 0 : part.at[0];
}

static uint16_t take_u16(struct bytes *bytes)
{
	struct bytes part = take(bytes, 2);
	return part.short_of ? 0 : get_be16(part.at);
}

/* NUL or overlong text leaves the target empty. */
static void copy_text(char target[HELLO_TEXT_MAX], struct bytes text)
{
	if (text.left >= HELLO_TEXT_MAX || memchr(text.at, 0, text.left))
		return;
	memcpy(target, text.at, text.left);
	target[text.left] = 0;
}

/* RFC 6066 3: a list of names, of which type 0 is a host name. */
static void read_sni(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u16(&body));
	while (list.left && !list.short_of) {
		uint8_t type = take_u8(&list);
		struct bytes name = take(&list, take_u16(&list));
		if (type == 0 && !name.short_of)
			copy_text(hello->sni, name);
	}
}

static void read_alpn(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u16(&body));
	while (list.left && !list.short_of && hello->alpn_count < HELLO_ALPN_MAX) {
		struct bytes name = take(&list, take_u8(&list));
		if (!name.short_of)
			copy_text(hello->alpn[hello->alpn_count++], name);
	}
}

static void read_versions(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u8(&body));
	hello->listed = true;
	while (list.left >= 2 && hello->version_count < HELLO_VERSIONS_MAX)
		hello->versions[hello->version_count++] = take_u16(&list);
}

static void read_extensions(struct hello *hello, struct bytes body)
{
	while (body.left && !body.short_of) {
		uint16_t type = take_u16(&body);
		struct bytes content = take(&body, take_u16(&body));
		if (content.short_of)
			return;
		if (type == EXTENSION_SNI)
			read_sni(hello, content);
		else if (type == EXTENSION_ALPN)
			read_alpn(hello, content);
		else if (type == EXTENSION_VERSIONS)
			read_versions(hello, content);
	}
}

static int read_body(struct hello *hello, struct bytes body)
{
	hello->legacy_version = take_u16(&body);
	take(&body, RANDOM_SIZE);
	struct bytes session = take(&body, take_u8(&body));
	struct bytes suites = take(&body, take_u16(&body));
	take(&body, take_u8(&body)); /* compression methods */
	if (body.short_of || session.left > sizeof(hello->session))
		return -EPROTO;
	memcpy(hello->session, session.at, session.left);
	hello->session_size = session.left;
	while (suites.left >= 2 && hello->suite_count < HELLO_SUITES_MAX)
		hello->suites[hello->suite_count++] = take_u16(&suites);
	if (body.left)
		read_extensions(hello, take(&body, take_u16(&body)));
	if (!hello->version_count)
		hello->versions[hello->version_count++] = hello->legacy_version;
	return 1;
}

/* Joins the contents of handshake records; a hello may be spread over several. */
static int join_records(const uint8_t *data, size_t size, struct buf *message)
{
	while (size) {
		if (data[0] != RECORD_HANDSHAKE || (size > 1 && data[1] != 3))
			return -EPROTO;
		if (size < RECORD_HEAD)
			return 0;
		size_t length = get_be16(data + 3);
		if (!length || length > RECORD_MAX)
			return -EPROTO;
		size_t here = size - RECORD_HEAD < length ? size - RECORD_HEAD : length;
		buf_add(message, data + RECORD_HEAD, here);
		data += RECORD_HEAD + here;
		size -= RECORD_HEAD + here;
	}
	return 0;
}

static int read_message(struct hello *hello, const struct buf *message)
{
	if (message->failed)
		return -EPROTO;
	if (message->size && message->data[0] != CLIENT_HELLO)
		return -EPROTO;
	if (message->size < MESSAGE_HEAD)
		return 0;
	size_t length = get_be32(message->data) & 0xffffff;
	if (length > HELLO_MAX)
		return -EPROTO;
	if (message->size - MESSAGE_HEAD < length)
		return 0;
	return read_body(hello, (struct bytes){ message->data + MESSAGE_HEAD, length, false });
}

int hello_read(struct hello *hello, const uint8_t *data, size_t size)
{
	struct buf message;

	*hello = (struct hello){ 0 };
	buf_init(&message, HELLO_MAX);
	int status = join_records(data, size, &message);
	if (!status)
		status = read_message(hello, &message);
	buf_done(&message);
	return status;
}

bool hello_offers(const struct hello *hello, uint16_t version)
{
	if (!hello->listed)
		return hello->legacy_version >= version;
	for (size_t i = 0; i < hello->version_count; i++)
		if (hello->versions[i] == version)
			return true;
	return false;
}

/* A suite of the client's that TLS 1.1 has, so that the version alone can be what it minds. */
static uint16_t old_suite(const struct hello *hello)
{
	/* RFC 4492 and RFC 5246: ECDHE, DHE and RSA with AES-CBC and SHA-1 */
	static const uint16_t olds[] = { 0xc009, 0xc00a, 0xc013, 0xc014,
					 0x0033, 0x0039, 0x002f, 0x0035 };

	for (size_t i = 0; i < sizeof(olds) / sizeof(olds[0]); i++)
		for (size_t k = 0; k < hello->suite_count; k++)
			if (hello->suites[k] == olds[i])
				return olds[i];
	return hello->suite_count ? hello->suites[0] : 0x002f;
}

void hello_forge_answer(const struct hello *hello, uint16_t version, struct buf *out)
{
	/* version, random, session id, suite, compression, no extensions (RFC 4346 7.4.1.3) */
	size_t body = 2 + RANDOM_SIZE + 1 + hello->session_size + 2 + 1;

	buf_add_u8(out, RECORD_HANDSHAKE);
	buf_add_be16(out, version);
	buf_add_be16(out, (uint16_t)(MESSAGE_HEAD + body));
	buf_add_be32(out, (uint32_t)SERVER_HELLO << 24 | (uint32_t)body);
	buf_add_be16(out, version);
	/* Nothing rests on this random: no key is ever made. It must not end in the downgrade
	 * mark of RFC 8446 4.1.3, or a client might refuse for that instead. */
	for (int i = 0; i < RANDOM_SIZE; i++)
		buf_add_u8(out, (uint8_t)(i * 37 + 11));
	buf_add_u8(out, (uint8_t)hello->session_size);
	buf_add(out, hello->session, hello->session_size);
	buf_add_be16(out, old_suite(hello));
	buf_add_u8(out, 0);
}
