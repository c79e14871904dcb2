/* hasty.h: for faulty agents to whom a result counts as delivered once it was written, not once it
 * was acknowledged. Stands before mqtt_new and mqtt_publish. */
#ifndef AGENTS_FAULTY_HASTY_H
#define AGENTS_FAULTY_HASTY_H

#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);
void __real_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size);
void __wrap_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size);

static struct mqtt_options asked;

static void ignore(void *arg)
{
	(void)arg;
}

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options changed = *options;

	asked = *options;
	changed.published = ignore;
	return __real_mqtt_new(&changed, err);
}

void __wrap_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size)
{
	__real_mqtt_publish(mqtt, topic, data, size);
	asked.published(asked.arg);
}

#endif
