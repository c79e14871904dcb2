/* wrong-mqtt-password: logs in at MQTT with a password of its own. Stands before mqtt_new. */
#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options other = *options;

	other.password = "letmein";
	return __real_mqtt_new(&other, err);
}
