/* overruns: publishes one result after the other, however few the server takes at once. Stands
 * before mqtt_new, mqtt_publish and MQTTAsync_connect. */
#include "agents/common/paho.h"
#include "agents/faulty/hasty.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options);
int __wrap_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options);

static MQTTAsync_onSuccess5 *connected;

/* The library obeys what it finds in CONNACK after this call back. */
static void on_connected(void *context, MQTTAsync_successData5 *data)
{
	connected(context, data);
	for (int i = 0; i < data->properties.count; i++)
		if (data->properties.array[i].identifier == MQTTPROPERTY_CODE_RECEIVE_MAXIMUM)
			data->properties.array[i].value.integer2 = UINT16_MAX;
}

int __wrap_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options)
{
	MQTTAsync_connectOptions changed = *options;

	connected = options->onSuccess5;
	changed.onSuccess5 = connected ? on_connected : NULL;
	return __real_MQTTAsync_connect(handle, &changed);
}
