/* evidence.h: the folder of one scenario, read back: all that the judge is given. */
#ifndef CONFORMANCE_EVIDENCE_H
#define CONFORMANCE_EVIDENCE_H

#include <jansson.h>

#include "base/error.h"
#include "conformance/capture.h"
#include "conformance/scenario.h"

#define EVIDENCE_SCENARIO "scenario.yaml"
#define EVIDENCE_JOURNAL  "journal.jsonl"
#define EVIDENCE_TRUTH    "truth.jsonl"
#define EVIDENCE_CAPTURE  "capture.pcapng"
#define EVIDENCE_LOG      "agent.log"
#define EVIDENCE_RESULT   "result.json"
#define EVIDENCE_SUMS     "SHA256SUMS"

struct evidence {
	struct scenario *scenario;
	const struct part *part; /* of the scenario: main, or the twin */
	json_t *journal;         /* array of observations */
	json_t *truth;           /* array of ledger lines */
	struct capture capture;
	uint8_t *capture_bytes; /* what capture points into */
	const json_t *start;    /* line 0 of the journal, borrowed */
	int64_t wall_ns;        /* calendar time of ns 0 */
};

/* Reads a folder ("." for the current one) as that of the scenario itself or of its twin.
 * catalogue: to check the scenario. 0 or negative with err: missing file, damaged content,
 * another's evidence. */
int evidence_read(struct evidence *evidence, const char *folder, bool twin,
		  const struct catalogue *catalogue, struct error *err);
void evidence_done(struct evidence *evidence);

/* SHA256SUMS of every regular file of the folder but the sums themselves. */
int evidence_seal(const char *folder, struct error *err);

/* Every file listed is there and unchanged, the judge's files are listed, and nothing else lies
 * beside them. 0 or negative. result.json may be missing (judging again does not need it). */
int evidence_verify(const char *folder, struct error *err);

#endif
