/* gives-up: connects to the broker once, and never again. Stands before mqtt_connect. */
#include "agents/common/mqtt.h"

/* The linker (--wrap) puts the second in the place of the first. */
void __real_mqtt_connect(struct mqtt *mqtt);
void __wrap_mqtt_connect(struct mqtt *mqtt);

void __wrap_mqtt_connect(struct mqtt *mqtt)
{
	static bool tried;

	if (tried)
		return;
	tried = true;
	__real_mqtt_connect(mqtt);
}
