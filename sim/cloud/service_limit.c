#include "base/json.h"
#include "base/wall.h"
#include "sim/cloud/service.h"

void service_limit(struct service *service, int64_t requests, int64_t per_ms)
{
	json_decref(service->limit.used);
	service->limit = (struct service_limit){ requests, per_ms, 0, NULL };
}

/* All windows begin at once; within one, each agent has its own count. */
int64_t service_wait_ms(struct service *service, const char *user)
{
	struct service_limit *limit = &service->limit;
	int64_t now_ms = wall_now() / 1000000;

	if (!limit->requests)
		return 0;
	if (!limit->used || now_ms < limit->began_ms || now_ms - limit->began_ms >= limit->per_ms) {
		json_decref(limit->used);
		limit->used = json_object();
		limit->began_ms = now_ms;
	}
	int64_t used = json_int_of(limit->used, user, 0);
	if (used >= limit->requests)
		return limit->began_ms + limit->per_ms - now_ms;
	json_object_set_new(limit->used, user, json_integer(used + 1));
	return 0;
}
