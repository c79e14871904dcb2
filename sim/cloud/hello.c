#include "sim/cloud/hello.h"

#include <errno.h>

#include "base/cleanup.h"

enum {
	RECORD_HEAD = 5,
	RECORD_HANDSHAKE = 22,
	RECORD_MAX = 16384,
	MESSAGE_HEAD = 4,
	CLIENT_HELLO = 1,
	RANDOM_SIZE = 32,
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

/* RFC 8446 4.2.7 */
static void read_groups(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u16(&body));
	while (list.left >= 2 && hello->group_count < HELLO_GROUPS_MAX)
		hello->groups[hello->group_count++] = take_u16(&list);
}

/* RFC 8446 4.2.8 */
static void read_shares(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u16(&body));
	while (list.left >= 4 && !list.short_of && hello->share_count < HELLO_GROUPS_MAX) {
		hello->shares[hello->share_count++] = take_u16(&list);
		take(&list, take_u16(&list));
	}
}

/* RFC 8422 5.1.2 */
static void read_formats(struct hello *hello, struct bytes body)
{
	struct bytes list = take(&body, take_u8(&body));
	while (list.left && hello->format_count < sizeof(hello->formats))
		hello->formats[hello->format_count++] = take_u8(&list);
}

static const struct {
	uint16_t type;
	void (*read)(struct hello *hello, struct bytes body);
} readers[] = {
	{ EXTENSION_SNI, read_sni },           { EXTENSION_ALPN, read_alpn },
	{ EXTENSION_VERSIONS, read_versions }, { EXTENSION_GROUPS, read_groups },
	{ EXTENSION_SHARES, read_shares },     { EXTENSION_FORMATS, read_formats },
};

static void read_extensions(struct hello *hello, struct bytes body)
{
	while (body.left && !body.short_of) {
		uint16_t type = take_u16(&body);
		struct bytes content = take(&body, take_u16(&body));
		if (content.short_of)
			return;
		/* RFC 8446 4.2: never twice. The first is what counts here. */
		if (hello_has_extension(hello, type))
			continue;
		if (hello->extension_count < HELLO_EXTENSIONS_MAX)
			hello->extensions[hello->extension_count++] = type;
		for (size_t i = 0; i < COUNT_OF(readers); i++)
			if (readers[i].type == type)
				readers[i].read(hello, content);
	}
}

static int read_body(struct hello *hello, struct bytes body)
{
	hello->legacy_version = take_u16(&body);
	struct bytes random = take(&body, RANDOM_SIZE);
	struct bytes session = take(&body, take_u8(&body));
	struct bytes suites = take(&body, take_u16(&body));
	take(&body, take_u8(&body)); /* compression methods */
	if (body.short_of || session.left > sizeof(hello->session))
		return -EPROTO;
	memcpy(hello->random, random.at, RANDOM_SIZE);
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

static bool is_among(uint16_t number, const uint16_t *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (numbers[i] == number)
			return true;
	return false;
}

bool hello_offers_suite(const struct hello *hello, uint16_t suite)
{
	return is_among(suite, hello->suites, hello->suite_count);
}

bool hello_offers_group(const struct hello *hello, uint16_t group)
{
	return is_among(group, hello->groups, hello->group_count);
}

bool hello_has_share(const struct hello *hello, uint16_t group)
{
	return is_among(group, hello->shares, hello->share_count);
}

bool hello_has_extension(const struct hello *hello, uint16_t extension)
{
	return is_among(extension, hello->extensions, hello->extension_count);
}

/* RFC 8701: 0x0a0a, 0x1a1a … 0xfafa, sprinkled at random to keep servers honest. */
static bool is_grease(uint16_t number)
{
	return (number & 0x0f0f) == 0x0a0a && number >> 8 == (number & 0xff);
}

static void print_numbers(struct buf *out, const uint16_t *numbers, size_t count)
{
	const char *between = "";

	buf_add_text(out, ",");
	for (size_t i = 0; i < count; i++) {
		if (is_grease(numbers[i]))
			continue;
		buf_printf(out, "%s%u", between, numbers[i]);
		between = "-";
	}
}

const char *hello_print(const struct hello *hello, char text[HELLO_PRINT_MAX])
{
	uint16_t formats[sizeof(hello->formats)];
	struct buf out;

	for (size_t i = 0; i < hello->format_count; i++)
		formats[i] = hello->formats[i];
	buf_init(&out, HELLO_PRINT_MAX - 1);
	buf_printf(&out, "%u", hello->legacy_version);
	print_numbers(&out, hello->suites, hello->suite_count);
	print_numbers(&out, hello->extensions, hello->extension_count);
	print_numbers(&out, hello->groups, hello->group_count);
	print_numbers(&out, formats, hello->format_count);
	memcpy(text, buf_text(&out), out.size + 1);
	buf_done(&out);
	return text;
}
