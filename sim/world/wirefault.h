/* wirefault.h: which packets the wire loses or delays.
 *
 * A decision depends on the seed, the direction, the flow and the packet's number in the flow, and
 * on nothing else: the same seed loses the same packets however the machine is busy. A flow is
 * known by its far end and, for TCP, by its number among the connections to it, never by a port
 * that the agent's kernel chose. */
#ifndef SIM_WORLD_WIREFAULT_H
#define SIM_WORLD_WIREFAULT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "sim/tap.h"
#include "sim/world/packet.h"

struct wirefault; /* opaque */

/* tap: "fault.reached", at the first effect of each fault and in sum when it is cleared. Borrowed.
 */
struct wirefault *wirefault_new(uint64_t seed, struct tap *tap);
void wirefault_free(struct wirefault *faults);

/* wire.loss {percent, direction}, wire.delay {ms, jitterMs, direction}, wire.down {},
 * wire.blackhole {}. direction: "up" (from the agent), "down" or "both" (default). */
int wirefault_set(struct wirefault *faults, const char *fault, const json_t *parameters,
		  struct error *err);
void wirefault_clear(struct wirefault *faults, const char *fault); /* NULL: all */

bool wirefault_is_down(const struct wirefault *faults);
/* A frame that is no IPv4 packet: lost only when the wire is down. */
bool wirefault_drops_frame(struct wirefault *faults);

struct wirefault_verdict {
	bool drop;
	uint64_t delay_ns;
};
struct wirefault_verdict wirefault_judge(struct wirefault *faults, const struct packet *packet,
					 bool from_agent);

#endif
