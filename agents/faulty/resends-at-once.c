/* resends-at-once: a result that is not acknowledged soon is published again on the same
 * connection. Stands before mqtt_new and mqtt_publish. */
#include "agents/common/mqtt.h"
#include "base/buf.h"

enum { SOON_MS = 100 };

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);
void __real_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size);
void __wrap_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size);

static struct {
	struct mqtt_options options;
	struct timer *timer;
	struct mqtt *mqtt;
	char *topic, *data;
	size_t size;
} last;

static void again(void *arg)
{
	(void)arg;
	__real_mqtt_publish(last.mqtt, last.topic, last.data, last.size);
}

static void on_published(void *arg)
{
	timer_stop(last.timer);
	last.options.published(arg);
}

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options changed = *options;

	last.options = *options;
	last.timer = timer_new(options->loop, again, NULL);
	changed.published = on_published;
	return __real_mqtt_new(&changed, err);
}

void __wrap_mqtt_publish(struct mqtt *mqtt, const char *topic, const char *data, size_t size)
{
	last.mqtt = mqtt;
	last.topic = alloc_text(topic);
	last.data = alloc_bytes(data, size);
	last.size = size;
	timer_in(last.timer, SOON_MS);
	__real_mqtt_publish(mqtt, topic, data, size);
}
