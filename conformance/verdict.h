/* verdict.h: the six verdicts, worst first, and the one way to combine them. */
#ifndef CONFORMANCE_VERDICT_H
#define CONFORMANCE_VERDICT_H

/* TTCN-3's order: a verdict only ever gets worse. VERDICT_COUNT is no verdict. */
enum verdict {
	VERDICT_ERROR,
	VERDICT_FAIL,
	VERDICT_INCONCLUSIVE,
	VERDICT_WARN,
	VERDICT_PASS,
	VERDICT_NOT_APPLICABLE,
	VERDICT_COUNT,
};

const char *verdict_name(enum verdict verdict); /* "not applicable" and so on */
enum verdict verdict_parse(const char *name);   /* VERDICT_COUNT if it is none */

/* The worse of two. "not applicable" beside a pass is a pass: something was shown. */
enum verdict verdict_worse(enum verdict a, enum verdict b);

#endif
