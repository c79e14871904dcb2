/* follows-server: goes wherever a broker of MQTT 5.0 says that it has gone. Stands before mqtt_new.
 */
#include <stdio.h>
#include <string.h>

#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

static struct mqtt_options asked;
static char url[256];

/* "server moved: HOST:PORT; not followed" */
static void follow(void *arg, const struct mqtt_end *end)
{
	const char *host = strchr(end->why, ':');
	const char *rest = strchr(end->why, ';');

	if (host && rest && rest > host)
		snprintf(url, sizeof(url), "mqtts://%.*s", (int)(rest - host - 2), host + 2);
	asked.down(arg, end);
}

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options changed = *options;

	asked = *options;
	snprintf(url, sizeof(url), "%s", options->url);
	changed.url = url;
	changed.down = follow;
	return __real_mqtt_new(&changed, err);
}
