/* recorder.h: the frames of the wire and the plaintext inside TLS, kept in order and written as one
 * pcapng: secrets block first, so that tshark and Wireshark open it decrypted. */
#ifndef SIM_WORLD_RECORDER_H
#define SIM_WORLD_RECORDER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct recorder; /* opaque */

struct recorder *recorder_new(void);
void recorder_free(struct recorder *recorder);

/* An Ethernet frame on interface 0 ("eth0"). Returns its number in the capture, from 1, as
 * Wireshark counts (both interfaces together), or 0 when the ceiling of 512 MiB was reached: it is
 * then counted as lost and the counters of the kernel will not agree. */
uint64_t recorder_frame(struct recorder *recorder, int64_t wall_ns, bool from_agent,
			const void *frame, size_t size);

/* A piece of plaintext on interface 1 ("cloud-plaintext", LINKTYPE 252 upper PDU). */
struct recorder_plaintext {
	const char *protocol; /* "http", "mqtt" */
	bool from_agent;
	uint32_t agent_address, cloud_address;
	uint16_t agent_port, cloud_port;
};
uint64_t recorder_plaintext(struct recorder *recorder, int64_t wall_ns,
			    const struct recorder_plaintext *piece, const void *data, size_t size);

void recorder_secret(struct recorder *recorder, const char *keylog_line);
void recorder_name(struct recorder *recorder, uint32_t address, const char *name); /* name block */

/* Counters for the statistics block: frames the kernel counted on eth0, and frames that are missing
 * here for whatever reason. */
void recorder_counters(struct recorder *recorder, uint64_t received, uint64_t dropped);

uint64_t recorder_frames(const struct recorder *recorder); /* on interface 0 */
uint64_t recorder_lost(const struct recorder *recorder);   /* not kept: the ceiling */

/* A remark on a frame, by its number: Wireshark shows it as the packet's comment. False if there is
 * no such frame. Copied; a second remark on a frame follows the first after "; ". */
bool recorder_comment(struct recorder *recorder, uint64_t number, const char *text);

/* Writes the file: SHB, IDBs, NRB, DSB, EPBs, ISB. */
int recorder_write(const struct recorder *recorder, const char *path, const char *comment,
		   struct error *err);

#endif
