/* hangs-up: ends with its connection to the broker open, and without a word. Stands before
 * mqtt_close. */
#include <unistd.h>

#include "agents/common/mqtt.h"

/* The linker (--wrap) puts it in the place of the other. */
void __wrap_mqtt_close(struct mqtt *mqtt);

void __wrap_mqtt_close(struct mqtt *mqtt)
{
	(void)mqtt;
	_exit(0);
}
