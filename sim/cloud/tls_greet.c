#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/alert.h"
#include "sim/cloud/cert_raw.h"
#include "sim/cloud/forge.h"
#include "sim/cloud/tls_link.h"

enum {
	FLIGHT_MAX = 65536,
	CERTIFICATE_MAX = 16000, /* fits a record with its heads */
	GARBLED_BYTES = 40,      /* missing at the end */
	RECORD_CHANGE = 20,
	RECORD_ALERT = 21,
	CHANGE_SIZE = 6,
};

/* ---- forged answers ---- */

static void await_reaction(struct tls_link *link, const char *fault, const char *done)
{
	link->state = LINK_FORGED;
	tls_expect(link, fault, json_pack("{s:s}", "done", done), true);
	tls_link_expire(link, LINK_FORGED_WAIT_MS);
}

static bool sign(void *arg, bool sha1, const uint8_t *data, size_t size, struct buf *out)
{
	return cert_sign(arg, sha1, data, size, out);
}

/* The leaf for a forged flight: the one that is armed, if it is of the kind that fits. */
static const struct cert_pair *choose_leaf(struct tls_link *link, struct buf *der,
					   uint8_t point[CERT_POINT_SIZE])
{
	const struct cert_shown *shown = link->shown;
	struct error err;

	if (!cert_point(&shown->leaf, point) || !cert_der(&shown->leaf, der) ||
	    der->size > CERTIFICATE_MAX) {
		buf_clear(der);
		shown = cert_show(link->tls->options.certs, link->listener, CERT_KIND_GOOD, &err);
		if (!shown || !cert_point(&shown->leaf, point) || !cert_der(&shown->leaf, der))
			return NULL;
		link->shown = shown;
	}
	return &shown->leaf;
}

static bool send_flight(struct tls_link *link, const struct forge_kind *kind, uint16_t suite)
{
	uint8_t point[CERT_POINT_SIZE];
	struct buf der, flight;

	buf_init(&der, FLIGHT_MAX);
	buf_init(&flight, FLIGHT_MAX);
	enum cert_sent sent = link->shown->kind->sent;
	const struct cert_pair *leaf = choose_leaf(link, &der, point);
	struct forge_identity identity = {
		.certificate = der.data,
		.certificate_size = sent == CERT_SENT_NOTHING   ? 0
				    : sent == CERT_SENT_GARBLED ? der.size - GARBLED_BYTES
								: der.size,
		.point = point,
		.sign = sign,
		.arg = (void *)leaf,
	};
	bool made = leaf && forge_flight(kind, suite, &link->care->hello, &identity, &flight);
	if (made)
		tls_link_send(link, flight.data, flight.size);
	else
		tls_link_end(link, true, "OpenSSL does not sign");
	buf_done(&der);
	buf_done(&flight);
	return made;
}

static void forge_flight_of(struct tls_link *link, const char *fault, const char *done,
			    const struct forge_kind *kind, uint16_t suite)
{
	if (send_flight(link, kind, suite))
		await_reaction(link, fault, done);
}

static void send_retry(struct tls_link *link, uint16_t group)
{
	struct buf answer;

	buf_init(&answer, FLIGHT_MAX);
	forge_retry(&link->care->hello, group, &answer);
	tls_link_send(link, answer.data, answer.size);
	buf_done(&answer);
}

/* ---- answers instead of a handshake; each says whether it was given ---- */

static bool stay_silent(struct tls_link *link)
{
	if (link->care->front.silent)
		tls_link_mute(link, "cloud.tls-silent");
	return link->care->front.silent;
}

static bool refuse(struct tls_link *link)
{
	struct buf answer;

	if (link->care->front.alert.step != STEP_HELLO)
		return false;
	buf_init(&answer, 16);
	forge_alert(link->care->front.alert.number, &answer);
	tls_link_send(link, answer.data, answer.size);
	buf_done(&answer);
	tls_link_witness(link, "cloud.tls-alert",
			 json_pack("{s:s}", "done", alert_name(link->care->front.alert.number)));
	tls_tell_failed(link, "cloud.tls-alert", false);
	tls_link_finish(link);
	return true;
}

/* The old version that is asked for; 0: none. */
static uint16_t old_version(const struct tls_link *link)
{
	if (link->care->front.tls11)
		return TLS_1_1;
	return link->care->front.version < TLS_1_2 ? link->care->front.version : 0;
}

/* A client that offers an old version gets the real thing, so that it can fail by going all the
 * way; any other gets the answer of a server that did not listen. */
static bool old_is_real(const struct tls_link *link)
{
	uint16_t version = old_version(link);
	return version >= TLS_1_0 && hello_offers(&link->care->hello, version);
}

static const char *fault_of_version(const struct tls_link *link)
{
	return link->care->front.tls11 ? "cloud.tls11" : "cloud.tls-version";
}

static bool forge_old(struct tls_link *link)
{
	uint16_t version = old_version(link);
	struct buf answer;

	if (!version || old_is_real(link))
		return false;
	buf_init(&answer, 256);
	forge_old_hello(&link->care->hello, version, &answer);
	tls_link_send(link, answer.data, answer.size);
	buf_done(&answer);
	AUTO_FREE char *done = alloc_printf("forged ServerHello %04x", version);
	await_reaction(link, fault_of_version(link), done);
	return true;
}

static const struct forge_suite *suite_of(const struct tls_link *link)
{
	return link->care->front.suite ? &forge_suites[link->care->front.suite - 1] : NULL;
}

static bool suite_is_real(const struct tls_link *link)
{
	const struct forge_suite *suite = suite_of(link);
	return suite && suite->openssl && hello_offers(&link->care->hello, TLS_1_2) &&
	       hello_offers_suite(&link->care->hello, suite->number);
}

static bool forge_suite(struct tls_link *link)
{
	const struct forge_suite *suite = suite_of(link);

	if (!suite || suite_is_real(link) || !forge_fits(&link->care->hello))
		return false;
	AUTO_FREE char *done = alloc_printf("forged: %s, not offered", suite->name);
	forge_flight_of(link, "cloud.tls-suite", done, &forge_kinds[0], suite->number);
	return true;
}

static bool forge_kind(struct tls_link *link)
{
	if (!link->care->front.forged || !forge_fits(&link->care->hello))
		return false;
	const struct forge_kind *kind = &forge_kinds[link->care->front.forged - 1];
	/* A client that never offered TLS 1.3 has nothing taken away. */
	if (kind->sentinel && !hello_offers(&link->care->hello, TLS_1_3))
		return false;
	forge_flight_of(link, "cloud.tls-forged", kind->name, kind, 0);
	return true;
}

/* Certificate messages that OpenSSL will not send. */
static bool forge_certificate(struct tls_link *link)
{
	enum cert_sent sent = link->shown->kind->sent;

	if ((sent != CERT_SENT_NOTHING && sent != CERT_SENT_GARBLED) ||
	    !forge_fits(&link->care->hello))
		return false;
	forge_flight_of(link, "cloud.certificate", link->shown->name, &forge_kinds[0], 0);
	return true;
}

static bool forge_retry_fault(struct tls_link *link)
{
	static const char *const done[] = {
		[RETRY_TWICE] = "a second one",
		[RETRY_SHARED] = "for the group of its key",
		[RETRY_UNKNOWN] = "for a group it did not offer",
	};
	enum fault_retry retry = link->care->front.retry;
	uint16_t group = retry == RETRY_SHARED    ? forge_group_shared(&link->care->hello)
			 : retry == RETRY_UNKNOWN ? forge_group_unknown(&link->care->hello)
						  : forge_group_to_ask(&link->care->hello);

	if (retry <= RETRY_ONCE || !group || !hello_offers(&link->care->hello, TLS_1_3))
		return false;
	send_retry(link, group);
	if (retry != RETRY_TWICE) {
		await_reaction(link, "cloud.tls-retry", done[retry]);
		return true;
	}
	link->state = LINK_FORGED; /* the first is allowed: no witness yet */
	tls_link_expire(link, LINK_FORGED_WAIT_MS);
	return true;
}

void tls_greet_reaction(struct tls_link *link, const uint8_t *data, size_t size)
{
	/* RFC 8446 D.4: a ChangeCipherSpec before the second hello says nothing. */
	if (size >= CHANGE_SIZE && data[0] == RECORD_CHANGE &&
	    hello_offers(&link->care->hello, TLS_1_3) && link->care->front.retry) {
		data += CHANGE_SIZE;
		size -= CHANGE_SIZE;
	}
	if (!size)
		return;
	bool refused = data[0] == RECORD_ALERT;
	if (!refused && link->care->front.retry == RETRY_TWICE && !link->care->retried) {
		link->care->retried = true;
		send_retry(link, forge_group_to_ask(&link->care->hello));
		await_reaction(link, "cloud.tls-retry", "a second one");
		return;
	}
	if (refused && size >= 7 && get_be16(data + 3) == 2)
		link->alert = data[6];
	tls_tell_failed(link, refused ? "the client refused" : "the client went on", true);
	tls_link_finish(link);
}

/* ---- the real handshake ---- */

static int take_any(int verified, X509_STORE_CTX *context)
{
	(void)verified;
	(void)context;
	return 1; /* judged by nobody: what the client shows is told, and that is all */
}

/* AWS IoT's second name for MQTT stands for client certificates. */
static bool wants_to_show(const struct hello *hello)
{
	for (size_t i = 0; i < hello->alpn_count; i++)
		if (!strcmp(hello->alpn[i], "x-amzn-mqtt-ca"))
			return true;
	return false;
}

static void ask_for_certificate(struct tls_link *link)
{
	enum fault_ask ask = link->care->front.ask;
	int mode = SSL_VERIFY_PEER;

	if (!ask && !wants_to_show(&link->care->hello))
		return;
	if (ask == ASK_REQUIRED)
		mode |= SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
	SSL_set_verify(link->ssl, mode, take_any);
	if (ask)
		tls_expect(
			link, "cloud.tls-client-certificate",
			json_pack("{s:s}", "done", ask == ASK_REQUIRED ? "required" : "optional"),
			true);
}

static void limit_version(struct tls_link *link, int version)
{
	SSL_set_min_proto_version(link->ssl, version);
	SSL_set_max_proto_version(link->ssl, version);
}

static void choose_version(struct tls_link *link)
{
	uint16_t version = link->care->front.version;

	if (old_is_real(link)) {
		version = old_version(link);
		limit_version(link, version);
		tls_expect(link, fault_of_version(link),
			   json_pack("{s:s}", "done", version == TLS_1_0 ? "TLS 1.0" : "TLS 1.1"),
			   true);
	} else if (version) {
		limit_version(link, version);
		tls_expect(link, "cloud.tls-version",
			   json_pack("{s:s}", "done", version == TLS_1_2 ? "TLS 1.2" : "TLS 1.3"),
			   true);
	} else if (link->care->front.alert.step > STEP_SERVER_HELLO &&
		   link->care->front.alert.step < STEP_DATA) {
		/* Later steps can be told apart in TLS 1.2 only. */
		SSL_set_max_proto_version(link->ssl, TLS1_2_VERSION);
	}
}

static void choose_suite(struct tls_link *link)
{
	const struct forge_suite *suite = suite_of(link);

	if (!suite_is_real(link))
		return;
	SSL_set_security_level(link->ssl, 0);
	SSL_set_cipher_list(link->ssl, suite->openssl);
	SSL_set_max_proto_version(link->ssl, TLS1_2_VERSION);
	tls_expect(link, "cloud.tls-suite", json_pack("{s:s}", "done", suite->name), true);
}

static void retry_once(struct tls_link *link)
{
	static const struct {
		uint16_t group;
		const char *name;
	} names[] = {
		{ 0x17, "P-256" },  { 0x18, "P-384" }, { 0x19, "P-521" },
		{ 0x1d, "X25519" }, { 0x1e, "X448" },
	};
	uint16_t group = forge_group_to_ask(&link->care->hello);

	if (link->care->front.retry != RETRY_ONCE || !hello_offers(&link->care->hello, TLS_1_3))
		return;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (names[i].group == group && SSL_set1_groups_list(link->ssl, names[i].name)) {
			SSL_set_min_proto_version(link->ssl, TLS1_3_VERSION);
			tls_expect(link, "cloud.tls-retry", json_pack("{s:s}", "done", "once"),
				   true);
		}
}

static void bend_records(struct tls_link *link)
{
	static const struct warp_alert steps[] = {
		[STEP_SERVER_HELLO] = { .after = 2 },    [STEP_CERTIFICATE] = { .after = 11 },
		[STEP_KEY_EXCHANGE] = { .after = 12 },   [STEP_HELLO_DONE] = { .after = 14 },
		[STEP_FINISHED] = { .at_change = true },
	};
	const struct fault_front *front = &link->care->front;

	if (front->records.kind) {
		warp_done(&link->care->warp);
		warp_init(&link->care->warp, &warp_kinds[front->records.kind - 1],
			  front->records.amount);
	}
	if (front->alert.step < COUNT_OF(steps)) {
		link->care->warp.alert = steps[front->alert.step];
		link->care->warp.alert.number = front->alert.number;
	}
	if (front->slow.ms)
		tls_expect(link, "cloud.tls-slow",
			   json_pack("{s:I, s:I}", "ms", (json_int_t)front->slow.ms, "bytes",
				     (json_int_t)front->slow.bytes),
			   true);
}

/* A session is resumed only where nothing is wrong: under a fault every connection has to look at
 * the certificate again. And never across the two names. */
static void choose_sessions(struct tls_link *link)
{
	const char *name = listener_names[link->listener];

	SSL_set_session_id_context(link->ssl, (const unsigned char *)name, (unsigned)strlen(name));
	if (tls_link_is_good(link))
		return;
	SSL_set_options(link->ssl, SSL_OP_NO_TICKET);
	SSL_set_num_tickets(link->ssl, 0);
}

static int begin(struct tls_link *link, struct error *err)
{
	bool good = tls_link_is_good(link);
	SSL_CTX *context = good                ? tls_good_context(link->tls, link->listener, err)
			   : old_is_real(link) ? link->tls->old_context
					       : link->tls->context;

	if (!context)
		return -EIO;
	link->ssl = SSL_new(context);
	if (!link->ssl)
		abort(); /* out of memory */
	BIO_up_ref(link->tls->pipe);
	SSL_set_bio(link->ssl, link->tls->pipe, link->tls->pipe);
	SSL_set_accept_state(link->ssl);
	link->state = LINK_SHAKE;
	return good ? 0 : cert_use(link->shown, link->ssl, err);
}

static void shake_for_real(struct tls_link *link)
{
	struct error err;

	if (begin(link, &err)) {
		tls_link_end(link, true, err.text);
		return;
	}
	choose_sessions(link);
	bend_records(link);
	choose_version(link);
	choose_suite(link);
	retry_once(link);
	ask_for_certificate(link);
	if (link->care->front.certificate != CERT_KIND_GOOD)
		tls_expect(link, "cloud.certificate",
			   json_pack("{s:s, s:s}", "done", link->shown->name, "listener",
				     listener_names[link->listener]),
			   true);
	tls_link_progress(link, link->care->hello_bytes.data, link->care->hello_bytes.size);
}

/* Which certificate: the one that is armed, or what a suite cannot do without. */
static const struct cert_shown *choose_certificate(struct tls_link *link, struct error *err)
{
	const struct forge_suite *suite = suite_of(link);
	size_t kind = link->care->front.certificate;

	if (suite && suite->rsa && suite_is_real(link))
		kind = (size_t)cert_kind_find("rsa");
	return cert_show(link->tls->options.certs, link->listener, kind, err);
}

void tls_greet(struct tls_link *link)
{
	static bool (*const answers[])(struct tls_link * link) = {
		stay_silent,       refuse, forge_old, forge_suite, forge_kind, forge_certificate,
		forge_retry_fault,
	};
	struct error err;

	if (*link->care->hello.sni)
		link->peer.sni = link->sni = alloc_text(link->care->hello.sni);
	link->listener =
		listener_of(*link->peer.sni ? link->peer.sni : NULL, link->peer.cloud_address);
	link->care->front = link->tls->options.fault->tls.front[link->listener];
	link->care->drip.ms = link->care->front.slow.ms;
	link->care->drip.bytes = link->care->front.slow.bytes;
	tls_tell_hello(link);
	link->shown = choose_certificate(link, &err);
	if (!link->shown) {
		tls_link_end(link, true, err.text);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(answers); i++)
		if (answers[i](link))
			return;
	shake_for_real(link);
}
