#include <string.h>

#include "sim/cloud/fault.h"

/* Faults of the TLS front: what stands below HTTP and MQTT. */

static enum listener listener_of_parameter(const json_t *parameters)
{
	return (enum listener)fault_word(parameters, "listener", listener_names);
}

static void set_certificate(struct fault *fault, const json_t *parameters)
{
	size_t kind = 1 + (size_t)fault_word(parameters, "kind", cert_fault_names);
	fault->tls.certificate[listener_of_parameter(parameters)] = kind;
}

static void clear_certificate(struct fault *fault)
{
	memset(fault->tls.certificate, 0, sizeof(fault->tls.certificate));
}

static void set_tls11(struct fault *fault, const json_t *parameters)
{
	fault->tls.tls11[listener_of_parameter(parameters)] = true;
}

static void clear_tls11(struct fault *fault)
{
	memset(fault->tls.tls11, 0, sizeof(fault->tls.tls11));
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

#define LISTENER                                                                                   \
	{                                                                                          \
		"listener", PARAMETER_NAME, true, 0, 0, listener_names, "which of the two names"   \
	}

static const struct parameter of_certificate[] = {
	LISTENER,
	{ "kind", PARAMETER_NAME, true, 0, 0, cert_fault_names,
	  "what is wrong with it, or only unusual" },
	{ .name = NULL },
};
static const struct parameter of_tls11[] = { LISTENER, { .name = NULL } };
static const struct parameter of_down[] = {
	{ "mode", PARAMETER_NAME, false, 0, 0, modes, "default: reset" },
	{ .name = NULL },
};

static const struct fault_kind kinds[] = {
	{ { "cloud.certificate", "shows another certificate than the good one", of_certificate },
	  set_certificate,
	  clear_certificate },
	{ { "cloud.tls11", "answers with a forged ServerHello of TLS 1.1", of_tls11 },
	  set_tls11,
	  clear_tls11 },
	{ { "cloud.down", "connections are reset, or accepted and never answered", of_down },
	  set_down,
	  clear_down },
};

const struct verb_list fault_tls_kinds = VERB_LIST(kinds);
