#include "sim/cloud/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <stddef.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "base/ipv4.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/alert.h"
#include "sim/cloud/fault_http.h"
#include "sim/cloud/tls_link.h"

enum { ACCEPTS_A_TURN = 64, ACCEPT_PAUSE_MS = 100 };

struct tls_listener {
	struct tls_listener *next;
	struct tls *tls;
	int fd;
	struct watch *watch;
	struct timer *pause; /* after running out of descriptors */
};

/* In a call back of the SSL: its link. */
static struct tls_link *link_at_work(const SSL *ssl)
{
	struct tls_pipe *pipe = tls_pipe_used(SSL_get_rbio(ssl));
	return (struct tls_link *)((char *)pipe - offsetof(struct tls_link, pipe));
}

static void keylog_line(const SSL *ssl, const char *line)
{
	const struct tls_link *link = link_at_work(ssl);
	const struct tls_options *options = &link->tls->options;
	if (options->secret)
		options->secret(options->secret_arg, line);
}

static void info(const SSL *ssl, int where, int value)
{
	if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT)
		tls_link_alerted(link_at_work(ssl), value & 0xff);
}

struct alpn_row {
	const char *name;
	enum tls_protocol protocol;
};

/* AWS IoT's second name stands for MQTT with client certificates; MQTT it is all the same. */
static const struct alpn_row alpn_rows[] = {
	{ ECSP_ALPN_MQTT, TLS_PROTOCOL_MQTT }, { "x-amzn-mqtt-ca", TLS_PROTOCOL_MQTT },
	{ "h2", TLS_PROTOCOL_HTTP2 },          { ECSP_ALPN_HTTP, TLS_PROTOCOL_HTTP },
	{ NULL, TLS_PROTOCOL_UNKNOWN },
};

/* cloud.tls-alpn */
static int choose_any_alpn(struct tls_link *link, const unsigned char **chosen, unsigned char *size)
{
	*chosen = (const unsigned char *)link->care->front.alpn;
	*size = (unsigned char)strlen(link->care->front.alpn);
	tls_expect(link, "cloud.tls-alpn", json_pack("{s:s}", "done", link->care->front.alpn),
		   true);
	return SSL_TLSEXT_ERR_OK;
}

/* RFC 7301 3.2: the server picks by its own order; none in common is fatal. */
static int choose_alpn(SSL *ssl, const unsigned char **chosen, unsigned char *size,
		       const unsigned char *offered, unsigned int offered_size, void *arg)
{
	struct tls_link *link = link_at_work(ssl);

	(void)arg;
	if (*link->care->front.alpn)
		return choose_any_alpn(link, chosen, size);
	for (const struct alpn_row *row = alpn_rows; row->name; row++) {
		if (row->protocol == TLS_PROTOCOL_HTTP2 && !fault_http2(link->tls->options.fault))
			continue;
		size_t length = strlen(row->name);
		for (unsigned i = 0; i < offered_size; i += 1u + offered[i]) {
			if (offered[i] != length || i + 1 + length > offered_size ||
			    memcmp(offered + i + 1, row->name, length))
				continue;
			*chosen = offered + i + 1;
			*size = (unsigned char)length;
			link->peer.protocol = row->protocol;
			return SSL_TLSEXT_ERR_OK;
		}
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* RFC 6066 8: called for a client that asked. OpenSSL frees the copy. */
static int staple(SSL *ssl, void *arg)
{
	const struct cert_shown *shown = link_at_work(ssl)->shown;

	(void)arg;
	if (!shown->staple)
		return SSL_TLSEXT_ERR_NOACK;
	unsigned char *copy = OPENSSL_memdup(shown->staple, shown->staple_size);
	if (!copy || !SSL_set_tlsext_status_ocsp_resp(ssl, copy, (long)shown->staple_size))
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	return SSL_TLSEXT_ERR_OK;
}

static SSL_CTX *new_context(const struct tls *tls, int least, int most)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	if (!context || !SSL_CTX_set_min_proto_version(context, least) ||
	    !SSL_CTX_set_max_proto_version(context, most)) {
		SSL_CTX_free(context);
		return NULL;
	}
	/* Sessions are resumed by tickets alone: nothing is kept here. */
	SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
	SSL_CTX_set_num_tickets(context, 1);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_CIPHER_SERVER_PREFERENCE |
					     SSL_OP_PRIORITIZE_CHACHA);
	/* What is shown was decided; OpenSSL shall not look for more. */
	SSL_CTX_set_mode(context, SSL_MODE_NO_AUTO_CHAIN);
	SSL_CTX_set_info_callback(context, info);
	SSL_CTX_set_alpn_select_cb(context, choose_alpn, NULL);
	SSL_CTX_set_tlsext_status_cb(context, staple);
	/* Only if somebody wants them: OpenSSL writes out the secrets of every handshake. */
	if (tls->options.secret)
		SSL_CTX_set_keylog_callback(context, keylog_line);
	return context;
}

SSL_CTX *tls_good_context(struct tls *tls, enum listener listener, struct error *err)
{
	const struct cert_shown *shown =
		cert_show(tls->options.certs, listener, CERT_KIND_GOOD, err);

	if (tls->good[listener] || !shown)
		return tls->good[listener];
	SSL_CTX *context = new_context(tls, TLS1_2_VERSION, TLS1_3_VERSION);
	if (!context)
		error_set(err, EIO, "tls: OpenSSL gives no context");
	if (!context || cert_use_for_all(shown, context, err)) {
		SSL_CTX_free(context);
		return NULL;
	}
	tls->good[listener] = context;
	return context;
}

static void reap(void *arg)
{
	struct tls *tls = arg;

	while (tls->graveyard) {
		struct tls_link *link = tls->graveyard;
		tls->graveyard = link->next;
		if (link->had_data)
			tls->options.events->closed(tls->options.arg, link);
		tls_link_free(link);
	}
}

void tls_bury(struct tls *tls, struct tls_link *link)
{
	*link->back = link->next;
	if (link->next)
		link->next->back = link->back;
	tls->link_count--;
	link->next = tls->graveyard;
	tls->graveyard = link;
	timer_in(tls->reaper, 0);
}

struct tls *tls_new(const struct tls_options *options, struct error *err)
{
	struct tls *tls = alloc_zero(1, sizeof(*tls));

	tls->options = *options;
	tls->reaper = timer_new(options->loop, reap, tls);
	tls->pipe = tls_pipe_bio();
	tls->context = new_context(tls, TLS1_2_VERSION, TLS1_3_VERSION);
	tls->old_context = new_context(tls, TLS1_VERSION, TLS1_1_VERSION);
	/* OpenSSL 3 signs with SHA-1, as TLS 1.1 must, only at security level 0. */
	if (!tls->context || !tls->old_context ||
	    !SSL_CTX_set_cipher_list(tls->old_context, "ALL:@SECLEVEL=0")) {
		error_set(err, EIO, "tls: OpenSSL gives no context");
		tls_free(tls);
		return NULL;
	}
	return tls;
}

static void listener_free(struct tls_listener *listener)
{
	watch_free(listener->watch);
	timer_free(listener->pause);
	close(listener->fd);
	free(listener);
}

void tls_free(struct tls *tls)
{
	if (!tls)
		return;
	while (tls->listeners) {
		struct tls_listener *listener = tls->listeners;
		tls->listeners = listener->next;
		listener_free(listener);
	}
	while (tls->links)
		tls_link_end(tls->links, false, "the cloud stopped");
	reap(tls);
	timer_free(tls->reaper);
	SSL_CTX_free(tls->context);
	SSL_CTX_free(tls->old_context);
	for (int i = 0; i < LISTENER_COUNT; i++)
		SSL_CTX_free(tls->good[i]);
	BIO_free(tls->pipe);
	spare_done(&tls->pipe_spare);
	spare_done(&tls->queue_spare);
	free(tls);
}

static void read_address(const struct sockaddr_in *socket, uint32_t *address, uint16_t *port)
{
	*address = ntohl(socket->sin_addr.s_addr);
	*port = ntohs(socket->sin_port);
}

static void reset_at_once(struct tls *tls, int fd, const struct tls_peer *peer)
{
	struct linger linger = { .l_onoff = 1, .l_linger = 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(fd);
	tap_seen(tls->options.tap, "fault.reached",
		 json_pack("{s:s, s:I, s:s}", "fault", "cloud.down", "connection",
			   (json_int_t)peer->connection, "done", "reset after accept"));
}

static void welcome(struct tls *tls, int fd, const struct sockaddr_in *from)
{
	struct tls_peer peer = { .connection = ++tls->last_connection };
	struct sockaddr_in here = { 0 };
	socklen_t size = sizeof(here);
	int on = 1;

	read_address(from, &peer.agent_address, &peer.agent_port);
	getsockname(fd, (struct sockaddr *)&here, &size);
	read_address(&here, &peer.cloud_address, &peer.cloud_port);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	if (tls->options.fault->tls.down == DOWN_RESET) {
		reset_at_once(tls, fd, &peer);
		return;
	}
	if (tls->link_count >= TLS_LINKS_MAX) {
		tap_seen(tls->options.tap, "tls.failed",
			 json_pack("{s:I, s:n, s:s, s:n}", "connection",
				   (json_int_t)peer.connection, "alert", "why",
				   "too many connections", "certificate"));
		close(fd);
		return;
	}
	struct tls_link *link = tls_link_new(tls, fd, &peer);
	if (tls->options.fault->tls.down == DOWN_SILENT)
		tls_link_mute(link, "cloud.down");
}

static void acceptable(void *arg, unsigned events)
{
	struct tls_listener *listener = arg;

	(void)events;
	for (int i = 0; i < ACCEPTS_A_TURN; i++) {
		struct sockaddr_in from = { 0 };
		socklen_t size = sizeof(from);
		int fd = accept4(listener->fd, (struct sockaddr *)&from, &size,
				 SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0) {
			welcome(listener->tls, fd, &from);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
			/* Still readable: without a pause this would spin. */
			watch_set(listener->watch, 0);
			timer_in(listener->pause, ACCEPT_PAUSE_MS);
		}
		if (errno != ECONNABORTED && errno != EINTR)
			return;
	}
}

static void pause_over(void *arg)
{
	struct tls_listener *listener = arg;
	watch_set(listener->watch, LOOP_READ);
}

int tls_listen(struct tls *tls, int fd, struct error *err)
{
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return error_set(err, errno, "listen: %s", strerror(errno));
	struct tls_listener *listener = alloc_zero(1, sizeof(*listener));
	*listener = (struct tls_listener){ .next = tls->listeners, .tls = tls, .fd = fd };
	listener->pause = timer_new(tls->options.loop, pause_over, listener);
	listener->watch = watch_new(tls->options.loop, fd, LOOP_READ, acceptable, listener);
	tls->listeners = listener;
	return 0;
}

static void feel_down(struct tls_link *link, enum fault_down down)
{
	switch (down) {
	case DOWN_NOT:
		/* What was never answered is lost; a reset tells the client so. */
		if (link->state == LINK_MUTE)
			tls_link_end(link, true, "the silence is over");
		break;
	case DOWN_RESET:
		tls_link_witness(link, "cloud.down", json_pack("{s:s}", "done", "reset"));
		tls_link_end(link, true, "cloud.down");
		break;
	case DOWN_SILENT:
		tls_link_mute(link, "cloud.down");
		break;
	}
}

void tls_down_changed(struct tls *tls)
{
	struct tls_link *next;

	for (struct tls_link *link = tls->links; link; link = next) {
		next = link->next;
		feel_down(link, tls->options.fault->tls.down);
	}
}

void tls_restart(struct tls *tls, const char *why)
{
	struct tls_link *next;

	for (struct tls_link *link = tls->links; link; link = next) {
		next = link->next;
		tls_link_end(link, true, why);
	}
	for (int i = 0; i < LISTENER_COUNT; i++) {
		SSL_CTX_free(tls->good[i]);
		tls->good[i] = NULL;
	}
}
