/* exchange.h: uploads as they went over the wire: requests with an idempotency key, their answers,
 * and what became of them. */
#ifndef CONFORMANCE_EXCHANGE_H
#define CONFORMANCE_EXCHANGE_H

#include "conformance/judge.h"

/* An answer that is about the upload and will not change: 4xx, but 408 and 429, which are about the
 * moment, and 401, 403 and 409, which are about an agent that may be let in again. */
bool exchange_is_final(int64_t status);

/* Of an "http.request"; NULL: none. Borrowed. */
const char *exchange_key(const json_t *request);

/* The request that an "http.response" answers: the last one before it on its connection; NULL. */
const json_t *exchange_request(const struct judge *judge, size_t response);

/* Of uploads that were sent in the window, the first that the cloud never stored and never refused
 * for good, although the agent was let on with `enough` new ones afterwards: it has given up what
 * it held. SIZE_MAX: none. */
size_t exchange_abandoned(const struct judge *judge, const struct window *window, size_t enough);

#endif
