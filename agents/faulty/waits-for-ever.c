/* waits-for-ever: an answer of the broker that does not come is waited for without end. Stands
 * before mqtt_new. */
#include "agents/common/mqtt.h"

enum { FOR_EVER_MS = 3600 * 1000 };

/* The linker (--wrap) puts the second in the place of the first. */
struct mqtt *__real_mqtt_new(const struct mqtt_options *options, struct error *err);
struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err);

struct mqtt *__wrap_mqtt_new(const struct mqtt_options *options, struct error *err)
{
	struct mqtt_options changed = *options;

	changed.deadline_ms = FOR_EVER_MS;
	return __real_mqtt_new(&changed, err);
}
