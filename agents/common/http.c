#include "agents/common/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "agents/common/endpoint.h"
#include "agents/common/retry_after.h"
#include "agents/common/tls_policy.h"
#include "base/wall.h"
#include "ecsp/ecsp.h"

struct http {
	struct loop *loop;
	CURLM *multi;
	struct timer *timer;
	struct http_call *calls;
	char *ca, *user, *password;
	int64_t timeout_ms;
};

struct http_call {
	struct http *http;
	struct http_call *next;
	CURL *easy;
	struct curl_slist *headers;
	struct http_answer answer;
	char reason[CURL_ERROR_SIZE];
	http_done *done;
	void *arg;
};

/* One watch per socket of curl's. */
struct socket_watch {
	struct http *http;
	curl_socket_t fd;
	struct watch *watch;
};

static void free_call(struct http_call *call)
{
	struct http_call **at = &call->http->calls;

	while (*at != call)
		at = &(*at)->next;
	*at = call->next;
	curl_multi_remove_handle(call->http->multi, call->easy);
	curl_easy_cleanup(call->easy);
	curl_slist_free_all(call->headers);
	buf_done(&call->answer.body);
	free(call);
}

/* A header that holds a tag, perhaps in quotes; "" if it is not there, twice there or no tag. */
static void read_tag(struct http_call *call, const char *name, char tag[HTTP_TAG_MAX])
{
	struct curl_header *header;

	tag[0] = 0;
	if (curl_easy_header(call->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK ||
	    header->amount != 1)
		return;
	const char *text = header->value;
	size_t size = strlen(text);
	if (size >= 2 && text[0] == '"' && text[size - 1] == '"') {
		text++;
		size -= 2;
	}
	if (size < HTTP_TAG_MAX && strcspn(text, "\"\\ ") >= size)
		snprintf(tag, HTTP_TAG_MAX, "%.*s", (int)size, text);
}

static void finish(struct http_call *call, CURLcode code)
{
	long status = 0;

	read_tag(call, "ETag", call->answer.tag);
	read_tag(call, ECSP_HEADER_CONFIGURATION, call->answer.configuration);

	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	call->answer.status = code == CURLE_OK ? (int)status : 0;
	call->answer.why = call->reason[0] ? call->reason : curl_easy_strerror(code);
	http_done *done = call->done;
	done(call->arg, &call->answer);
	free_call(call);
}

static void collect(struct http *http)
{
	int left;
	CURLMsg *message;

	while ((message = curl_multi_info_read(http->multi, &left))) {
		struct http_call *call = NULL;
		if (message->msg != CURLMSG_DONE)
			continue;
		CURLcode code = message->data.result;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&call);
		finish(call, code);
	}
}

static void act(struct http *http, curl_socket_t fd, int what)
{
	int running;

	curl_multi_socket_action(http->multi, fd, what, &running);
	collect(http);
}

static void ready(void *arg, unsigned events)
{
	struct socket_watch *watch = arg;
	int what = (events & LOOP_READ ? CURL_CSELECT_IN : 0) |
		   (events & LOOP_WRITE ? CURL_CSELECT_OUT : 0);

	act(watch->http, watch->fd, what);
}

static void due(void *arg)
{
	act(arg, CURL_SOCKET_TIMEOUT, 0);
}

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *arg, void *socket_arg)
{
	struct http *http = arg;
	struct socket_watch *watch = socket_arg;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (watch) {
			watch_free(watch->watch);
			curl_multi_assign(http->multi, fd, NULL);
			free(watch);
		}
		return 0;
	}
	unsigned events =
		(what & CURL_POLL_IN ? LOOP_READ : 0u) | (what & CURL_POLL_OUT ? LOOP_WRITE : 0u);
	if (!watch) {
		watch = alloc_zero(1, sizeof(*watch));
		watch->http = http;
		watch->fd = fd;
		watch->watch = watch_new(http->loop, fd, events, ready, watch);
		curl_multi_assign(http->multi, fd, watch);
	} else {
		watch_set(watch->watch, events);
	}
	return 0;
}

static int on_timer(CURLM *multi, long ms, void *arg)
{
	struct http *http = arg;

	(void)multi;
	if (ms < 0)
		timer_stop(http->timer);
	else
		timer_in(http->timer, (uint64_t)ms);
	return 0;
}

static size_t on_body(char *data, size_t one, size_t size, void *arg)
{
	struct http_call *call = arg;

	(void)one; /* always 1 */
	return buf_add(&call->answer.body, data, size) ? size : 0;
}

static size_t on_header(char *data, size_t one, size_t size, void *arg)
{
	static const char name[] = "Retry-After:";
	struct http_call *call = arg;

	(void)one;
	if (size > sizeof(name) && strncasecmp(data, name, sizeof(name) - 1) == 0) {
		char *value = alloc_bytes(data + sizeof(name) - 1, size - (sizeof(name) - 1));
		call->answer.retry_after_ms =
			retry_after_ms(value + strspn(value, " \t"), wall_now());
		free(value);
	}
	return size;
}

static void set_tls(const struct http *http, CURL *easy)
{
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, endpoint_schemes);
	curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca);
	/* curl's built-in folder would widen the trust. */
	curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, tls_https.check_certificate ? 1L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, tls_https.check_name ? 2L : 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_DEFAULT);
}

static void add_header(struct http_call *call, const char *name, const char *value)
{
	char *line = alloc_printf("%s: %s", name, value);

	call->headers = curl_slist_append(call->headers, line);
	free(line);
}

static void set_request(struct http_call *call, const struct http_request *request)
{
	CURL *easy = call->easy;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	if (request->body) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request->body);
		curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request->body));
		add_header(call, "Content-Type", "application/json");
	}
	if (request->idempotency_key)
		add_header(call, ECSP_HEADER_KEY, request->idempotency_key);
	if (request->known_tag && *request->known_tag) {
		char *quoted = alloc_printf("\"%s\"", request->known_tag);
		add_header(call, "If-None-Match", quoted);
		free(quoted);
	}
	/* No round trip more for bodies above 1 kB. */
	call->headers = curl_slist_append(call->headers, "Expect:");
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
	if (request->login) {
		curl_easy_setopt(easy, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(easy, CURLOPT_USERNAME, call->http->user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, call->http->password);
	}
}

struct http_call *http_send(struct http *http, const struct http_request *request, http_done *done,
			    void *arg)
{
	struct http_call *call = alloc_zero(1, sizeof(*call));
	CURL *easy = curl_easy_init();

	if (!easy)
		abort(); /* out of memory */
	call->http = http;
	call->next = http->calls;
	http->calls = call;
	call->easy = easy;
	call->done = done;
	call->arg = arg;
	buf_init(&call->answer.body, HTTP_ANSWER_MAX);
	set_tls(http, easy);
	set_request(call, request);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	/* How long an address holds is the resolver's to know; kept here, a wrong one would outlive
	 * it. */
	curl_easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)http->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, "ecsp-agent/" ECSP_VERSION);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->reason);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_multi_add_handle(http->multi, easy);
	return call;
}

bool http_busy(const struct http *http)
{
	return http->calls != NULL;
}

struct http *http_new(const struct http_options *options, struct error *err)
{
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
		error_set(err, EIO, "curl: cannot start");
		return NULL;
	}
	struct http *http = alloc_zero(1, sizeof(*http));
	http->loop = options->loop;
	http->timer = timer_new(options->loop, due, http);
	http->ca = alloc_text(options->ca);
	http->user = alloc_text(options->user);
	http->password = alloc_text(options->password);
	http->timeout_ms = options->timeout_ms;
	http->multi = curl_multi_init();
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(http->multi, CURLMOPT_SOCKETDATA, http);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(http->multi, CURLMOPT_TIMERDATA, http);
	return http;
}

void http_free(struct http *http)
{
	if (!http)
		return;
	while (http->calls)
		free_call(http->calls);
	curl_multi_cleanup(http->multi);
	timer_free(http->timer);
	free(http->ca);
	free(http->user);
	free(http->password);
	free(http);
	curl_global_cleanup();
}
