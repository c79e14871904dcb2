#include "conformance/exchange.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"

static const struct match requests = { .kind = "http.request" };
static const struct match responses = { .kind = "http.response" };
static const struct match uploads = { .kind = "upload.stored" };

bool exchange_is_final(int64_t status)
{
	static const int passing[] = { 401, 403, 408, 409, 429 };
	for (size_t i = 0; i < COUNT_OF(passing); i++)
		if (status == passing[i])
			return false;
	return status >= 400 && status < 500;
}

const char *exchange_key(const json_t *request)
{
	return json_text_of(json_object_get(request, "headers"), "idempotency-key", NULL);
}

const json_t *exchange_request(const struct judge *judge, size_t response)
{
	int64_t connection = json_int_of(judge_line(judge, response), "connection", -1);
	for (size_t i = response; i-- > 0;) {
		const json_t *line = judge_line(judge, i);
		if (!strcmp(json_text_of(line, "kind", ""), "http.request") &&
		    json_int_of(line, "connection", -2) == connection)
			return line;
	}
	return NULL;
}

static bool was_stored(const struct judge *judge, const char *key)
{
	for (size_t i = judge_find(judge, &uploads, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &uploads, NULL, i + 1))
		if (!strcmp(json_text_of(judge_line(judge, i), "key", ""), key))
			return true;
	return false;
}

static bool was_refused(const struct judge *judge, const char *key)
{
	for (size_t i = judge_find(judge, &responses, NULL, 0); i != SIZE_MAX;
	     i = judge_find(judge, &responses, NULL, i + 1)) {
		const json_t *request = exchange_request(judge, i);
		const char *other = request ? exchange_key(request) : NULL;
		if (other && !strcmp(other, key) &&
		    exchange_is_final(json_int_of(judge_line(judge, i), "status", 0)))
			return true;
	}
	return false;
}

/* Uploads that were stored and first sent after a moment. */
static size_t new_ones(const struct judge *judge, int64_t after)
{
	const struct window later = { after, INT64_MAX }, before = { 0, after };
	size_t count = 0;

	for (size_t i = judge_find(judge, &uploads, &later, 0); i != SIZE_MAX;
	     i = judge_find(judge, &uploads, &later, i + 1)) {
		const char *key = json_text_of(judge_line(judge, i), "key", "");
		bool known = false;
		for (size_t k = judge_find(judge, &requests, &before, 0); k != SIZE_MAX && !known;
		     k = judge_find(judge, &requests, &before, k + 1)) {
			const char *other = exchange_key(judge_line(judge, k));
			known = other && !strcmp(other, key);
		}
		count += !known;
	}
	return count;
}

size_t exchange_abandoned(const struct judge *judge, const struct window *window, size_t enough)
{
	if (new_ones(judge, window->until) < enough)
		return SIZE_MAX;
	for (size_t i = judge_find(judge, &requests, window, 0); i != SIZE_MAX;
	     i = judge_find(judge, &requests, window, i + 1)) {
		const char *key = exchange_key(judge_line(judge, i));
		if (key && !was_stored(judge, key) && !was_refused(judge, key))
			return i;
	}
	return SIZE_MAX;
}
