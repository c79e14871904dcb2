/* believes-session: who has subscribed once need not again, whatever the broker remembers. Stands
 * before MQTTAsync_subscribe. */
#include <unistd.h>

#include "agents/common/paho.h"
#include "base/file.h"

/* The linker (--wrap) puts the second in the place of the first. */
int __real_MQTTAsync_subscribe(MQTTAsync handle, const char *topic, int qos,
			       MQTTAsync_responseOptions *response);
int __wrap_MQTTAsync_subscribe(MQTTAsync handle, const char *topic, int qos,
			       MQTTAsync_responseOptions *response);

int __wrap_MQTTAsync_subscribe(MQTTAsync handle, const char *topic, int qos,
			       MQTTAsync_responseOptions *response)
{
	static const char mark[] = "subscribed"; /* it works in its state folder */
	struct error err = { 0 };
	MQTTAsync_successData data = { .alt.qos = 1 };
	MQTTAsync_successData5 data5 = MQTTAsync_successData5_initializer;

	if (access(mark, F_OK) < 0) {
		file_write(mark, "", 0, &err);
		return __real_MQTTAsync_subscribe(handle, topic, qos, response);
	}
	if (response->onSuccess)
		response->onSuccess(response->context, &data);
	if (response->onSuccess5)
		response->onSuccess5(response->context, &data5);
	return MQTTASYNC_SUCCESS;
}
