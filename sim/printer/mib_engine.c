#include "sim/printer/device.h"
#include "sim/printer/snmp.h"
#include "sim/printer/usm.h"

/* SNMP-FRAMEWORK-MIB (RFC 3411), SNMP-MPD-MIB (RFC 3412), SNMP-TARGET-MIB (RFC 3413) and
 * SNMP-USER-BASED-SM-MIB (RFC 3414), as far as an agent that nobody configures by SNMP has them. */
void mib_add_engine(struct mib *mib, const struct device *device)
{
	if (!device->users)
		return;
	mib_live(mib, "1.3.6.1.6.3.10.2.1.1.0", MIB_OCTETS, MIB_ENGINE_ID);
	mib_live(mib, "1.3.6.1.6.3.10.2.1.2.0", MIB_INTEGER, MIB_ENGINE_BOOTS);
	mib_live(mib, "1.3.6.1.6.3.10.2.1.3.0", MIB_INTEGER, MIB_ENGINE_TIME);
	mib_number(mib, "1.3.6.1.6.3.10.2.1.4.0", MIB_INTEGER, SNMP_REQUEST_MAX);
	for (int fault = 0; fault < USM_FAULTS; fault++) {
		mib_number(mib, usm_counters[fault].dotted, MIB_COUNTER, fault);
		mib_computed(mib, MIB_V3_COUNT);
	}
}
