#include "sim/cloud/tls_link.h"

#include <openssl/err.h>

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/cloud/alert.h"

enum {
	PLAIN_MAX = 16384,     /* RFC 8446 5.1: a record's plaintext */
	FORGED_WAIT_MS = 3000, /* a client that goes on waits longer than this */
	RECORD_ALERT = 21,
};

static void observe(const struct tls_link *link, const char *kind, json_t *fields)
{
	json_object_set_new(fields, "connection", json_integer((json_int_t)link->peer.connection));
	tap_seen(link->tls->options.tap, kind, fields);
}

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_lossy_text(text, strlen(text)) : json_null();
}

static json_t *numbers(const uint16_t *values, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++) {
		uint8_t bytes[2];
		put_be16(bytes, values[i]);
		json_array_append_new(list, json_hex(bytes, sizeof(bytes)));
	}
	return list;
}

static void observe_hello(const struct tls_link *link)
{
	const struct hello *hello = &link->hello;
	char from[IPV4_TEXT_MAX], to[IPV4_TEXT_MAX];
	json_t *alpn = json_array();

	for (size_t i = 0; i < hello->alpn_count; i++)
		json_array_append_new(alpn,
				      json_lossy_text(hello->alpn[i], strlen(hello->alpn[i])));
	observe(link, "tls.hello",
		json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o}", "from",
			  ipv4_format(link->peer.agent_address, from), "port",
			  (int)link->peer.agent_port, "to",
			  ipv4_format(link->peer.cloud_address, to), "sni",
			  text_or_null(hello->sni), "alpn", alpn, "versions",
			  numbers(hello->versions, hello->version_count), "suites",
			  numbers(hello->suites, hello->suite_count)));
}

static void emit_witness(struct tls_link *link, size_t index, const char *reaction)
{
	struct link_witness witness = link->witnesses[index];

	memmove(link->witnesses + index, link->witnesses + index + 1,
		(--link->witness_count - index) * sizeof(witness));
	json_object_set_new(witness.fields, "fault", json_string(witness.fault));
	if (reaction)
		json_object_set_new(witness.fields, "reaction", json_string(reaction));
	observe(link, "fault.reached", witness.fields);
}

/* Journals what has now reached the agent. reaction NULL: only that the kernel took more. */
static void settle(struct tls_link *link, const char *reaction)
{
	for (size_t i = 0; i < link->witness_count;) {
		const struct link_witness *witness = &link->witnesses[i];
		if (witness->at > link->stream.taken || (witness->reaction && !reaction))
			i++;
		else
			emit_witness(link, i, witness->reaction ? reaction : NULL);
	}
}

static void expect_witness(struct tls_link *link, const char *fault, json_t *fields, bool reaction)
{
	if (link->witness_count == LINK_WITNESS_MAX) {
		json_decref(fields);
		return;
	}
	link->witnesses[link->witness_count++] = (struct link_witness){
		.fault = fault,
		.fields = fields,
		.at = link->stream.queued,
		.reaction = reaction,
	};
}

void tls_link_witness(struct tls_link *link, const char *fault, json_t *fields)
{
	expect_witness(link, fault, fields, false);
	settle(link, NULL);
}

/* reacted: it was the client's doing, so it is what the client made of a fault. */
static void failed(struct tls_link *link, const char *why, bool reacted)
{
	const char *alert = link->alert < 0 ? NULL : alert_name(link->alert);
	AUTO_FREE char *reaction = alert ? alloc_printf("alert %s", alert) : alloc_text(why);

	observe(link, "tls.failed",
		json_pack("{s:o, s:s, s:o}", "alert", text_or_null(alert), "why", why,
			  "certificate", text_or_null(link->shown ? link->shown->name : NULL)));
	settle(link, reacted ? reaction : NULL);
}

static void observe_end(struct tls_link *link, const char *why)
{
	if (!link->was_ready) {
		/* A failure was told before the linger began. */
		if (link->state != LINK_FINISH && link->state != LINK_MUTE)
			failed(link, why, link->stream.ended);
		return;
	}
	const char *alert = link->alert < 0 ? NULL : alert_name(link->alert);
	observe(link, "tls.closed",
		json_pack("{s:b, s:o, s:s}", "notify", link->notified, "alert", text_or_null(alert),
			  "why", why));
}

void tls_link_end(struct tls_link *link, bool reset, const char *why)
{
	if (link->state == LINK_ENDED)
		return;
	observe_end(link, why);
	link->state = LINK_ENDED;
	stream_close(&link->stream, reset);
	timer_stop(link->deadline);
	tls_bury(link->tls, link);
}

static void too_late(void *arg)
{
	struct tls_link *link = arg;

	switch (link->state) {
	case LINK_FORGED:
		failed(link, "the client went on waiting", true);
		link->state = LINK_FINISH;
		tls_link_end(link, true, "the client went on waiting");
		break;
	case LINK_HELLO:
	case LINK_SHAKE:
		tls_link_end(link, false, "no handshake in time");
		break;
	case LINK_READY:
		tls_link_end(link, false, "idle too long");
		break;
	case LINK_FINISH:
		tls_link_end(link, false, "closed by the cloud");
		break;
	case LINK_MUTE:
	case LINK_ENDED:
		break;
	}
}

/* Moves what OpenSSL wants to say into the queue. */
static void flush(struct tls_link *link)
{
	char *data;
	long size = BIO_get_mem_data(link->to_agent, &data);

	if (size <= 0)
		return;
	stream_write(&link->stream, data, (size_t)size);
	BIO_reset(link->to_agent);
	settle(link, NULL);
}

static void finish(struct tls_link *link)
{
	link->state = LINK_FINISH;
	stream_finish(&link->stream);
	timer_in(link->deadline, TLS_LINGER_MS);
}

/* OpenSSL gave up: its alert goes out, then the end. */
static void give_up(struct tls_link *link)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	flush(link);
	if (link->was_ready) {
		tls_link_end(link, false, reason ? reason : "broken record");
		return;
	}
	failed(link, reason ? reason : "handshake failed", true);
	finish(link);
}

static void observe_ready(struct tls_link *link)
{
	const unsigned char *alpn;
	unsigned alpn_size;

	SSL_get0_alpn_selected(link->ssl, &alpn, &alpn_size);
	observe(link, "tls.ready",
		json_pack("{s:s, s:s, s:o, s:s}", "version", SSL_get_version(link->ssl), "suite",
			  SSL_CIPHER_get_name(SSL_get_current_cipher(link->ssl)), "alpn",
			  alpn_size ? json_lossy_text(alpn, alpn_size) : json_null(), "certificate",
			  link->shown->name));
	settle(link, "completed the handshake");
}

static bool shake(struct tls_link *link)
{
	int status = SSL_do_handshake(link->ssl);

	if (status == 1) {
		link->state = LINK_READY;
		link->was_ready = true;
		flush(link);
		observe_ready(link);
		tls_link_limit(link, TLS_HANDSHAKE_MS);
		return true;
	}
	if (SSL_get_error(link->ssl, status) == SSL_ERROR_WANT_READ)
		flush(link);
	else
		give_up(link);
	return false;
}

static void pass_up(struct tls_link *link, const uint8_t *data, size_t size)
{
	const struct tls_options *options = &link->tls->options;

	if (!link->had_data) {
		link->had_data = true;
		observe(link, "tls.application", json_pack("{s:I}", "bytes", (json_int_t)size));
		if (link->peer.protocol == TLS_PROTOCOL_UNKNOWN)
			/* MQTT begins with CONNECT, 0x10; no HTTP method does. */
			link->peer.protocol =
				data[0] == 0x10 ? TLS_PROTOCOL_MQTT : TLS_PROTOCOL_HTTP;
	}
	options->events->data(options->arg, link, data, size);
}

static void progress(struct tls_link *link)
{
	uint8_t plain[PLAIN_MAX];

	ERR_clear_error();
	if (link->state == LINK_SHAKE && !shake(link))
		return;
	while (link->state == LINK_READY) {
		int size = SSL_read(link->ssl, plain, sizeof(plain));
		if (size > 0) {
			pass_up(link, plain, (size_t)size);
			continue;
		}
		int why = SSL_get_error(link->ssl, size);
		if (why == SSL_ERROR_ZERO_RETURN)
			tls_link_close(link);
		else if (why != SSL_ERROR_WANT_READ)
			give_up(link);
		else
			flush(link); /* a KeyUpdate is answered */
		return;
	}
}

static void begin(struct tls_link *link, SSL_CTX *context)
{
	struct error err;

	link->ssl = SSL_new(context);
	link->from_agent = BIO_new(BIO_s_mem());
	link->to_agent = BIO_new(BIO_s_mem());
	if (!link->ssl || !link->from_agent || !link->to_agent)
		abort(); /* out of memory */
	BIO_set_mem_eof_return(link->from_agent, -1);
	SSL_set_bio(link->ssl, link->from_agent, link->to_agent);
	SSL_set_app_data(link->ssl, link);
	SSL_set_accept_state(link->ssl);
	link->state = LINK_SHAKE;
	if (cert_use(link->shown, link->ssl, &err))
		tls_link_end(link, true, err.text);
}

static void forge(struct tls_link *link)
{
	struct buf answer;

	buf_init(&answer, 256);
	hello_forge_answer(&link->hello, TLS_1_1, &answer);
	link->state = LINK_FORGED;
	stream_write(&link->stream, answer.data, answer.size);
	buf_done(&answer);
	expect_witness(link, "cloud.tls11", json_pack("{s:s}", "done", "forged ServerHello 0302"),
		       true);
	timer_in(link->deadline, FORGED_WAIT_MS);
}

/* The hello is complete: chooses the certificate and the faults, then lets OpenSSL have it. */
static void greet(struct tls_link *link)
{
	const struct fault *fault = link->tls->options.fault;
	struct error err;
	bool old = false;

	memcpy(link->peer.sni, link->hello.sni, sizeof(link->peer.sni));
	link->listener =
		listener_of(*link->peer.sni ? link->peer.sni : NULL, link->peer.cloud_address);
	observe_hello(link);
	if (fault->tls.tls11[link->listener]) {
		/* A client that offers TLS 1.1 gets the real thing, so that it can fail by going
		 * all the way; any other gets the answer of a server that did not listen. */
		old = hello_offers(&link->hello, TLS_1_1);
		if (!old) {
			forge(link);
			return;
		}
	}
	size_t kind = fault->tls.certificate[link->listener];
	link->shown = cert_show(link->tls->options.certs, link->listener, kind, &err);
	if (!link->shown) {
		tls_link_end(link, true, err.text);
		return;
	}
	begin(link, old ? link->tls->old_context : link->tls->context);
	if (link->state != LINK_SHAKE)
		return;
	BIO_write(link->from_agent, link->hello_bytes.data, (int)link->hello_bytes.size);
	buf_done(&link->hello_bytes);
	progress(link);
	if (link->state != LINK_SHAKE)
		return;
	if (old)
		expect_witness(link, "cloud.tls11", json_pack("{s:s}", "done", "TLS 1.1"), true);
	if (kind != CERT_KIND_GOOD)
		expect_witness(link, "cloud.certificate",
			       json_pack("{s:s, s:s}", "done", link->shown->name, "listener",
					 listener_names[link->listener]),
			       true);
}

static void collect_hello(struct tls_link *link, const uint8_t *data, size_t size)
{
	bool fits = buf_add(&link->hello_bytes, data, size);
	int status = hello_read(&link->hello, link->hello_bytes.data, link->hello_bytes.size);

	if (status > 0)
		greet(link);
	else if (status < 0 || !fits)
		tls_link_end(link, false, "the first bytes are no ClientHello");
}

/* What a client sends after a forged ServerHello is still plain records. */
static void judge_reaction(struct tls_link *link, const uint8_t *data, size_t size)
{
	if (size >= 7 && data[0] == RECORD_ALERT && get_be16(data + 3) == 2)
		link->alert = data[6];
	failed(link, link->alert < 0 ? "the client went on" : "the client refused", true);
	finish(link);
}

static void on_bytes(void *arg, const uint8_t *data, size_t size)
{
	struct tls_link *link = arg;

	switch (link->state) {
	case LINK_HELLO:
		collect_hello(link, data, size);
		break;
	case LINK_SHAKE:
	case LINK_READY:
		BIO_write(link->from_agent, data, (int)size);
		progress(link);
		break;
	case LINK_FORGED:
		judge_reaction(link, data, size);
		break;
	case LINK_MUTE:
		settle(link, "sent bytes");
		break;
	case LINK_FINISH:
	case LINK_ENDED:
		break;
	}
}

static void on_written(void *arg)
{
	settle(arg, NULL);
}

static void on_ended(void *arg, bool reset)
{
	struct tls_link *link = arg;
	if (link->state == LINK_MUTE)
		settle(link, reset ? "reset" : "closed");
	/* After a close_notify our own draws a reset from a client that has gone already. */
	bool closed = !reset || link->notified;
	tls_link_end(link, false, closed ? "closed by the client" : "reset by the client");
}

static const struct stream_events stream_events = { on_bytes, on_written, on_ended };

struct tls_link *tls_link_new(struct tls *tls, int fd, const struct tls_peer *peer)
{
	struct tls_link *link = alloc_zero(1, sizeof(*link));

	link->tls = tls;
	link->peer = *peer;
	link->alert = -1;
	link->next = tls->links;
	link->back = &tls->links;
	if (link->next)
		link->next->back = &link->next;
	tls->links = link;
	tls->link_count++;
	buf_init(&link->hello_bytes, HELLO_MAX);
	stream_init(&link->stream, tls->options.loop, fd, &stream_events, link);
	link->deadline = timer_new(tls->options.loop, too_late, link);
	timer_in(link->deadline, TLS_HANDSHAKE_MS);
	return link;
}

void tls_link_free(struct tls_link *link)
{
	for (size_t i = 0; i < link->witness_count; i++)
		json_decref(link->witnesses[i].fields);
	SSL_free(link->ssl);
	buf_done(&link->hello_bytes);
	stream_done(&link->stream);
	timer_free(link->deadline);
	free(link);
}

void tls_link_mute(struct tls_link *link)
{
	if (link->state == LINK_MUTE || link->state == LINK_ENDED)
		return;
	link->state = LINK_MUTE;
	timer_stop(link->deadline);
	expect_witness(link, "cloud.down", json_pack("{s:s}", "done", "never answered"), true);
}

void tls_link_alerted(struct tls_link *link, int description)
{
	if (description == ALERT_CLOSE_NOTIFY)
		link->notified = true;
	else
		link->alert = description;
}

const struct tls_peer *tls_link_peer(const struct tls_link *link)
{
	return &link->peer;
}

void *tls_link_user(const struct tls_link *link)
{
	return link->user;
}

void tls_link_set_user(struct tls_link *link, void *user)
{
	link->user = user;
}

void tls_link_write(struct tls_link *link, const void *data, size_t size)
{
	if (link->state != LINK_READY || !size || size > INT32_MAX)
		return;
	SSL_write(link->ssl, data, (int)size); /* into memory: all or out of memory */
	flush(link);
}

void tls_link_close(struct tls_link *link)
{
	if (link->state != LINK_READY)
		return;
	SSL_shutdown(link->ssl);
	flush(link);
	finish(link);
}

void tls_link_cut(struct tls_link *link)
{
	if (link->state == LINK_READY)
		finish(link);
}

void tls_link_reset(struct tls_link *link)
{
	tls_link_end(link, true, "reset by the cloud");
}

void tls_link_limit(struct tls_link *link, uint64_t ms)
{
	if (link->state != LINK_READY)
		return;
	if (ms)
		timer_in(link->deadline, ms);
	else
		timer_stop(link->deadline);
}
