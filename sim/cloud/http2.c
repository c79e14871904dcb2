#include "sim/cloud/http2.h"

#include <ctype.h>
#include <nghttp2/nghttp2.h>
#include <string.h>

#include "base/cleanup.h"

enum { STREAMS_MAX = 100, RESPONSE_HEADERS_MAX = 32, STATUS_TEXT_MAX = 12 };

struct http2 {
	nghttp2_session *session;
	struct http2_events events;
	struct stream *streams;
	bool feeding; /* nghttp2 must not be asked to send from inside its own calls */
};

struct stream {
	struct stream *next, **back;
	struct http_request request;
	size_t head_size;
	int status;          /* what is to be answered because a limit was passed; 0: none was */
	bool told, complete; /* by the client */
	struct buf body;     /* of the response */
	size_t sent;
};

static struct stream *find(struct http2 *http2, int32_t id)
{
	return nghttp2_session_get_stream_user_data(http2->session, id);
}

static void free_stream(struct stream *stream)
{
	*stream->back = stream->next;
	if (stream->next)
		stream->next->back = stream->back;
	http_request_done(&stream->request);
	buf_done(&stream->body);
	free(stream);
}

static int on_begin_headers(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct http2 *http2 = arg;

	if (frame->hd.type != NGHTTP2_HEADERS || frame->headers.cat != NGHTTP2_HCAT_REQUEST)
		return 0;
	struct stream *stream = alloc_zero(1, sizeof(*stream));
	stream->next = http2->streams;
	stream->back = &http2->streams;
	if (stream->next)
		stream->next->back = &stream->next;
	http2->streams = stream;
	http_request_init(&stream->request);
	buf_init(&stream->body, HTTP_BODY_MAX);
	nghttp2_session_set_stream_user_data(session, frame->hd.stream_id, stream);
	return 0;
}

static bool is(const uint8_t *name, size_t size, const char *text)
{
	return size == strlen(text) && !memcmp(name, text, size);
}

/* RFC 9113 8.3.1: nghttp2 has checked that the pseudo header fields are sound. Returns a status if
 * a limit is passed. */
static int take_header(struct stream *stream, const nghttp2_rcbuf *name_buf,
		       const nghttp2_rcbuf *value_buf)
{
	nghttp2_vec name = nghttp2_rcbuf_get_buf((nghttp2_rcbuf *)name_buf);
	nghttp2_vec value = nghttp2_rcbuf_get_buf((nghttp2_rcbuf *)value_buf);
	struct http_request *request = &stream->request;

	stream->head_size += name.len + value.len;
	if (stream->head_size > HTTP_HEAD_MAX)
		return 431;
	if (is(name.base, name.len, ":method")) {
		snprintf(request->method, sizeof(request->method), "%.*s", (int)value.len,
			 (const char *)value.base);
		return 0;
	}
	if (is(name.base, name.len, ":path"))
		return buf_add(&request->path, value.base, value.len) ? 0 : 414;
	if (is(name.base, name.len, ":scheme"))
		return 0;
	bool host = is(name.base, name.len, ":authority");
	bool added = http_request_add(request, host ? "host" : (const char *)name.base,
				      host ? 4 : name.len, value.base, value.len);
	return added ? 0 : 431;
}

static int on_header(nghttp2_session *session, const nghttp2_frame *frame, nghttp2_rcbuf *name,
		     nghttp2_rcbuf *value, uint8_t flags, void *arg)
{
	struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)flags;
	(void)arg;
	/* RFC 9110 6.5.1: a trailer is not taken for a header. */
	if (stream && !stream->status && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
		stream->status = take_header(stream, name, value);
	return 0;
}

static int on_data(nghttp2_session *session, uint8_t flags, int32_t id, const uint8_t *data,
		   size_t size, void *arg)
{
	struct stream *stream = nghttp2_session_get_stream_user_data(session, id);

	(void)flags;
	(void)arg;
	if (stream && !stream->status && !buf_add(&stream->request.body, data, size))
		stream->status = 413;
	return 0;
}

static void tell(struct http2 *http2, int32_t id, struct stream *stream)
{
	struct http_request *request = &stream->request;

	if (stream->told)
		return;
	stream->told = true;
	request->keep_alive = true;
	http2->events.request(http2->events.arg, id, request, stream->status);
}

/* A request is told when it is complete, or as soon as a limit is passed. */
static int on_frame(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);
	bool ends = frame->hd.flags & NGHTTP2_FLAG_END_STREAM;

	if (!stream || (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA))
		return 0;
	if (frame->hd.type == NGHTTP2_DATA || !ends)
		stream->request.has_body = true;
	stream->complete = ends;
	if (ends || stream->status)
		tell(arg, frame->hd.stream_id, stream);
	return 0;
}

/* RFC 9113 8.1: after an answer that came before the request was complete, the rest is not wanted.
 */
static int on_sent(nghttp2_session *session, const nghttp2_frame *frame, void *arg)
{
	struct stream *stream = nghttp2_session_get_stream_user_data(session, frame->hd.stream_id);

	(void)arg;
	if (stream && !stream->complete && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) &&
	    (frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA))
		nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, frame->hd.stream_id,
					  NGHTTP2_NO_ERROR);
	return 0;
}

static int on_close(nghttp2_session *session, int32_t id, uint32_t code, void *arg)
{
	struct stream *stream = nghttp2_session_get_stream_user_data(session, id);

	(void)code;
	(void)arg;
	if (!stream)
		return 0;
	nghttp2_session_set_stream_user_data(session, id, NULL);
	free_stream(stream);
	return 0;
}

/* Gives the client all that flow control allows. */
static void flush(struct http2 *http2)
{
	const uint8_t *data;

	while (!http2->feeding) {
		ssize_t size = nghttp2_session_mem_send(http2->session, &data);
		if (size <= 0)
			return;
		http2->events.write(http2->events.arg, data, (size_t)size);
	}
}

static void open_session(struct http2 *http2)
{
	nghttp2_session_callbacks *callbacks;

	if (nghttp2_session_callbacks_new(&callbacks))
		abort(); /* out of memory */
	nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
	nghttp2_session_callbacks_set_on_header_callback2(callbacks, on_header);
	nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
	nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
	nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_sent);
	nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_close);
	if (nghttp2_session_server_new(&http2->session, callbacks, http2))
		abort(); /* out of memory */
	nghttp2_session_callbacks_del(callbacks);
}

struct http2 *http2_new(const struct http2_events *events)
{
	static const nghttp2_settings_entry settings[] = {
		{ NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, STREAMS_MAX },
		{ NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, HTTP_HEAD_MAX },
	};
	struct http2 *http2 = alloc_zero(1, sizeof(*http2));

	http2->events = *events;
	open_session(http2);
	nghttp2_submit_settings(http2->session, NGHTTP2_FLAG_NONE, settings, COUNT_OF(settings));
	flush(http2);
	return http2;
}

void http2_free(struct http2 *http2)
{
	if (!http2)
		return;
	while (http2->streams)
		free_stream(http2->streams);
	nghttp2_session_del(http2->session);
	free(http2);
}

bool http2_feed(struct http2 *http2, const void *data, size_t size, const char **why)
{
	http2->feeding = true;
	ssize_t used = nghttp2_session_mem_recv(http2->session, data, size);
	http2->feeding = false;
	if (used < 0 && why)
		*why = nghttp2_strerror((int)used);
	if (used < 0)
		nghttp2_session_terminate_session(http2->session, NGHTTP2_PROTOCOL_ERROR);
	flush(http2);
	return used >= 0 && (nghttp2_session_want_read(http2->session) ||
			     nghttp2_session_want_write(http2->session));
}

static ssize_t read_body(nghttp2_session *session, int32_t id, uint8_t *out, size_t size,
			 uint32_t *flags, nghttp2_data_source *source, void *arg)
{
	struct stream *stream = source->ptr;
	size_t left = stream->body.size - stream->sent;
	size_t count = left < size ? left : size;

	(void)session;
	(void)id;
	(void)arg;
	if (count)
		memcpy(out, stream->body.data + stream->sent, count);
	stream->sent += count;
	if (stream->sent == stream->body.size)
		*flags |= NGHTTP2_DATA_FLAG_EOF;
	return (ssize_t)count;
}

static nghttp2_nv field(const char *name, const char *value)
{
	return (nghttp2_nv){ (uint8_t *)name, (uint8_t *)value, strlen(name), strlen(value),
			     NGHTTP2_NV_FLAG_NONE };
}

/* Names in lower case (RFC 9113 8.2.1), nothing about the connection (8.2.2). Returns how many;
 * names are to be freed, values are borrowed from the headers. */
static size_t list_fields(const json_t *headers, nghttp2_nv *fields, size_t count,
			  char *names[RESPONSE_HEADERS_MAX])
{
	const char *name;
	json_t *value;
	size_t owned = 0;

	json_object_foreach ((json_t *)headers, name, value) {
		if (count == RESPONSE_HEADERS_MAX || !strcmp(name, "Connection"))
			continue;
		char *lower = names[owned++] = alloc_text(name);
		for (char *c = lower; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		fields[count++] = field(lower, json_string_value(value));
	}
	return owned;
}

void http2_respond(struct http2 *http2, int32_t id, const struct http_response *response,
		   bool without_body)
{
	struct stream *stream = find(http2, id);
	nghttp2_nv fields[RESPONSE_HEADERS_MAX];
	char *names[RESPONSE_HEADERS_MAX];
	char status[STATUS_TEXT_MAX], length[STATUS_TEXT_MAX * 2];
	bool bare = response->status == 204 || response->status == 304;
	bool has_body = !bare && !without_body && response->body_size;

	if (!stream)
		return;
	snprintf(status, sizeof(status), "%d", response->status);
	snprintf(length, sizeof(length), "%zu", response->body_size);
	size_t count = 0;
	fields[count++] = field(":status", status);
	if (!bare)
		fields[count++] = field("content-length", length);
	size_t owned = list_fields(response->headers, fields, count, names);
	nghttp2_data_provider provider = { .source.ptr = stream, .read_callback = read_body };
	buf_add(&stream->body, response->body, has_body ? response->body_size : 0);
	nghttp2_submit_response(http2->session, id, fields, count + owned,
				has_body ? &provider : NULL);
	for (size_t i = 0; i < owned; i++)
		free(names[i]);
	flush(http2);
}
