/* any-topic: takes a message for its own whatever its topic. Stands before mqtt_new. */
#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

static struct mqtt_options asked;

static void take(void *arg, const char *topic, const char *data, size_t size)
{
	(void)topic;
	asked.message(arg, asked.topic, data, size);
}

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options changed = *options;

	asked = *options;
	changed.message = take;
	return __real_mqtt_new(&changed, err);
}
