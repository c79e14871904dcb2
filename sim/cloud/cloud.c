#include "sim/cloud/cloud.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/json.h"
#include "sim/cloud/broker.h"
#include "sim/cloud/cert.h"
#include "sim/cloud/fault.h"
#include "sim/cloud/fault_http.h"
#include "sim/cloud/forge.h"
#include "sim/cloud/post.h"
#include "sim/cloud/region.h"
#include "sim/cloud/tls.h"
#include "sim/cloud/web.h"
#include "sim/cloud/web2.h"

enum { REQUEST_MS = 30000 };

struct cloud {
	struct cert_set *certs;
	struct fault fault;
	struct tap *tap;
	struct region *regions; /* the first has no name; the others are asked for by theirs */
	size_t region_count;
	struct tls *tls;
};

/* NULL: this cloud has no such region. */
static struct region *find_region(const struct cloud *cloud, const char *name)
{
	for (size_t i = 0; i < cloud->region_count; i++)
		if (!strcmp(cloud->regions[i].name, name))
			return &cloud->regions[i];
	return NULL;
}

/* Where the agent's account is; the first where it is nowhere, which will say so. */
static struct region *region_of_agent(const struct cloud *cloud, const char *agent)
{
	char type[16];

	for (size_t i = 0; i < cloud->region_count; i++)
		if (store_agent_type(cloud->regions[i].store, agent, type))
			return &cloud->regions[i];
	return cloud->regions;
}

/* A user asks in his own region: an agent of another one is unknown there. */
static struct region *region_of_command(const struct cloud *cloud, const struct command *command)
{
	struct region *home = region_of_agent(cloud, command->agent);

	if (store_has_user(home->store, command->user))
		return home;
	for (size_t i = 0; i < cloud->region_count; i++)
		if (store_has_user(cloud->regions[i].store, command->user))
			return &cloud->regions[i];
	return cloud->regions;
}

/* By the name that the client asked for; who asks for none, or for one that is not there, speaks to
 * the first. */
static struct region *region_of_link(const struct cloud *cloud, const struct tls_link *link)
{
	const char *name = region_of_host(tls_link_peer(link)->sni);
	struct region *region = name ? find_region(cloud, name) : NULL;

	return region ? region : cloud->regions;
}

/* What a link's user is, by its protocol: that is known before the first byte, and stays. */
static void *begin(const struct cloud *cloud, struct tls_link *link)
{
	const struct talk *talk = &region_of_link(cloud, link)->talk;

	switch (tls_link_peer(link)->protocol) {
	case TLS_PROTOCOL_UNKNOWN:
	case TLS_PROTOCOL_HTTP:
		return web_new(talk, link);
	case TLS_PROTOCOL_HTTP2:
		return web2_new(talk, link);
	case TLS_PROTOCOL_MQTT:
		return post_new(talk, link);
	}
	return NULL;
}

static void on_data(void *arg, struct tls_link *link, const uint8_t *data, size_t size)
{
	if (!tls_link_user(link))
		tls_link_set_user(link, begin(arg, link));
	switch (tls_link_peer(link)->protocol) {
	case TLS_PROTOCOL_UNKNOWN:
	case TLS_PROTOCOL_HTTP:
		web_data(tls_link_user(link), data, size);
		break;
	case TLS_PROTOCOL_HTTP2:
		web2_data(tls_link_user(link), data, size);
		break;
	case TLS_PROTOCOL_MQTT:
		post_data(tls_link_user(link), data, size);
		break;
	}
}

static void on_closed(void *arg, struct tls_link *link)
{
	(void)arg;
	switch (tls_link_peer(link)->protocol) {
	case TLS_PROTOCOL_UNKNOWN:
	case TLS_PROTOCOL_HTTP:
		web_free(tls_link_user(link));
		break;
	case TLS_PROTOCOL_HTTP2:
		web2_free(tls_link_user(link));
		break;
	case TLS_PROTOCOL_MQTT:
		post_free(tls_link_user(link));
		break;
	}
}

static const struct tls_events events = { on_data, on_closed };

static int add_region(struct cloud *cloud, const struct cloud_options *options, const char *name,
		      struct error *err)
{
	struct region_options region = {
		.name = name,
		.cloud = options,
		.fault = &cloud->fault,
		.certificate = cloud->certs->mqtt_pem,
		.request_ms = options->request_ms ? options->request_ms : REQUEST_MS,
	};
	return region_init(&cloud->regions[cloud->region_count++], &region, err);
}

static int add_regions(struct cloud *cloud, const struct cloud_options *options, struct error *err)
{
	size_t count = 0;

	while (options->regions && options->regions[count])
		count++;
	cloud->regions = alloc_zero(count + 1, sizeof(*cloud->regions));
	int status = add_region(cloud, options, "", err);
	for (size_t i = 0; i < count && !status; i++)
		status = add_region(cloud, options, options->regions[i], err);
	return status;
}

static int build(struct cloud *cloud, const struct cloud_options *options, struct error *err)
{
	cloud->tap = options->tap;
	cloud->certs = cert_set_new(err);
	if (!cloud->certs || add_regions(cloud, options, err))
		return -EIO;
	struct tls_options front = {
		.loop = options->loop,
		.tap = options->tap,
		.certs = cloud->certs,
		.fault = &cloud->fault,
		.secret = options->secret,
		.secret_arg = options->arg,
		.events = &events,
		.arg = cloud,
	};
	cloud->tls = tls_new(&front, err);
	return cloud->tls ? 0 : -EIO;
}

struct cloud *cloud_new(const struct cloud_options *options, struct error *err)
{
	struct cloud *cloud = alloc_zero(1, sizeof(*cloud));
	if (build(cloud, options, err)) {
		cloud_free(cloud);
		return NULL;
	}
	return cloud;
}

void cloud_free(struct cloud *cloud)
{
	if (!cloud)
		return;
	tls_free(cloud->tls); /* ends all conversations */
	for (size_t i = 0; i < cloud->region_count; i++)
		region_done(&cloud->regions[i]);
	free(cloud->regions);
	cert_set_free(cloud->certs);
	free(cloud);
}

int cloud_listen(struct cloud *cloud, int fd, struct error *err)
{
	return tls_listen(cloud->tls, fd, err);
}

const char *cloud_ca(const struct cloud *cloud)
{
	return cloud->certs->web_pem;
}

/* An id is one account: it is in one region. */
static int check_free(const struct cloud *cloud, const struct region *region, const char *id,
		      struct error *err)
{
	char type[16];
	const struct region *home = region_of_agent(cloud, id);

	if (home != region && store_agent_type(home->store, id, type))
		return error_set(err, EEXIST, "agent %s: its account is in another region", id);
	return 0;
}

int cloud_add_region_agent(struct cloud *cloud, const char *region, const char *id,
			   const char *secret, const char *type, struct error *err)
{
	static const char *const types[] = { "dc", "es", "mobile", "pc" };
	const struct region *home = find_region(cloud, region);

	if (!home)
		return error_set(err, ENOENT, "found region '%s', which this cloud does not have",
				 region);
	if (!service_is_name(id))
		return error_set(err, EINVAL,
				 "agent \"%.64s\": expected letters, digits, dot, dash, underscore",
				 id);
	for (size_t i = 0; i < COUNT_OF(types); i++) {
		if (strcmp(type, types[i]) != 0)
			continue;
		int status = check_free(cloud, home, id, err);
		return status ? status : store_add_agent(home->store, id, secret, type, err);
	}
	return error_set(err, EINVAL, "agent %s: found type \"%.64s\", expected dc, es, mobile, pc",
			 id, type);
}

int cloud_add_agent(struct cloud *cloud, const char *id, const char *secret, const char *type,
		    struct error *err)
{
	return cloud_add_region_agent(cloud, "", id, secret, type, err);
}

int cloud_add_region_user(struct cloud *cloud, const char *region, const char *user,
			  const char *const *serials, struct error *err)
{
	const struct region *home = find_region(cloud, region);

	return home ? store_add_user(home->store, "", user, serials, err)
		    : error_set(err, ENOENT, "found region '%s', which this cloud does not have",
				region);
}

int cloud_add_support_user(struct cloud *cloud, const char *user, const char *const *serials,
			   struct error *err)
{
	return cloud_add_region_user(cloud, "", user, serials, err);
}

int cloud_add_tenant_user(struct cloud *cloud, const char *tenant, const char *user,
			  const char *const *serials, struct error *err)
{
	return store_add_user(cloud->regions->store, tenant, user, serials, err);
}

int cloud_set_tenant(struct cloud *cloud, const char *agent, const char *tenant, struct error *err)
{
	return store_set_tenant(region_of_agent(cloud, agent)->store, agent, tenant, err);
}

int cloud_rotate(struct cloud *cloud, const char *agent, const char *secret, int64_t overlap_ms,
		 struct error *err)
{
	struct region *region = region_of_agent(cloud, agent);
	int status = service_rotate(&region->service, agent, secret, overlap_ms, err);

	if (!status && !overlap_ms)
		broker_end(region->broker, agent, "its secret was changed");
	return status;
}

int cloud_revoke(struct cloud *cloud, const char *agent, bool revoked, struct error *err)
{
	struct region *region = region_of_agent(cloud, agent);
	int status = service_revoke(&region->service, agent, revoked, err);

	if (!status && revoked)
		broker_end(region->broker, agent, "its credentials were revoked");
	return status;
}

int cloud_configure(struct cloud *cloud, const char *agent, const json_t *change, struct error *err)
{
	return service_configure(&region_of_agent(cloud, agent)->service, agent, change, err);
}

int cloud_configure_as_told(struct cloud *cloud, const char *agent, const char *document,
			    struct error *err)
{
	return service_configure_as_told(&region_of_agent(cloud, agent)->service, agent, document,
					 err);
}

int cloud_renew(struct cloud *cloud, const char *listener, bool former, struct error *err)
{
	enum listener which =
		strcmp(listener, listener_names[LISTENER_MQTT]) ? LISTENER_HTTPS : LISTENER_MQTT;
	int status = cert_renew(cloud->certs, which, former, err);

	if (status)
		return status;
	for (size_t i = 0; i < cloud->region_count; i++)
		cloud->regions[i].service.certificate = cloud->certs->mqtt_pem;
	tap_seen(cloud->tap, "certificate.renewed",
		 json_pack("{s:s, s:b}", "listener", listener_names[which], "former", former));
	tls_restart(cloud->tls, "a certificate was renewed");
	return 0;
}

void cloud_limit(struct cloud *cloud, int64_t requests, int64_t per_ms)
{
	for (size_t i = 0; i < cloud->region_count; i++)
		service_limit(&cloud->regions[i].service, requests, per_ms);
}

int cloud_command(struct cloud *cloud, const struct command *command, char id[40],
		  struct error *err)
{
	AUTO_JSON json_t *body = NULL;
	struct region *region = region_of_command(cloud, command);
	int status = service_command(&region->service, command, id, &body, err);
	if (status)
		return status;
	AUTO_FREE char *text = json_text(body);
	bool retain = cloud->fault.mqtt.retain_command > 0;
	cloud->fault.mqtt.retain_command -= retain;
	if (!broker_publish(region->broker, command->agent, text, strlen(text), retain))
		return error_set(err, ENOTCONN, "command: agent %s has not subscribed its commands",
				 command->agent);
	return 0;
}

/* Keys take their time: they are made when the fault is armed, and not in a handshake. */
static int prepare_certificates(struct cloud *cloud, struct error *err)
{
	for (int i = 0; i < LISTENER_COUNT; i++) {
		const struct fault_front *front = &cloud->fault.tls.front[i];
		bool rsa = front->suite && forge_suites[front->suite - 1].rsa;
		if (!cert_show(cloud->certs, (enum listener)i, front->certificate, err))
			return -EIO;
		if (rsa &&
		    !cert_show(cloud->certs, (enum listener)i, (size_t)cert_kind_find("rsa"), err))
			return -EIO;
	}
	return 0;
}

int cloud_fault(struct cloud *cloud, const char *fault, const json_t *parameters, struct error *err)
{
	enum fault_down before = cloud->fault.tls.down;
	int status = fault_set(&cloud->fault, fault, parameters, err);

	if (!status && cloud->fault.tls.down != before)
		tls_down_changed(cloud->tls);
	if (!status)
		status = prepare_certificates(cloud, err);
	for (size_t i = 0; !status && fault_http_revoked(&cloud->fault) && i < cloud->region_count;
	     i++)
		broker_end(cloud->regions[i].broker, NULL, "its credentials were revoked");
	return status;
}

void cloud_fault_clear(struct cloud *cloud, const char *fault)
{
	enum fault_down before = cloud->fault.tls.down;

	fault_clear(&cloud->fault, fault);
	if (cloud->fault.tls.down != before)
		tls_down_changed(cloud->tls);
}

bool cloud_subscribed(const struct cloud *cloud, const char *agent)
{
	return broker_subscribed(region_of_agent(cloud, agent)->broker, agent);
}
