#include "sim/cloud/topic.h"

#include <string.h>

#include "base/buf.h"
#include "ecsp/ecsp.h"
#include "sim/cloud/mqtt.h"

#define SHARED "$share/"

bool topic_is_name(struct mqtt_bytes topic)
{
	for (size_t i = 0; i < topic.size; i++)
		if (topic.data[i] == '#' || topic.data[i] == '+')
			return false;
	return topic.size;
}

/* 4.8.2: $share/{name}/{filter}, where the name has no wildcard */
static bool skip_share(struct mqtt_bytes *filter)
{
	size_t at = strlen(SHARED), name = at;

	while (at < filter->size && filter->data[at] != '/')
		at++;
	struct mqtt_bytes share = { filter->data + name, at - name };
	if (!topic_is_name(share) || at + 1 >= filter->size)
		return false;
	*filter = (struct mqtt_bytes){ filter->data + at + 1, filter->size - at - 1 };
	return true;
}

bool topic_is_filter(struct mqtt_bytes filter)
{
	if (topic_is_shared(filter) && !skip_share(&filter))
		return false;
	for (size_t i = 0; i < filter.size; i++) {
		uint8_t c = filter.data[i];
		if (c != '#' && c != '+')
			continue;
		bool begins = !i || filter.data[i - 1] == '/';
		bool ends = i + 1 == filter.size || (c == '+' && filter.data[i + 1] == '/');
		if (!begins || !ends)
			return false;
	}
	return filter.size;
}

bool topic_is_shared(struct mqtt_bytes filter)
{
	return filter.size >= strlen(SHARED) && !memcmp(filter.data, SHARED, strlen(SHARED));
}

bool topic_matches(const char *filter, const char *topic)
{
	/* [MQTT-4.7.2-1] */
	if (*topic == '$' && (*filter == '#' || *filter == '+'))
		return false;
	while (*filter) {
		if (*filter == '#')
			return true;
		size_t level = strcspn(topic, "/"), own = strcspn(filter, "/");
		bool same = own == level && !strncmp(filter, topic, own);
		if (!same && !(*filter == '+' && own == 1))
			return false;
		filter += own;
		topic += level;
		if (!*topic) /* 4.7.1.2: "a/#" means "a" as well */
			return !*filter || !strcmp(filter, "/#");
		if (!*filter)
			return false;
		filter++;
		topic++;
		if (!*filter)
			return !*topic; /* both end with an empty level */
	}
	return !*topic;
}

/* What stands behind ecsp/v1/agents/{agent}; empty: nothing, or it is not the agent's. */
static struct mqtt_bytes behind_agent(struct mqtt_bytes topic, const char *agent)
{
	size_t prefix = strlen(ECSP_TOPIC_PREFIX), size = prefix + strlen(agent);

	if (topic.size <= size || memcmp(topic.data, ECSP_TOPIC_PREFIX, prefix) != 0 ||
	    memcmp(topic.data + prefix, agent, size - prefix) != 0)
		return (struct mqtt_bytes){ NULL, 0 };
	return (struct mqtt_bytes){ topic.data + size, topic.size - size };
}

bool topic_is_of(struct mqtt_bytes filter, const char *agent)
{
	struct mqtt_bytes behind = behind_agent(filter, agent);
	return behind.size > 1 && *behind.data == '/';
}

bool topic_is(struct mqtt_bytes topic, const char *agent, const char *tail)
{
	return mqtt_is(behind_agent(topic, agent), tail);
}

char *topic_make(const char *agent, const char *tail)
{
	return alloc_printf("%s%s%s", ECSP_TOPIC_PREFIX, agent, tail);
}
