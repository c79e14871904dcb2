#include "base/json.h"
#include "sim/cloud/fault.h"

/* Faults of the broker. */

enum { COUNT_MAX = 1000000 };

static void set_no_connack(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.no_connack = json_int_of(parameters, "count", COUNT_MAX);
}

static void clear_no_connack(struct fault *fault)
{
	fault->mqtt.no_connack = 0;
}

static void set_duplicate(struct fault *fault, const json_t *parameters)
{
	fault->mqtt.duplicate_command = json_int_of(parameters, "count", 1);
}

static void clear_duplicate(struct fault *fault)
{
	fault->mqtt.duplicate_command = 0;
}

static const struct parameter of_connects[] = {
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "CONNECTs; default: all" },
	{ .name = NULL },
};
static const struct parameter of_commands[] = {
	{ "count", PARAMETER_INT, false, 1, COUNT_MAX, NULL, "commands; default 1" },
	{ .name = NULL },
};

static const struct fault_kind kinds[] = {
	{ { "cloud.no-connack", "reads CONNECT and never answers", of_connects },
	  set_no_connack,
	  clear_no_connack },
	{ { "cloud.duplicate-command", "publishes a command twice", of_commands },
	  set_duplicate,
	  clear_duplicate },
};

const struct verb_list fault_mqtt_kinds = VERB_LIST(kinds);
