#include "conformance/observation.h"

#include <string.h>

#include "base/form.h"

const char *const observation_kinds[] = {
	"agent.exit",
	"agent.killed",
	"agent.left",
	"agent.registered",
	"agent.start",
	"audit.lost",
	"capture.written",
	"certificate.renewed",
	"certificate.sent",
	"command.refused",
	"command.result",
	"command.result-duplicate",
	"command.result-refused",
	"command.sent",
	"configuration.reported",
	"configuration.sent",
	"configuration.set",
	"credentials.reinstated",
	"credentials.revoked",
	"credentials.rotated",
	"dns.query",
	"end",
	"enpc.reply",
	"enpc.request",
	"fault.armed",
	"fault.cleared",
	"fault.reached",
	"file.write",
	"http.malformed",
	"http.request",
	"http.response",
	"mark",
	"mark.told",
	"mqtt.auth",
	"mqtt.connack",
	"mqtt.connect",
	"mqtt.disconnect",
	"mqtt.ended",
	"mqtt.malformed",
	"mqtt.pingreq",
	"mqtt.pingresp",
	"mqtt.puback",
	"mqtt.pubcomp",
	"mqtt.publish",
	"mqtt.pubrec",
	"mqtt.pubrel",
	"mqtt.suback",
	"mqtt.subscribe",
	"mqtt.unsuback",
	"mqtt.unsubscribe",
	"panel.answer",
	"panel.request",
	"printer.action",
	"printer.operated",
	"printer.refused",
	"secret.given",
	"secret.left",
	"snmp.ignored",
	"snmp.inform-acknowledged",
	"snmp.inform-lost",
	"snmp.report",
	"snmp.request",
	"snmp.response",
	"snmp.trap",
	"socket.bind",
	"socket.destroyed",
	"socket.listen",
	"start",
	"step",
	"storage.calls",
	"storage.file",
	"tls.application",
	"tls.closed",
	"tls.failed",
	"tls.hello",
	"tls.ready",
	"upload.duplicate",
	"upload.refused",
	"upload.stored",
	"world.carrier",
	"world.counters",
	"world.error",
	"world.files",
	"world.late",
	"world.left",
	"world.sockets",
	NULL,
};

bool observation_is_known(const char *kind)
{
	for (size_t i = 0; observation_kinds[i]; i++)
		if (!strcmp(observation_kinds[i], kind))
			return true;
	return false;
}

const char *observation_nearest(const char *kind)
{
	return form_nearest(kind, observation_kinds);
}
