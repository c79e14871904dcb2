/* peers.h: SNMPv3 as the asker of many engines: who each is, and requests under its keys. The user
 * is bench, SHA-256 and AES-128, authPriv. */
#ifndef CI_BENCH_D_PEERS_H
#define CI_BENCH_D_PEERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PEERS_USER      "bench"
#define PEERS_AUTH_WORD "authentic-1"
#define PEERS_PRIV_WORD "concealed-1"

struct usm_users *peers_user(void); /* bench alone; caller owns */

struct peers; /* opaque; lives as long as the process */

struct peers *peers_new(size_t count);

/* A request that anybody answers with who he is. Returns its size. */
size_t peers_ask_who(uint32_t id, uint8_t *out);
bool peers_learn(struct peers *peers, size_t peer, const uint8_t *data, size_t size);

/* A PDU, whose request-id is at byte 4, to a peer that is known. */
size_t peers_put(struct peers *peers, size_t peer, uint32_t id, const uint8_t *pdu, size_t pdu_size,
		 uint8_t *out);

/* msgID of an answer: one that is as well protected as the request was, or a report to who. */
bool peers_read_id(const uint8_t *data, size_t size, bool to_who, uint32_t *id);

#endif
