#include "sim/cloud/region.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "sim/cloud/fault_http.h"
#include "sim/cloud/listener.h"

const char *const region_names[] = { LISTENER_EU, LISTENER_CN, NULL };

/* ---- names ---- */

static const char *after(const char *text, const char *prefix)
{
	size_t size = strlen(prefix);
	return strncasecmp(text, prefix, size) ? NULL : text + size;
}

static bool is_domain(const char *text)
{
	const char *rest = after(text, LISTENER_DOMAIN);
	return rest && (!*rest || *rest == ':');
}

const char *region_of_host(const char *host)
{
	static const char *const labels[] = { "api.", "mqtt.", "service." };
	const char *rest = NULL;

	for (size_t i = 0; i < COUNT_OF(labels) && !rest; i++)
		rest = after(host, labels[i]);
	if (!rest)
		return NULL;
	if (is_domain(rest))
		return "";
	for (const char *const *name = region_names; *name; name++) {
		const char *domain = after(rest, *name);
		if (domain && *domain == '.' && is_domain(domain + 1))
			return *name;
	}
	return NULL;
}

char *region_host(const char *label, const char *region)
{
	return region && *region ? alloc_printf("%s.%s.%s", label, region, LISTENER_DOMAIN)
				 : alloc_printf("%s.%s", label, LISTENER_DOMAIN);
}

/* ---- what the broker asks ---- */

static bool log_in(void *arg, const char *user, const char *secret)
{
	struct region *region = arg;
	return !fault_http_revoked(region->fault) && store_login(region->store, user, secret);
}

static void on_result(void *arg, uint64_t connection, const char *agent, const void *data,
		      size_t size)
{
	struct region *region = arg;
	service_result(&region->service, connection, agent, data, size);
}

static uint64_t now_ms(void *arg)
{
	struct region *region = arg;
	return loop_now(region->loop) / 1000000;
}

static void on_tick(void *arg)
{
	struct region *region = arg;
	region->tick_ms = UINT64_MAX;
	broker_tick(region->broker);
}

static void wake(void *arg, uint64_t at_ms)
{
	struct region *region = arg;
	if (at_ms >= region->tick_ms)
		return;
	region->tick_ms = at_ms;
	timer_set(region->ticker, at_ms * 1000000);
}

/* ---- life ---- */

/* A file for each region; in memory they are apart anyway. */
static char *store_path(const char *path, const char *region)
{
	return !*region || !strcmp(path, ":memory:") ? alloc_text(path)
						     : alloc_printf("%s.%s", path, region);
}

int region_init(struct region *region, const struct region_options *options, struct error *err)
{
	const struct cloud_options *cloud = options->cloud;
	AUTO_FREE char *path = store_path(cloud->store_path, options->name);

	*region = (struct region){ .name = options->name,
				   .fault = options->fault,
				   .loop = cloud->loop,
				   .tick_ms = UINT64_MAX };
	region->store = store_new(path, err);
	if (!region->store)
		return -EIO;
	region->ticker = timer_new(cloud->loop, on_tick, region);
	region->broker = broker_new(&(struct broker_rules){ .login = log_in,
							    .result = on_result,
							    .now_ms = now_ms,
							    .wake = wake,
							    .limits = &options->fault->mqtt.limits,
							    .arg = region });
	region->service = (struct service){
		.tap = cloud->tap,
		.store = region->store,
		.certificate = options->certificate,
		.region = options->name,
	};
	region->talk = (struct talk){
		.loop = cloud->loop,
		.tap = cloud->tap,
		.fault = options->fault,
		.service = &region->service,
		.broker = region->broker,
		.request_ms = options->request_ms,
		.plaintext = cloud->plaintext,
		.arg = cloud->arg,
	};
	return 0;
}

void region_done(struct region *region)
{
	broker_free(region->broker);
	service_limit(&region->service, 0, 0);
	timer_free(region->ticker);
	store_free(region->store);
	*region = (struct region){ 0 };
}
