#include "sim/cloud/tls_link.h"

#include <openssl/err.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/alert.h"

enum { PLAIN_MAX = 16384 }; /* RFC 8446 5.1: a record's plaintext */

static void tell_end(struct tls_link *link, const char *why)
{
	if (link->was_ready)
		tls_tell_closed(link, why);
	/* A failure was told before the linger began. */
	else if (link->state != LINK_FINISH && link->state != LINK_MUTE)
		tls_tell_failed(link, why, link->stream.ended);
}

/* For a call that reads or writes: what OpenSSL does next, it does for this link. */
static SSL *ssl_at_work(struct tls_link *link)
{
	tls_pipe_use(link->tls->pipe, &link->pipe);
	return link->ssl;
}

bool tls_link_is_good(const struct tls_link *link)
{
	static const struct fault_front good;
	return !link->care || !memcmp(&link->care->front, &good, sizeof(good));
}

struct link_care *tls_link_care(struct tls_link *link)
{
	if (link->care)
		return link->care;
	link->care = alloc_zero(1, sizeof(*link->care));
	buf_init(&link->care->hello_bytes, HELLO_MAX);
	buf_init(&link->care->drip.queue, STREAM_QUEUE_MAX);
	warp_init(&link->care->warp, NULL, 0);
	return link->care;
}

static void care_free(struct link_care *care)
{
	if (!care)
		return;
	for (size_t i = 0; i < care->witness_count; i++)
		json_decref(care->witnesses[i].fields);
	buf_done(&care->hello_bytes);
	timer_free(care->drip.timer);
	buf_done(&care->drip.queue);
	warp_done(&care->warp);
	free(care);
}

static void stop_dripping(struct tls_link *link)
{
	if (link->care && link->care->drip.timer)
		timer_stop(link->care->drip.timer);
}

void tls_link_end(struct tls_link *link, bool reset, const char *why)
{
	if (link->state == LINK_ENDED)
		return;
	stream_release(&link->stream);
	tls_settle(link, NULL);
	tell_end(link, why);
	link->state = LINK_ENDED;
	stream_close(&link->stream, reset);
	tls_link_expire(link, 0);
	stop_dripping(link);
	tls_bury(link->tls, link);
}

static void too_late(void *arg)
{
	struct tls_link *link = arg;

	switch (link->state) {
	case LINK_FORGED:
		tls_tell_failed(link, "the client went on waiting", true);
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

void tls_link_expire(struct tls_link *link, uint64_t ms)
{
	if (!ms) {
		timer_free(link->deadline);
		link->deadline = NULL;
		return;
	}
	if (!link->deadline)
		link->deadline = timer_new(link->tls->options.loop, too_late, link);
	timer_in(link->deadline, ms);
}

/* ---- sending ---- */

static void drip(void *arg)
{
	struct tls_link *link = arg;
	struct link_drip *drip = &link->care->drip;
	size_t size =
		drip->queue.size < (size_t)drip->bytes ? drip->queue.size : (size_t)drip->bytes;

	stream_write(&link->stream, drip->queue.data, size);
	buf_drop(&drip->queue, size);
	tls_settle(link, NULL);
	if (drip->queue.size)
		timer_in(drip->timer, (uint64_t)drip->ms);
	else if (drip->finishing)
		stream_finish(&link->stream);
}

void tls_link_send(struct tls_link *link, const void *data, size_t size)
{
	if (!link->care || !link->care->drip.ms) {
		stream_write(&link->stream, data, size);
		return;
	}
	struct link_drip *slow = &link->care->drip;
	if (!slow->timer)
		slow->timer = timer_new(link->tls->options.loop, drip, link);
	if (!slow->queue.size)
		timer_in(slow->timer, (uint64_t)slow->ms);
	if (!buf_add(&slow->queue, data, size))
		tls_link_end(link, true, "more than can be sent slowly");
}

void tls_link_finish(struct tls_link *link)
{
	bool dripping = link->care && link->care->drip.queue.size;

	link->state = LINK_FINISH;
	if (dripping)
		link->care->drip.finishing = true;
	else
		stream_finish(&link->stream);
	tls_link_expire(link, TLS_LINGER_MS);
}

/* The alert that ends a handshake at its step is out. */
static void end_by_alert(struct tls_link *link)
{
	tls_link_witness(link, "cloud.tls-alert",
			 json_pack("{s:s}", "done", alert_name(link->care->warp.alert.number)));
	if (!link->was_ready)
		tls_tell_failed(link, "cloud.tls-alert", false);
	tls_link_finish(link);
}

static void send_warped(struct tls_link *link, const uint8_t *data, size_t size)
{
	struct warp *warp = link->care ? &link->care->warp : NULL;
	struct buf out;

	if (!warp || (!warp->kind && !warp->alert.after && !warp->alert.at_change)) {
		tls_link_send(link, data, size);
		return;
	}
	buf_init(&out, WARP_QUEUE_MAX);
	bool struck = warp_feed(warp, data, size, &out);
	tls_link_send(link, out.data, out.size);
	buf_done(&out);
	if (struck && warp->alerted)
		end_by_alert(link);
	else if (struck)
		tls_expect(link, "cloud.tls-records", json_pack("{s:s}", "done", warp->kind->name),
			   true);
}

/* Moves what OpenSSL wants to say into the queue. */
static void flush(struct tls_link *link)
{
	if (!link->pipe.written.size)
		return;
	send_warped(link, link->pipe.written.data, link->pipe.written.size);
	tls_pipe_clear(&link->pipe);
	tls_settle(link, NULL);
}

/* ---- the handshake ---- */

/* OpenSSL gave up: its alert goes out, then the end. */
static void give_up(struct tls_link *link)
{
	const char *reason = ERR_reason_error_string(ERR_peek_error());

	flush(link);
	if (link->was_ready) {
		tls_link_end(link, false, reason ? reason : "broken record");
		return;
	}
	if (link->state == LINK_FINISH)
		return;
	tls_tell_failed(link, reason ? reason : "handshake failed", true);
	tls_link_finish(link);
}

static bool shake(struct tls_link *link)
{
	int status = SSL_do_handshake(ssl_at_work(link));

	if (status == 1) {
		flush(link);
		if (link->state != LINK_SHAKE)
			return false;
		link->state = LINK_READY;
		link->was_ready = true;
		tls_tell_ready(link);
		tls_settle(link, "completed the handshake");
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
		tls_tell(link, "tls.application", json_pack("{s:I}", "bytes", (json_int_t)size));
		if (link->peer.protocol == TLS_PROTOCOL_UNKNOWN)
			/* MQTT begins with CONNECT, 0x10; no HTTP method does. */
			link->peer.protocol =
				data[0] == 0x10 ? TLS_PROTOCOL_MQTT : TLS_PROTOCOL_HTTP;
	}
	options->events->data(options->arg, link, data, size);
}

/* Gives back OpenSSL's own buffers, 16 KiB each way. It would do so itself after every record, and
 * fetch them again for the next. It does not see here that the head of a record was read and its
 * body did not come yet. */
static void rest(struct tls_link *link)
{
	if (!strcmp(SSL_rstate_string(link->ssl), "RH"))
		SSL_free_buffers(link->ssl);
}

static void drop_care(struct tls_link *link)
{
	if (link->state != LINK_READY || !tls_link_is_good(link) || !link->care ||
	    link->care->witness_count || link->care->drip.queue.size)
		return;
	care_free(link->care);
	link->care = NULL;
}

static void read_plain(struct tls_link *link)
{
	uint8_t plain[PLAIN_MAX];

	/* One read more would only say that there is nothing, at the price of a buffer. */
	while (link->state == LINK_READY && (link->pipe.left || SSL_pending(link->ssl))) {
		int size = SSL_read(ssl_at_work(link), plain, sizeof(plain));
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

void tls_link_progress(struct tls_link *link, const uint8_t *data, size_t size)
{
	ERR_clear_error();
	tls_pipe_lend(&link->pipe, data, size);
	if (link->state != LINK_SHAKE || shake(link))
		read_plain(link);
	tls_pipe_lend(&link->pipe, NULL, 0);
	rest(link);
	drop_care(link);
}

static void collect_hello(struct tls_link *link, const uint8_t *data, size_t size)
{
	struct buf *bytes = &link->care->hello_bytes;
	bool fits = buf_add(bytes, data, size);
	int status = hello_read(&link->care->hello, bytes->data, bytes->size);

	if (status > 0)
		tls_greet(link);
	else if (status < 0 || !fits)
		tls_link_end(link, false, "the first bytes are no ClientHello");
}

/* OpenSSL does not read an alert in the clear whose record says another version than it expects: a
 * client that gave up early sends such. */
static void read_plain_alert(struct tls_link *link, const uint8_t *data, size_t size)
{
	if (size == 7 && data[0] == 21 && get_be16(data + 3) == 2)
		tls_link_alerted(link, data[6]);
}

static void on_bytes(void *arg, const uint8_t *data, size_t size)
{
	struct tls_link *link = arg;

	switch (link->state) {
	case LINK_HELLO:
		collect_hello(link, data, size);
		break;
	case LINK_SHAKE:
		read_plain_alert(link, data, size);
		tls_link_progress(link, data, size);
		break;
	case LINK_READY:
		tls_link_progress(link, data, size);
		break;
	case LINK_FORGED:
		tls_greet_reaction(link, data, size);
		break;
	case LINK_MUTE:
		tls_settle(link, "sent bytes");
		break;
	case LINK_FINISH:
	case LINK_ENDED:
		break;
	}
}

static void on_written(void *arg)
{
	tls_settle(arg, NULL);
}

static void on_ended(void *arg, bool reset)
{
	struct tls_link *link = arg;
	if (link->state == LINK_MUTE)
		tls_settle(link, reset ? "reset" : "closed");
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
	link->peer.sni = "";
	link->alert = -1;
	link->next = tls->links;
	link->back = &tls->links;
	if (link->next)
		link->next->back = &link->next;
	tls->links = link;
	tls->link_count++;
	link->plain_left = -1;
	tls_link_care(link);
	tls_pipe_init(&link->pipe, &tls->pipe_spare);
	stream_init(&link->stream, tls->options.loop, fd, &tls->queue_spare, &stream_events, link);
	tls_link_expire(link, TLS_HANDSHAKE_MS);
	return link;
}

void tls_link_free(struct tls_link *link)
{
	SSL_free(link->ssl);
	tls_pipe_done(&link->pipe);
	stream_done(&link->stream);
	tls_link_expire(link, 0);
	care_free(link->care);
	free(link->sni);
	free(link);
}

void tls_link_mute(struct tls_link *link, const char *fault)
{
	if (link->state == LINK_MUTE || link->state == LINK_ENDED)
		return;
	link->state = LINK_MUTE;
	tls_link_expire(link, 0);
	stop_dripping(link);
	tls_expect(link, fault, json_pack("{s:s}", "done", "never answered"), true);
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

/* A record that does not open: OpenSSL itself then seals the alert that says so. */
static void provoke_alert(struct tls_link *link)
{
	static const uint8_t broken[] = { 23, 3, 3, 0, 32, [36] = 0 };

	tls_pipe_lend(&link->pipe, broken, sizeof(broken));
	uint8_t plain[PLAIN_MAX];
	SSL_read(ssl_at_work(link), plain, sizeof(plain));
	ERR_clear_error();
	flush(link);
	tls_link_witness(link, "cloud.tls-alert", json_pack("{s:s}", "done", "bad_record_mac"));
	tls_link_finish(link);
}

/* How much of size may still go out; less only when a fault cuts it. Read anew each time, so that
 * connections that are up when the fault comes feel it too. */
static size_t plain_allowed(struct tls_link *link, size_t size)
{
	const struct fault_front *front = &link->tls->options.fault->tls.front[link->listener];

	if (!front->truncate.armed)
		return size;
	if (link->plain_left < 0)
		link->plain_left = front->truncate.after;
	size_t allowed = (uint64_t)link->plain_left < size ? (size_t)link->plain_left : size;
	link->plain_left -= (int64_t)allowed;
	return allowed;
}

static void cut_short(struct tls_link *link)
{
	const struct fault_front *front = &link->tls->options.fault->tls.front[link->listener];

	tls_link_witness(link, "cloud.tls-truncate",
			 json_pack("{s:s}", "done", front->truncate.reset ? "RST" : "FIN"));
	if (front->truncate.reset)
		tls_link_reset(link);
	else
		tls_link_finish(link);
}

void tls_link_write(struct tls_link *link, const void *data, size_t size)
{
	if (link->state != LINK_READY || !size || size > INT32_MAX)
		return;
	if (link->care && link->care->front.alert.step == STEP_DATA) {
		provoke_alert(link);
		return;
	}
	size_t allowed = plain_allowed(link, size);
	if (link->care)
		link->care->warp.application = true;
	if (allowed) /* into memory: all or out of memory */
		SSL_write(ssl_at_work(link), data, (int)allowed);
	flush(link);
	if (allowed < size)
		cut_short(link);
	if (!link->stream.held) /* else when what was read is done with */
		rest(link);
}

void tls_link_close(struct tls_link *link)
{
	if (link->state != LINK_READY)
		return;
	SSL_shutdown(ssl_at_work(link));
	flush(link);
	tls_link_finish(link);
}

void tls_link_cut(struct tls_link *link)
{
	if (link->state == LINK_READY)
		tls_link_finish(link);
}

void tls_link_reset(struct tls_link *link)
{
	tls_link_end(link, true, "reset by the cloud");
}

void tls_link_limit(struct tls_link *link, uint64_t ms)
{
	if (link->state == LINK_READY)
		tls_link_expire(link, ms);
}
