/* usm_answer.h: SNMPv3 as a printer speaks it: its engine, and its answer to a message. The request
 * inside is answered like one of v2c, by fastpath.h or snmp.h, so the versions cannot disagree. */
#ifndef SIM_PRINTER_USM_ANSWER_H
#define SIM_PRINTER_USM_ANSWER_H

#include "sim/printer/fastpath.h"
#include "sim/printer/fleet.h"
#include "sim/printer/usm.h"

/* A printer as an engine, now. id points into bytes. */
enum { USM_ENGINE_SIZE = 11 };
struct usm_engine usm_engine_of(const struct device *device, uint8_t bytes[USM_ENGINE_SIZE]);

/* What the printer, which has users, remembers as an engine. */
struct usm *usm_of(struct device *device);

/* Whether the datagram begins like a v3 message and the printer has users: usm_answer is for it. */
bool usm_is_asked(const struct device *device, const struct datagram *in);

/* True: the answer, perhaps a report, is in room. False: there is none; why was told. */
bool usm_answer(struct device *device, const struct datagram *in, uint8_t room[FASTPATH_ROOM],
		struct span *answer);

#endif
