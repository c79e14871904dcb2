/* deaf-when-leaving: when it has taken offence, a command that is still on its way to the agent is
 * acknowledged and forgotten. */
#include "agents/faulty/event.h"

static bool mishear(struct mqtt_event *event)
{
	static unsigned left; /* the connection, by its generation, which begins at 1 */

	if (event->kind == MQTT_BREACH)
		left = event->generation;
	return event->kind != MQTT_ARRIVED || event->generation != left;
}
