/* mqtt-8883: speaks MQTT where others do, not where it is declared. Stands before mqtt_new. */
#include "agents/common/mqtt.h"

#include <stdio.h>
#include <string.h>

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	static char url[256]; /* borrowed until mqtt_free */
	struct mqtt_options other = *options;
	const char *host = options->url + strlen("mqtts://");

	snprintf(url, sizeof(url), "mqtts://%.*s:8883", (int)strcspn(host, ":"), host);
	other.url = url;
	return __real_mqtt_new(&other, err);
}
