#include "base/cleanup.h"
#include "base/digest.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/cloud/alert.h"
#include "sim/cloud/tls_link.h"

void tls_tell(const struct tls_link *link, const char *kind, json_t *fields)
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

void tls_tell_hello(const struct tls_link *link)
{
	const struct hello *hello = &link->care->hello;
	char from[IPV4_TEXT_MAX], to[IPV4_TEXT_MAX], print[HELLO_PRINT_MAX];

	/* The dearest of all observations: a tenth of a handshake. */
	if (!link->tls->options.tap)
		return;
	json_t *alpn = json_array();
	for (size_t i = 0; i < hello->alpn_count; i++)
		json_array_append_new(alpn,
				      json_lossy_text(hello->alpn[i], strlen(hello->alpn[i])));
	tls_tell(link, "tls.hello",
		 json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:o, s:o, s:s}", "from",
			   ipv4_format(link->peer.agent_address, from), "port",
			   (int)link->peer.agent_port, "to",
			   ipv4_format(link->peer.cloud_address, to), "sni",
			   text_or_null(hello->sni), "alpn", alpn, "versions",
			   numbers(hello->versions, hello->version_count), "suites",
			   numbers(hello->suites, hello->suite_count), "groups",
			   numbers(hello->groups, hello->group_count), "fingerprint",
			   hello_print(hello, print)));
}

static void emit_witness(struct tls_link *link, size_t index, const char *reaction)
{
	struct link_care *care = link->care;
	struct link_witness witness = care->witnesses[index];

	memmove(care->witnesses + index, care->witnesses + index + 1,
		(--care->witness_count - index) * sizeof(witness));
	json_object_set_new(witness.fields, "fault", json_string(witness.fault));
	if (reaction)
		json_object_set_new(witness.fields, "reaction", json_string(reaction));
	tls_tell(link, "fault.reached", witness.fields);
}

void tls_settle(struct tls_link *link, const char *reaction)
{
	for (size_t i = 0; link->care && i < link->care->witness_count;) {
		const struct link_witness *witness = &link->care->witnesses[i];
		if (witness->at > link->stream.taken || (witness->reaction && !reaction))
			i++;
		else
			emit_witness(link, i, witness->reaction ? reaction : NULL);
	}
}

void tls_expect(struct tls_link *link, const char *fault, json_t *fields, bool reaction)
{
	struct link_care *care = tls_link_care(link);

	if (care->witness_count == LINK_WITNESS_MAX) {
		json_decref(fields);
		return;
	}
	care->witnesses[care->witness_count++] = (struct link_witness){
		.fault = fault,
		.fields = fields,
		.at = link->stream.queued + care->drip.queue.size,
		.reaction = reaction,
	};
}

void tls_link_witness(struct tls_link *link, const char *fault, json_t *fields)
{
	tls_expect(link, fault, fields, false);
	tls_settle(link, NULL);
}

static const char *last_alert(const struct tls_link *link)
{
	return link->alert < 0 ? NULL : alert_name(link->alert);
}

/* What the client did, in words that the caller frees. */
static char *reaction_of(const struct tls_link *link, const char *why)
{
	const char *alert = last_alert(link);
	return alert ? alloc_printf("alert %s", alert) : alloc_text(why);
}

void tls_tell_failed(struct tls_link *link, const char *why, bool reacted)
{
	AUTO_FREE char *reaction = reaction_of(link, why);

	tls_tell(link, "tls.failed",
		 json_pack("{s:o, s:s, s:o}", "alert", text_or_null(last_alert(link)), "why", why,
			   "certificate", text_or_null(link->shown ? link->shown->name : NULL)));
	tls_settle(link, reacted ? reaction : NULL);
}

void tls_tell_closed(struct tls_link *link, const char *why)
{
	if (!link->tls->options.tap)
		return;
	AUTO_FREE char *reaction = reaction_of(link, why);

	tls_tell(link, "tls.closed",
		 json_pack("{s:b, s:o, s:s}", "notify", link->notified, "alert",
			   text_or_null(last_alert(link)), "why", why));
	tls_settle(link, link->stream.ended || last_alert(link) ? reaction : NULL);
}

/* {subject, sha256} of what the client showed; null: nothing. */
static json_t *client_certificate(SSL *ssl)
{
	X509 *x509 = SSL_get0_peer_certificate(ssl);
	unsigned char *der = NULL;
	char hash[DIGEST_TEXT_MAX], subject[256];

	if (!x509)
		return json_null();
	int size = i2d_X509(x509, &der);
	X509_NAME_oneline(X509_get_subject_name(x509), subject, sizeof(subject));
	json_t *told = json_pack("{s:o, s:s}", "subject", json_lossy_text(subject, strlen(subject)),
				 "sha256", digest_sha256(der, size > 0 ? (size_t)size : 0, hash));
	OPENSSL_free(der);
	return told;
}

void tls_tell_ready(struct tls_link *link)
{
	const unsigned char *alpn;
	unsigned alpn_size;

	if (!link->tls->options.tap)
		return;
	SSL_get0_alpn_selected(link->ssl, &alpn, &alpn_size);
	json_t *fields =
		json_pack("{s:s, s:s, s:o, s:s, s:b}", "version", SSL_get_version(link->ssl),
			  "suite", SSL_CIPHER_get_name(SSL_get_current_cipher(link->ssl)), "alpn",
			  alpn_size ? json_lossy_text(alpn, alpn_size) : json_null(), "certificate",
			  link->shown->name, "resumed", SSL_session_reused(link->ssl));
	if (SSL_get_verify_mode(link->ssl) != SSL_VERIFY_NONE)
		json_object_set_new(fields, "clientCertificate", client_certificate(link->ssl));
	tls_tell(link, "tls.ready", fields);
}
