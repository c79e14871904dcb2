#include "sim/cloud/forge.h"

#include "base/cleanup.h"

enum {
	RECORD_ALERT = 21,
	RECORD_HANDSHAKE = 22,
	RECORD_HEAD = 5,
	MESSAGE_HEAD = 4,
	RANDOM_SIZE = 32,
	POINT_SIZE = 65,
	MESSAGE_MAX = 65536,
	SCSV = 0x00ff, /* RFC 5746 3.3: says what renegotiation_info says */
	NOT_OFFERED = 0xffff,
	UNKNOWN_EXTENSION = 0xfafb,
};

enum { SERVER_HELLO = 2, CERTIFICATE = 11, KEY_EXCHANGE = 12, HELLO_DONE = 14 };

enum {
	GROUP_P192 = 0x0013,
	GROUP_P256 = 0x0017,
	GROUP_P384 = 0x0018,
	GROUP_P521 = 0x0019,
	GROUP_X25519 = 0x001d,
	GROUP_X448 = 0x001e,
	ECDSA_SHA1 = 0x0203,
	ECDSA_SHA256 = 0x0403,
};

/* clang-format off */
const struct forge_kind forge_kinds[] = {
	{ "sound", "nothing is wrong; the cloud ends it when the client goes on" },
	{ "downgrade-mark", "the random tells that TLS 1.3 was possible", .sentinel = true },
	{ "unoffered-suite", "chooses a suite that was not offered", .suite = NOT_OFFERED },
	{ "unoffered-group", "the key is on a curve that was not offered", .group = GROUP_P192 },
	{ "unsolicited-extension", "has an extension that was not asked for",
	  .extension = NOT_OFFERED },
	{ "unknown-extension", "has an extension that nobody knows", .extension = UNKNOWN_EXTENSION },
	{ "heartbeat", "wants to beat hearts without being asked (RFC 6520)",
	  .extension = EXTENSION_HEARTBEAT },
	{ "compression", "chooses to compress", .deflate = true },
	{ "hello-twice", "two ServerHello", .hello_twice = true },
	{ "no-key-exchange", "leaves out the key exchange", .no_key_exchange = true },
	{ "wrong-order", "the key exchange comes before the certificate",
	  .key_exchange_first = true },
	{ "bad-point", "the key is not on its curve", .bad_point = true },
	{ "bad-key-signature", "a bit of the key's signature is wrong", .bad_signature = true },
	{ "sha1-key-signature", "the key is signed with SHA-1", .sha1 = true },
};

const char *const forge_names[] = {
	"sound", "downgrade-mark", "unoffered-suite", "unoffered-group", "unsolicited-extension",
	"unknown-extension", "heartbeat", "compression", "hello-twice", "no-key-exchange", "wrong-order", "bad-point",
	"bad-key-signature", "sha1-key-signature", NULL,
};

const struct forge_suite forge_suites[] = {
	{ "static-rsa", "no forward secrecy", 0x009c, "AES128-GCM-SHA256", .rsa = true },
	{ "static-rsa-cbc", "no forward secrecy, CBC", 0x002f, "AES128-SHA", .rsa = true },
	{ "cbc", "CBC with SHA-1", 0xc009, "ECDHE-ECDSA-AES128-SHA" },
	{ "no-encryption", "authentication alone", 0xc006, "ECDHE-ECDSA-NULL-SHA" },
	{ "anonymous", "no certificate", 0xc018, "AECDH-AES128-SHA" },
	{ "3des", "triple DES", 0xc008 },
	{ "rc4", "RC4", 0xc007 },
	{ "export", "40 bits", 0x0003 },
};

const char *const forge_suite_names[] = {
	"static-rsa", "static-rsa-cbc", "cbc", "no-encryption", "anonymous", "3des", "rc4", "export", NULL,
};
/* clang-format on */
_Static_assert(COUNT_OF(forge_names) == COUNT_OF(forge_kinds) + 1, "a kind without a name");
_Static_assert(COUNT_OF(forge_suite_names) == COUNT_OF(forge_suites) + 1, "a suite without a name");

/* ECDHE with ECDSA and authenticated encryption: what the flight is made for. */
static const uint16_t sound_suites[] = { 0xc02b, 0xc02c, 0xcca9, 0xc0ac, 0xc05c, 0xc086 };

static uint16_t choose_suite(const struct hello *hello, bool offered)
{
	for (size_t i = 0; i < COUNT_OF(sound_suites); i++)
		if (hello_offers_suite(hello, sound_suites[i]) == offered)
			return sound_suites[i];
	return 0;
}

bool forge_fits(const struct hello *hello)
{
	return hello_offers(hello, TLS_1_2) && choose_suite(hello, true) &&
	       hello_offers_group(hello, GROUP_P256);
}

/* ---- frames ---- */

static void add_record(struct buf *out, uint8_t type, uint16_t version, const struct buf *content)
{
	buf_add_u8(out, type);
	buf_add_be16(out, version);
	buf_add_be16(out, (uint16_t)content->size);
	buf_add(out, content->data, content->size);
}

/* One message in one record. */
static void add_message(struct buf *out, uint8_t type, uint16_t version, const struct buf *body)
{
	struct buf message;

	buf_init(&message, MESSAGE_MAX);
	buf_add_be32(&message, (uint32_t)type << 24 | (uint32_t)body->size);
	buf_add(&message, body->data, body->size);
	add_record(out, RECORD_HANDSHAKE, version, &message);
	buf_done(&message);
}

static void add_be24(struct buf *out, size_t number)
{
	buf_add_u8(out, (uint8_t)(number >> 16));
	buf_add_be16(out, (uint16_t)number);
}

/* ---- hello ---- */

/* Nothing rests on this random: no key is ever made. It must end in a downgrade mark only where
 * that is the point. */
static void write_random(uint8_t random[RANDOM_SIZE], bool sentinel)
{
	for (int i = 0; i < RANDOM_SIZE; i++)
		random[i] = (uint8_t)(i * 37 + 11);
	if (sentinel)
		memcpy(random + RANDOM_SIZE - 8, "DOWNGRD\1", 8);
}

static void add_extension(struct buf *out, uint16_t type, const char *content, size_t size)
{
	buf_add_be16(out, type);
	buf_add_be16(out, (uint16_t)size);
	buf_add(out, content, size);
}

/* One that every client knows, but this one did not send; RFC 8446 4.2: it has to mind. */
static uint16_t unsolicited(const struct hello *hello)
{
	/* status_request, signed_certificate_timestamp, session_ticket, max_fragment_length */
	static const uint16_t known[] = { 5, 18, 35, 1 };

	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (!hello_has_extension(hello, known[i]))
			return known[i];
	return UNKNOWN_EXTENSION;
}

static void add_extensions(struct buf *body, const struct forge_kind *kind,
			   const struct hello *hello)
{
	uint16_t extra = kind->extension == NOT_OFFERED ? unsolicited(hello) : kind->extension;
	struct buf list;

	buf_init(&list, 256);
	if (hello_offers_suite(hello, SCSV) || hello_has_extension(hello, EXTENSION_RENEGOTIATION))
		add_extension(&list, EXTENSION_RENEGOTIATION, "\0", 1);
	if (hello_has_extension(hello, EXTENSION_MASTER_SECRET))
		add_extension(&list, EXTENSION_MASTER_SECRET, "", 0);
	if (extra)
		add_extension(&list, extra, "\1", extra == EXTENSION_HEARTBEAT);
	buf_add_be16(body, (uint16_t)list.size);
	buf_add(body, list.data, list.size);
	buf_done(&list);
}

static void begin_hello(struct buf *body, const struct hello *hello, uint16_t version,
			const uint8_t random[RANDOM_SIZE], uint16_t suite)
{
	buf_add_be16(body, version);
	buf_add(body, random, RANDOM_SIZE);
	buf_add_u8(body, (uint8_t)hello->session_size);
	buf_add(body, hello->session, hello->session_size);
	buf_add_be16(body, suite);
}

static void add_hello(struct buf *out, const struct forge_kind *kind, uint16_t suite,
		      const struct hello *hello)
{
	uint8_t random[RANDOM_SIZE];
	struct buf body;

	write_random(random, kind->sentinel);
	buf_init(&body, 512);
	begin_hello(&body, hello, TLS_1_2, random, suite);
	buf_add_u8(&body, kind->deflate);
	add_extensions(&body, kind, hello);
	add_message(out, SERVER_HELLO, TLS_1_2, &body);
	buf_done(&body);
}

/* ---- the rest of the flight ---- */

static void add_certificate(struct buf *out, const struct forge_identity *identity)
{
	size_t size = identity->certificate_size;
	struct buf body;

	buf_init(&body, MESSAGE_MAX);
	add_be24(&body, size ? 3 + size : 0);
	if (size) {
		add_be24(&body, size);
		buf_add(&body, identity->certificate, size);
	}
	add_message(out, CERTIFICATE, TLS_1_2, &body);
	buf_done(&body);
}

/* RFC 8422 5.4: both randoms and the key are what is signed. */
static bool sign(const struct forge_kind *kind, const struct hello *hello,
		 const struct forge_identity *identity, const struct buf *key,
		 struct buf *signature)
{
	uint8_t random[RANDOM_SIZE];
	struct buf data;

	write_random(random, kind->sentinel);
	buf_init(&data, 256);
	buf_add(&data, hello->random, RANDOM_SIZE);
	buf_add(&data, random, RANDOM_SIZE);
	buf_add(&data, key->data, key->size);
	bool signed_ = identity->sign(identity->arg, kind->sha1, data.data, data.size, signature);
	buf_done(&data);
	if (signed_ && kind->bad_signature)
		signature->data[signature->size - 1] ^= 1;
	return signed_;
}

static void write_key(struct buf *key, const struct forge_kind *kind,
		      const struct forge_identity *identity)
{
	buf_add_u8(key, 3); /* named_curve */
	buf_add_be16(key, kind->group ? kind->group : GROUP_P256);
	buf_add_u8(key, POINT_SIZE);
	buf_add(key, identity->point, POINT_SIZE);
	if (kind->bad_point)
		key->data[key->size - 1] ^= 1;
}

static bool add_key_exchange(struct buf *out, const struct forge_kind *kind,
			     const struct hello *hello, const struct forge_identity *identity)
{
	struct buf body, signature;

	buf_init(&body, 512);
	buf_init(&signature, 256);
	write_key(&body, kind, identity);
	bool done = sign(kind, hello, identity, &body, &signature);
	buf_add_be16(&body, kind->sha1 ? ECDSA_SHA1 : ECDSA_SHA256);
	buf_add_be16(&body, (uint16_t)signature.size);
	buf_add(&body, signature.data, signature.size);
	add_message(out, KEY_EXCHANGE, TLS_1_2, &body);
	buf_done(&body);
	buf_done(&signature);
	return done;
}

bool forge_flight(const struct forge_kind *kind, uint16_t suite, const struct hello *hello,
		  const struct forge_identity *identity, struct buf *out)
{
	static const struct buf nothing;
	bool done = true;

	suite = suite ? suite : kind->suite;
	if (!suite || suite == NOT_OFFERED)
		suite = choose_suite(hello, !suite);
	for (int times = kind->hello_twice ? 2 : 1; times > 0; times--)
		add_hello(out, kind, suite, hello);
	if (!kind->key_exchange_first)
		add_certificate(out, identity);
	if (!kind->no_key_exchange)
		done = add_key_exchange(out, kind, hello, identity);
	if (kind->key_exchange_first)
		add_certificate(out, identity);
	add_message(out, HELLO_DONE, TLS_1_2, &nothing);
	return done && !out->failed;
}

/* ---- other answers ---- */

/* A suite of the client's that TLS 1.1 has, so that the version alone can be what it minds. */
static uint16_t old_suite(const struct hello *hello)
{
	/* RFC 4492 and RFC 5246: ECDHE, DHE and RSA with AES-CBC and SHA-1 */
	static const uint16_t olds[] = { 0xc009, 0xc00a, 0xc013, 0xc014,
					 0x0033, 0x0039, 0x002f, 0x0035 };

	for (size_t i = 0; i < COUNT_OF(olds); i++)
		if (hello_offers_suite(hello, olds[i]))
			return olds[i];
	return hello->suite_count ? hello->suites[0] : 0x002f;
}

void forge_old_hello(const struct hello *hello, uint16_t version, struct buf *out)
{
	uint8_t random[RANDOM_SIZE];
	struct buf body;

	write_random(random, false);
	buf_init(&body, 256);
	begin_hello(&body, hello, version, random, old_suite(hello));
	buf_add_u8(&body, 0); /* compression; no extensions (RFC 4346 7.4.1.3) */
	add_message(out, SERVER_HELLO, version, &body);
	buf_done(&body);
}

static uint16_t suite_1_3(const struct hello *hello)
{
	for (size_t i = 0; i < hello->suite_count; i++)
		if (hello->suites[i] >> 8 == 0x13)
			return hello->suites[i];
	return 0x1301;
}

void forge_retry(const struct hello *hello, uint16_t group, struct buf *out)
{
	/* SHA-256 of "HelloRetryRequest" */
	static const uint8_t mark[RANDOM_SIZE] = { 0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11,
						   0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
						   0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e,
						   0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c };
	struct buf body;

	buf_init(&body, 256);
	begin_hello(&body, hello, TLS_1_2, mark, suite_1_3(hello));
	buf_add_u8(&body, 0);
	buf_add_be16(&body, 12); /* two extensions of six bytes */
	buf_add_be16(&body, EXTENSION_VERSIONS);
	buf_add_be16(&body, 2);
	buf_add_be16(&body, TLS_1_3);
	buf_add_be16(&body, EXTENSION_SHARES);
	buf_add_be16(&body, 2);
	buf_add_be16(&body, group);
	add_message(out, SERVER_HELLO, TLS_1_2, &body);
	buf_done(&body);
}

static const uint16_t common_groups[] = { GROUP_P384,   GROUP_P256, GROUP_P521,
					  GROUP_X25519, GROUP_X448, GROUP_P192 };

uint16_t forge_group_to_ask(const struct hello *hello)
{
	for (size_t i = 0; i < COUNT_OF(common_groups); i++)
		if (hello_offers_group(hello, common_groups[i]) &&
		    !hello_has_share(hello, common_groups[i]))
			return common_groups[i];
	return 0;
}

uint16_t forge_group_shared(const struct hello *hello)
{
	return hello->share_count ? hello->shares[0] : 0;
}

uint16_t forge_group_unknown(const struct hello *hello)
{
	for (size_t i = COUNT_OF(common_groups); i-- > 0;)
		if (!hello_offers_group(hello, common_groups[i]))
			return common_groups[i];
	return 0;
}

void forge_alert(uint8_t description, struct buf *out)
{
	struct buf content;

	buf_init(&content, 2);
	buf_add_u8(&content, 2); /* fatal */
	buf_add_u8(&content, description);
	add_record(out, RECORD_ALERT, TLS_1_2, &content);
	buf_done(&content);
}
