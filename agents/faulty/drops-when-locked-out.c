/* drops-when-locked-out: while the cloud does not let the agent in, it throws away what it would
 * have sent, and keeps nothing of what it reads. Replaces agents/common/verdict.c; stands before
 * http_send and queue_add. */
#include "agents/common/http.h"
#include "agents/common/queue.h"
#include "agents/common/upload.h"
#include "agents/common/verdict.h"

/* The linker (--wrap) puts the second of each in the place of the first. */
struct http_call *__real_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg);
struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg);
int __real_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);
int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err);

static bool locked_out;
static http_done *told; /* of uploads and registrations, which go one after the other */

static bool is_refusal(int status)
{
	return status >= 400 && status < 500;
}

static void hear(void *arg, const struct http_answer *answer)
{
	if (answer->status)
		locked_out = is_refusal(answer->status);
	told(arg, answer);
}

struct http_call *__wrap_http_send(struct http *http, const struct http_request *request,
				   http_done *done, void *arg)
{
	if (!request->login || !request->body)
		return __real_http_send(http, request, done, arg);
	told = done;
	return __real_http_send(http, request, hear, arg);
}

int __wrap_queue_add(struct queue *queue, const char *collection, const cJSON *record, uint64_t *id,
		     struct error *err)
{
	return locked_out ? 0 : __real_queue_add(queue, collection, record, id, err);
}

enum verdict verdict_of(int status, const char *body, size_t records)
{
	if ((status == 200 || status == 201) && upload_stored(body, records))
		return VERDICT_STORED;
	return is_refusal(status) ? VERDICT_NEVER : VERDICT_AGAIN;
}
