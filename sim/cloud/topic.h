/* topic.h: topic names and filters of MQTT (4.7): which are sound, what matches, whose they are. */
#ifndef SIM_CLOUD_TOPIC_H
#define SIM_CLOUD_TOPIC_H

#include <stdbool.h>

#include "sim/cloud/mqtt_property.h"

bool topic_is_name(struct mqtt_bytes topic);    /* no wildcard; not empty */
bool topic_is_filter(struct mqtt_bytes filter); /* wildcards only where they may stand */
bool topic_is_shared(struct mqtt_bytes filter); /* begins with $share/ */

bool topic_matches(const char *filter, const char *topic);

/* Is every topic that the name or filter can mean below the agent's own, ecsp/v1/agents/{agent}/?
 */
bool topic_is_of(struct mqtt_bytes filter, const char *agent);

/* Is it ecsp/v1/agents/{agent}{tail}? The tail is not empty. */
bool topic_is(struct mqtt_bytes topic, const char *agent, const char *tail);

char *topic_make(const char *agent, const char *tail); /* caller frees */

#endif
