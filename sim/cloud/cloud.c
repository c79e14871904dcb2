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
#include "sim/cloud/service.h"
#include "sim/cloud/talk.h"
#include "sim/cloud/tls.h"
#include "sim/cloud/web.h"
#include "sim/cloud/web2.h"

enum { REQUEST_MS = 30000 };

struct cloud {
	struct loop *loop;
	struct timer *ticker; /* for the broker */
	uint64_t tick_ms;     /* when; UINT64_MAX: not set */
	struct cert_set *certs;
	struct store *store;
	struct fault fault;
	struct service service;
	struct broker *broker;
	struct talk talk;
	struct tls *tls;
};

/* One connection's conversation, made when its protocol is known. */
struct conversation {
	struct web *web;
	struct web2 *web2;
	struct post *post;
};

static struct conversation *begin(struct cloud *cloud, struct tls_link *link)
{
	struct conversation *conversation = alloc_zero(1, sizeof(*conversation));

	tls_link_set_user(link, conversation);
	switch (tls_link_peer(link)->protocol) {
	case TLS_PROTOCOL_UNKNOWN:
	case TLS_PROTOCOL_HTTP:
		conversation->web = web_new(&cloud->talk, link);
		break;
	case TLS_PROTOCOL_HTTP2:
		conversation->web2 = web2_new(&cloud->talk, link);
		break;
	case TLS_PROTOCOL_MQTT:
		conversation->post = post_new(&cloud->talk, link);
		break;
	}
	return conversation;
}

static void on_data(void *arg, struct tls_link *link, const uint8_t *data, size_t size)
{
	struct conversation *conversation = tls_link_user(link);

	if (!conversation)
		conversation = begin(arg, link);
	if (conversation->post)
		post_data(conversation->post, data, size);
	else if (conversation->web2)
		web2_data(conversation->web2, data, size);
	else
		web_data(conversation->web, data, size);
}

static void on_closed(void *arg, struct tls_link *link)
{
	struct conversation *conversation = tls_link_user(link);

	(void)arg;
	if (!conversation)
		return;
	post_free(conversation->post);
	web_free(conversation->web);
	web2_free(conversation->web2);
	free(conversation);
}

static const struct tls_events events = { on_data, on_closed };

static bool log_in(void *arg, const char *user, const char *secret)
{
	struct cloud *cloud = arg;
	return !fault_http_revoked(&cloud->fault) && store_login(cloud->store, user, secret);
}

static void on_result(void *arg, uint64_t connection, const char *agent, const void *data,
		      size_t size)
{
	struct cloud *cloud = arg;
	service_result(&cloud->service, connection, agent, data, size);
}

static uint64_t now_ms(void *arg)
{
	struct cloud *cloud = arg;
	return loop_now(cloud->loop) / 1000000;
}

static void on_tick(void *arg)
{
	struct cloud *cloud = arg;
	cloud->tick_ms = UINT64_MAX;
	broker_tick(cloud->broker);
}

static void wake(void *arg, uint64_t at_ms)
{
	struct cloud *cloud = arg;
	if (at_ms >= cloud->tick_ms)
		return;
	cloud->tick_ms = at_ms;
	timer_set(cloud->ticker, at_ms * 1000000);
}

static int build(struct cloud *cloud, const struct cloud_options *options, struct error *err)
{
	cloud->loop = options->loop;
	cloud->tick_ms = UINT64_MAX;
	cloud->certs = cert_set_new(err);
	if (!cloud->certs)
		return -EIO;
	cloud->store = store_new(options->store_path, err);
	if (!cloud->store)
		return -EIO;
	cloud->ticker = timer_new(options->loop, on_tick, cloud);
	cloud->broker = broker_new(&(struct broker_rules){ .login = log_in,
							   .result = on_result,
							   .now_ms = now_ms,
							   .wake = wake,
							   .limits = &cloud->fault.mqtt.limits,
							   .arg = cloud });
	cloud->service = (struct service){ options->tap, cloud->store, cloud->certs->mqtt_pem };
	cloud->talk = (struct talk){
		.loop = options->loop,
		.tap = options->tap,
		.fault = &cloud->fault,
		.service = &cloud->service,
		.broker = cloud->broker,
		.request_ms = options->request_ms ? options->request_ms : REQUEST_MS,
		.plaintext = options->plaintext,
		.arg = options->arg,
	};
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
	broker_free(cloud->broker);
	service_limit(&cloud->service, 0, 0);
	timer_free(cloud->ticker);
	store_free(cloud->store);
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

int cloud_add_agent(struct cloud *cloud, const char *id, const char *secret, const char *type,
		    struct error *err)
{
	static const char *const types[] = { "dc", "es", "mobile", "pc" };

	if (!service_is_name(id))
		return error_set(err, EINVAL,
				 "agent \"%.64s\": expected letters, digits, dot, dash, underscore",
				 id);
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (!strcmp(type, types[i]))
			return store_add_agent(cloud->store, id, secret, type, err);
	return error_set(err, EINVAL, "agent %s: found type \"%.64s\", expected dc, es, mobile, pc",
			 id, type);
}

int cloud_add_support_user(struct cloud *cloud, const char *user, const char *const *serials,
			   struct error *err)
{
	return store_add_user(cloud->store, "", user, serials, err);
}

int cloud_add_tenant_user(struct cloud *cloud, const char *tenant, const char *user,
			  const char *const *serials, struct error *err)
{
	return store_add_user(cloud->store, tenant, user, serials, err);
}

int cloud_set_tenant(struct cloud *cloud, const char *agent, const char *tenant, struct error *err)
{
	return store_set_tenant(cloud->store, agent, tenant, err);
}

int cloud_rotate(struct cloud *cloud, const char *agent, const char *secret, int64_t overlap_ms,
		 struct error *err)
{
	int status = service_rotate(&cloud->service, agent, secret, overlap_ms, err);

	if (!status && !overlap_ms)
		broker_end(cloud->broker, agent, "its secret was changed");
	return status;
}

int cloud_revoke(struct cloud *cloud, const char *agent, bool revoked, struct error *err)
{
	int status = service_revoke(&cloud->service, agent, revoked, err);

	if (!status && revoked)
		broker_end(cloud->broker, agent, "its credentials were revoked");
	return status;
}

int cloud_configure(struct cloud *cloud, const char *agent, const json_t *change, struct error *err)
{
	return service_configure(&cloud->service, agent, change, err);
}

int cloud_configure_as_told(struct cloud *cloud, const char *agent, const char *document,
			    struct error *err)
{
	return service_configure_as_told(&cloud->service, agent, document, err);
}

int cloud_renew(struct cloud *cloud, const char *listener, bool former, struct error *err)
{
	enum listener which =
		strcmp(listener, listener_names[LISTENER_MQTT]) ? LISTENER_HTTPS : LISTENER_MQTT;
	int status = cert_renew(cloud->certs, which, former, err);

	if (status)
		return status;
	cloud->service.certificate = cloud->certs->mqtt_pem;
	tap_seen(cloud->talk.tap, "certificate.renewed",
		 json_pack("{s:s, s:b}", "listener", listener_names[which], "former", former));
	tls_restart(cloud->tls, "a certificate was renewed");
	return 0;
}

void cloud_limit(struct cloud *cloud, int64_t requests, int64_t per_ms)
{
	service_limit(&cloud->service, requests, per_ms);
}

int cloud_command(struct cloud *cloud, const struct command *command, char id[40],
		  struct error *err)
{
	AUTO_JSON json_t *body = NULL;
	int status = service_command(&cloud->service, command, id, &body, err);
	if (status)
		return status;
	AUTO_FREE char *text = json_text(body);
	bool retain = cloud->fault.mqtt.retain_command > 0;
	cloud->fault.mqtt.retain_command -= retain;
	if (!broker_publish(cloud->broker, command->agent, text, strlen(text), retain))
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
	if (!status && fault_http_revoked(&cloud->fault))
		broker_end(cloud->broker, NULL, "its credentials were revoked");
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
	return broker_subscribed(cloud->broker, agent);
}
