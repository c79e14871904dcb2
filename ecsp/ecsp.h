/* ecsp.h: the names of the contract between agents and the cloud. Names only: each side encodes and
 * decodes for itself, so that a mistake must be made twice to hide. Shapes: ecsp/openapi.yaml,
 * ecsp/asyncapi.yaml, ecsp/schemas; in words: ecsp/README.md. */
#ifndef ECSP_ECSP_H
#define ECSP_ECSP_H

#define ECSP_PORT 443 /* NET-2, NET-3, NET-5..8 */

/* HTTPS, below ECSP_API. {agent} is the agent id, A01. */
#define ECSP_PATH_CERTIFICATE     "/v1/certificate" /* GET, no login: REM-1 */
#define ECSP_PATH_AGENTS          "/v1/agents/"     /* PUT {agent}: registration */
#define ECSP_PATH_RECORDS         "/records"        /* POST /v1/agents/{agent}/records: upload */
#define ECSP_PATH_CONFIGURATION   "/configuration"  /* GET: what this agent is to do */
#define ECSP_PATH_APPLIED         "/configuration/applied" /* PUT: what it made of it */
#define ECSP_HEADER_CONFIGURATION "ECSP-Configuration"     /* in answers: which one is the newest */
#define ECSP_HEADER_KEY           "Idempotency-Key" /* one value per upload, the same on a resend */

/* MQTT 3.1.1 over TLS, client id = user name = agent id, password = agent secret. */
#define ECSP_TOPIC_PREFIX   "ecsp/v1/agents/"
#define ECSP_TOPIC_COMMANDS "/commands" /* cloud to agent, QoS 1 */
#define ECSP_TOPIC_RESULTS  "/results"  /* agent to cloud, QoS 1 */
#define ECSP_ALPN_MQTT      "mqtt"
#define ECSP_ALPN_HTTP      "http/1.1"

/* Operations of a command: REM-3. */
#define ECSP_OP_STATUS   "status"
#define ECSP_OP_CLEAN    "clean"
#define ECSP_OP_DIAGNOSE "diagnose"

/* Outcomes of a command. */
#define ECSP_DONE "done"
#define ECSP_REFUSED                                                                               \
	"refused" /* with a reason: not-designated, expired, unsupported, malformed                \
		   */
#define ECSP_FAILED  "failed"
#define ECSP_APPLIED "applied" /* of a configuration; or ECSP_REFUSED: malformed, older */

/* A04, why a record was collected. */
#define ECSP_SCHEDULED "scheduled"
#define ECSP_EVENT     "event"
#define ECSP_COMMAND   "command"

/* The project's branch for what real printers do not expose; 32473 is kept for documentation by
 * RFC 5612. See docs/printer-extension.md. */
#define ECSP_EXTENSION_OID 1, 3, 6, 1, 4, 1, 32473

#endif
