/* ignores-limits: what a server of MQTT 5.0 says it takes does not matter. */
#include "agents/faulty/event.h"

static bool mishear(struct mqtt_event *event)
{
	event->offer.keep_alive_s = 0;
	event->offer.maximum_packet = 0;
	event->offer.maximum_qos = 1;
	return true;
}
