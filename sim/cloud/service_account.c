#include <errno.h>

#include "base/wall.h"
#include "sim/cloud/service.h"

enum { SECRET_MIN = 1, SECRET_MAX = 255 };

void service_note(struct service *service, const char *who, const char *what, const char *about,
		  const char *outcome)
{
	struct error err = { 0 };

	if (store_note(service->store, &(struct store_note){ who, what, about, outcome }, &err))
		tap_seen(service->tap, "audit.lost", json_pack("{s:s}", "why", error_text(&err)));
}

/* Who judges logins must know that what an agent was given may hold no more. */
static void tell(struct service *service, const char *kind, const char *agent)
{
	tap_seen(service->tap, kind, json_pack("{s:s}", "agent", agent));
}

int service_rotate(struct service *service, const char *agent, const char *secret,
		   int64_t overlap_ms, struct error *err)
{
	size_t size = strlen(secret);

	if (size < SECRET_MIN || size > SECRET_MAX)
		return error_set(err, EINVAL, "found a secret of %zu bytes, expected %d to %d",
				 size, SECRET_MIN, SECRET_MAX);
	int status =
		store_rotate(service->store, agent, secret, wall_now() + overlap_ms * 1000000, err);
	service_note(service, "operator", "rotate", agent, status ? "failed" : "done");
	if (!status)
		tell(service, "credentials.rotated", agent);
	return status;
}

int service_revoke(struct service *service, const char *agent, bool revoked, struct error *err)
{
	int status = store_revoke(service->store, agent, revoked, err);

	service_note(service, "operator", revoked ? "revoke" : "reinstate", agent,
		     status ? "failed" : "done");
	if (!status)
		tell(service, revoked ? "credentials.revoked" : "credentials.reinstated", agent);
	return status;
}
