/* other-client: calls itself at MQTT what it likes. Stands before mqtt_new. */
#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options other = *options;

	other.client = "somebody";
	return __real_mqtt_new(&other, err);
}
