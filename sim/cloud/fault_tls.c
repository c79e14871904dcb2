#include <string.h>

#include "base/json.h"
#include "sim/cloud/alert.h"
#include "sim/cloud/fault.h"
#include "sim/cloud/forge.h"
#include "sim/cloud/hello.h"
#include "sim/cloud/warp.h"

/* Faults of the TLS front: what stands below HTTP and MQTT. */

static struct fault_front *front_of(struct fault *fault, const json_t *parameters)
{
	return &fault->tls.front[fault_word(parameters, "listener", listener_names)];
}

static size_t place_of(const json_t *parameters, const char *key, const char *const *names)
{
	return (size_t)fault_word(parameters, key, names);
}

/* Behaves again at all listeners. */
#define CLEARS(field)                                                                              \
	static void clear_##field(struct fault *fault)                                             \
	{                                                                                          \
		static const struct fault_front good;                                              \
		for (int i = 0; i < LISTENER_COUNT; i++)                                           \
			memcpy(&fault->tls.front[i].field, &good.field, sizeof(good.field));       \
	}

CLEARS(certificate)
CLEARS(tls11)
CLEARS(version)
CLEARS(suite)
CLEARS(forged)
CLEARS(retry)
CLEARS(records)
CLEARS(alert)
CLEARS(slow)
CLEARS(silent)
CLEARS(truncate)
CLEARS(alpn)
CLEARS(ask)

static void set_certificate(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->certificate =
		1 + place_of(parameters, "kind", cert_fault_names);
}

static void set_tls11(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->tls11 = true;
}

static const char *const versions[] = { "tls1.3", "tls1.2", "tls1.1", "tls1.0", "ssl3", NULL };

static void set_version(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->version =
		(uint16_t)(TLS_1_3 - place_of(parameters, "version", versions));
}

static void set_suite(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->suite = 1 + place_of(parameters, "suite", forge_suite_names);
}

static void set_forged(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->forged = 1 + place_of(parameters, "kind", forge_names);
}

/* In the order of enum fault_retry, which begins with none. */
static const char *const retries[] = { "once", "twice", "shared-group", "unoffered-group", NULL };

static void set_retry(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->retry =
		(enum fault_retry)(1 + fault_word(parameters, "kind", retries));
}

static void set_records(struct fault *fault, const json_t *parameters)
{
	struct fault_front *front = front_of(fault, parameters);
	front->records.kind = 1 + place_of(parameters, "kind", warp_names);
	front->records.amount = (int)json_int_of(parameters, "amount", 0);
}

/* In the order of enum fault_step, which begins with none. */
static const char *const steps[] = { "hello",      "server-hello", "certificate", "key-exchange",
				     "hello-done", "finished",     "data",        NULL };

static void set_alert(struct fault *fault, const json_t *parameters)
{
	struct fault_front *front = front_of(fault, parameters);
	front->alert.step = (enum fault_step)(1 + fault_word(parameters, "step", steps));
	front->alert.number =
		(uint8_t)alert_number(json_text_of(parameters, "alert", "internal_error"));
}

static void set_slow(struct fault *fault, const json_t *parameters)
{
	struct fault_front *front = front_of(fault, parameters);
	front->slow.ms = json_int_of(parameters, "ms", 1);
	front->slow.bytes = json_int_of(parameters, "bytes", 1);
}

static void set_silent(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->silent = true;
}

static const char *const ends[] = { "fin", "reset", NULL };

static void set_truncate(struct fault *fault, const json_t *parameters)
{
	struct fault_front *front = front_of(fault, parameters);
	front->truncate.armed = true;
	front->truncate.after = json_int_of(parameters, "after", 0);
	front->truncate.reset = fault_word(parameters, "end", ends);
}

static const char *const protocols[] = { "http/1.1", "mqtt", "h2", "spdy/3", "unknown", NULL };

static void set_alpn(struct fault *fault, const json_t *parameters)
{
	struct fault_front *front = front_of(fault, parameters);
	snprintf(front->alpn, sizeof(front->alpn), "%s",
		 protocols[fault_word(parameters, "protocol", protocols)]);
}

/* In the order of enum fault_ask, which begins with not. */
static const char *const asks[] = { "optional", "required", NULL };

static void set_ask(struct fault *fault, const json_t *parameters)
{
	front_of(fault, parameters)->ask =
		(enum fault_ask)(1 + fault_word(parameters, "mode", asks));
}

/* In the order of enum fault_down, which begins with no fault. */
static const char *const modes[] = { "reset", "silent", NULL };

static void set_down(struct fault *fault, const json_t *parameters)
{
	fault->tls.down = (enum fault_down)(1 + fault_word(parameters, "mode", modes));
}

static void clear_down(struct fault *fault)
{
	fault->tls.down = DOWN_NOT;
}

/* ---- the table ---- */

#define LISTENER                                                                                   \
	{                                                                                          \
		"listener", PARAMETER_NAME, true, 0, 0, listener_names, "which of the two names"   \
	}
#define ONE_OF(name, names, help)                                                                  \
	{                                                                                          \
		name, PARAMETER_NAME, true, 0, 0, names, help                                      \
	}
#define PARAMETERS(...)                                                                            \
	(const struct parameter[])                                                                 \
	{                                                                                          \
		LISTENER, ##__VA_ARGS__,                                                           \
		{                                                                                  \
			.name = NULL                                                               \
		}                                                                                  \
	}

/* clang-format off */
static const struct fault_kind kinds[] = {
	{ { "cloud.certificate", "shows another certificate than the good one",
	    PARAMETERS(ONE_OF("kind", cert_fault_names, "what is wrong with it, or only unusual")) },
	  set_certificate, clear_certificate },
	{ { "cloud.tls11", "answers with a ServerHello of TLS 1.1, forged if it was not offered",
	    PARAMETERS() },
	  set_tls11, clear_tls11 },
	{ { "cloud.tls-version", "speaks one version only; old ones are forged if not offered",
	    PARAMETERS(ONE_OF("version", versions, "of TLS")) },
	  set_version, clear_version },
	{ { "cloud.tls-suite", "chooses a suite that nobody should take, forged if not offered",
	    PARAMETERS(ONE_OF("suite", forge_suite_names, "what is weak about it")) },
	  set_suite, clear_suite },
	{ { "cloud.tls-forged", "the first flight of TLS 1.2 breaks a rule",
	    PARAMETERS(ONE_OF("kind", forge_names, "which")) },
	  set_forged, clear_forged },
	{ { "cloud.tls-retry", "answers with HelloRetryRequest",
	    PARAMETERS(ONE_OF("kind", retries, "once is allowed")) },
	  set_retry, clear_retry },
	{ { "cloud.tls-records", "the records on the wire are not as they should be",
	    PARAMETERS(ONE_OF("kind", warp_names, "in what way"),
		       { "amount", PARAMETER_INT, false, 1, WARP_AMOUNT_MAX, NULL,
			 "bytes a record, or how many are put in; default 1" }) },
	  set_records, clear_records },
	{ { "cloud.tls-alert", "ends the connection with a fatal alert",
	    PARAMETERS(ONE_OF("step", steps, "behind which message; hello, finished: instead of it"),
		       { "alert", PARAMETER_NAME, false, 0, 0, alert_names,
			 "default internal_error; at data always bad_record_mac" }) },
	  set_alert, clear_alert },
	{ { "cloud.tls-slow", "sends everything in small pieces with a pause before each",
	    PARAMETERS({ "ms", PARAMETER_INT, true, 1, 60000, NULL, "pause" },
		       { "bytes", PARAMETER_INT, false, 1, 65536, NULL, "of a piece; default 1" }) },
	  set_slow, clear_slow },
	{ { "cloud.tls-silent", "reads the ClientHello and never answers", PARAMETERS() },
	  set_silent, clear_silent },
	{ { "cloud.tls-truncate", "ends the connection without close_notify",
	    PARAMETERS({ "after", PARAMETER_INT, false, 0, 1 << 30, NULL,
			 "bytes of plaintext that still go out; default 0" },
		       { "end", PARAMETER_NAME, false, 0, 0, ends, "of TCP; default fin" }) },
	  set_truncate, clear_truncate },
	{ { "cloud.tls-alpn", "chooses a protocol whatever was offered",
	    PARAMETERS(ONE_OF("protocol", protocols, "by its ALPN name")) },
	  set_alpn, clear_alpn },
	{ { "cloud.tls-client-certificate", "asks for a certificate of the client",
	    PARAMETERS(ONE_OF("mode", asks, "required: none is refused")) },
	  set_ask, clear_ask },
	{ { "cloud.down", "connections are reset, or accepted and never answered",
	    (const struct parameter[]){
		    { "mode", PARAMETER_NAME, false, 0, 0, modes, "default: reset" },
		    { .name = NULL } } },
	  set_down, clear_down },
};
/* clang-format on */

const struct verb_list fault_tls_kinds = VERB_LIST(kinds);
