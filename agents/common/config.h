/* config.h: what one agent is told; docs/agent-contract.md. roster.h reads the file. */
#ifndef AGENTS_COMMON_CONFIG_H
#define AGENTS_COMMON_CONFIG_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "agents/common/snmp_login.h"
#include "base/error.h"

enum { CONFIG_TARGETS_MAX = 4096 };

struct config {
	char *api;          /* "https://host", no slash at the end */
	char *mqtt;         /* "mqtts://host:port" */
	char *ca;           /* PEM file */
	char *mqtt_version; /* "3.1.1" or "5.0"; NULL: 3.1.1. Never changed by the agent itself */
	char *id;
	char *secret; /* never logged */
	char *state;  /* folder */
	char *community;
	char *panel;             /* unix socket; NULL for a DC Agent */
	struct snmp_login *snmp; /* owned */
	size_t snmp_count;
	uint32_t *targets; /* host order, each once */
	size_t target_count;
	uint32_t *admitted; /* likewise: may be designated by the service */
	size_t admitted_count;
	int64_t interval_ms, poll_ms, timeout_ms, retries;
	int64_t http_timeout_ms, backoff_min_ms, backoff_max_ms;
	int64_t keep_alive_s, queue_max, upload_max, replay_ms;
	int64_t configuration_ms; /* how often the service is asked unprompted */
	int64_t snmp_version;     /* 1 or 2 (v2c); never changed by the agent itself */
	bool discover;
	bool sandbox; /* false: no filter of system calls */
};

/* How a printer is asked: the first entry of "snmp" that names it, else the first that names none,
 * else NULL: by snmp_version and community. Borrowed. */
const struct snmp_login *config_login(const struct config *config, uint32_t address);

/* What the kind of agent cannot do without. */
struct config_needs {
	bool targets;
	bool panel;
};

/* In this order; what comes later wins. Errors name the key. Call config_done in any case. */
void config_defaults(struct config *config);
/* Keys of a file; those in except, which NULL ends, are somebody else's. */
int config_take(struct config *config, const cJSON *object, const char *const *except,
		struct error *err);
int config_environment(struct config *config, struct error *err);
int config_check(struct config *config, const struct config_needs *needs, struct error *err);
void config_done(struct config *config);

#endif
