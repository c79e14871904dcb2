/* starts-clean: no session outlives its connection: 3.1.1 with CleanSession, 5.0 without an expiry
 * interval. Stands before MQTTAsync_connect. */
#include "agents/common/paho.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options);
int __wrap_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options);

int __wrap_MQTTAsync_connect(MQTTAsync handle, const MQTTAsync_connectOptions *options)
{
	MQTTAsync_connectOptions changed = *options;

	changed.cleansession = options->MQTTVersion != MQTTVERSION_5;
	changed.connectProperties = NULL;
	return __real_MQTTAsync_connect(handle, &changed);
}
