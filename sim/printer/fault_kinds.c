#include "base/cleanup.h"
#include "sim/printer/fault.h"

/* Every deliberate fault of a printer. The order of the rows is the order in which those that are
 * armed are applied: what is answered, how it is written, how it is sent. docs/faults.md is made
 * of this table. */

enum {
	COUNT_MAX = 1000000000,
	MS_MAX = 600000,
	DAY_MS = 86400000,
	DEPTH_MAX = 16000,
	NUMBER_MAX = 2147483647
};

static const char *const protocols[] = { "snmp", "enpc", "both", NULL };

#define P(name, type, min, max, help)                                                              \
	{                                                                                          \
		name, PARAMETER_##type, false, min, max, NULL, help                                \
	}
#define N(name, names, help)                                                                       \
	{                                                                                          \
		name, PARAMETER_NAME, false, 0, 0, names, help                                     \
	}

/* What every fault can be told: when, and how often. */
#define OF_ENPC                                                                                    \
	P("from", DURATION, 0, DAY_MS, "begins that long after it was armed"),                     \
		P("for", DURATION, 1, DAY_MS, "ends that long after it began"),                    \
		P("count", INT, 1, COUNT_MAX, "ends after so many answers; default: never"),       \
		P("every", INT, 1, COUNT_MAX, "only each n-th answer; default: each"),             \
	{                                                                                          \
		.name = NULL                                                                       \
	}
#define OF_SNMP P("oid", TEXT, 0, 0, "only what is named so or below"), OF_ENPC
#define OF_BOTH N("protocol", protocols, "only this one; default both"), OF_SNMP

static const struct parameter of_enpc[] = { OF_ENPC };
static const struct parameter of_snmp[] = { OF_SNMP };
static const struct parameter of_both[] = { OF_BOTH };

static const struct parameter of_type[] = {
	N("type", spoil_types, "default gauge"),
	P("keep", BOOL, 0, 0, "true: the bytes of the value stay, only the tag is another"),
	OF_SNMP,
};
static const struct parameter of_nested[] = {
	P("depth", INT, 1, DEPTH_MAX, "default 500"),
	OF_SNMP,
};
static const struct parameter of_increasing[] = {
	N("to", spoil_directions,
	  "same: the name that was asked; back: one before it; loop: at the end of a table, its "
	  "first row again; default same"),
	OF_SNMP,
};
static const struct parameter of_status[] = {
	{ "status", PARAMETER_INT, true, 1, 18, NULL, "error-status, RFC 3416: 1 to 18" },
	P("index", INT, 0, NUMBER_MAX, "error-index; default: of the first name that is meant"),
	OF_SNMP,
};
static const struct parameter of_too_big[] = {
	P("over", INT, 0, 255, "answers with more varbinds than this; default 1"),
	OF_SNMP,
};
static const struct parameter of_community[] = {
	P("community", TEXT, 0, 0, "default wrong"),
	OF_SNMP,
};
static const struct parameter of_version[] = {
	P("number", INT, 0, 127, "0: v1, 1: v2c, 3: v3; default: the other of the first two"),
	OF_SNMP,
};
static const struct parameter of_pdu[] = {
	N("pdu", spoil_pdus, "default report"),
	OF_SNMP,
};
static const struct parameter of_huge[] = {
	N("of", spoil_places, "the message, or its last value; default message"),
	OF_SNMP,
};
static const struct parameter of_enpc_length[] = {
	P("by", INT, -65535, 65535, "that much more; default 1"),
	OF_ENPC,
};
static const struct parameter of_enpc_result[] = {
	P("result", INT, 0, 65535, "default 61440 (F000)"),
	OF_ENPC,
};
static const struct parameter of_mutated[] = {
	P("seed", INT, 0, NUMBER_MAX, "the same seed gives the same damage; default 1"),
	P("rate", INT, 1, 100, "percent of the answers; default 100"),
	P("changes", INT, 1, 100, "in one answer; default 1"),
	OF_BOTH,
};
static const struct parameter of_truncated[] = {
	P("bytes", INT, 0, SPOIL_DATAGRAM_MAX, "that are left; default half of them"),
	OF_BOTH,
};
static const struct parameter of_trailing[] = {
	P("bytes", INT, 1, SPOIL_DATAGRAM_MAX, "default 16"),
	P("seed", INT, 0, NUMBER_MAX, "of what they are; default 1"),
	OF_BOTH,
};
static const struct parameter of_garbage[] = {
	P("bytes", INT, 1, SPOIL_DATAGRAM_MAX, "default: as many as the answer has"),
	P("seed", INT, 0, NUMBER_MAX, "of what they are; default 1"),
	OF_BOTH,
};
static const struct parameter of_oversized[] = {
	P("bytes", INT, 1, SPOIL_DATAGRAM_MAX, "of the whole datagram; default 65507, all of UDP"),
	OF_BOTH,
};
static const struct parameter of_address[] = {
	P("address", TEXT, 0, 0, "IPv4; default: that of the neighbour, last bit flipped"),
	OF_BOTH,
};
static const struct parameter of_port[] = {
	P("port", INT, 1, 65535, "default 40161"),
	OF_BOTH,
};
static const struct parameter of_copies[] = {
	P("copies", INT, 1, 1000, "beside the first; default 1"),
	P("apartMs", INT, 0, MS_MAX, "from one to the next; default 0"),
	OF_BOTH,
};
static const struct parameter of_delay[] = {
	{ "ms", PARAMETER_INT, true, 1, MS_MAX, NULL, "how much later" },
	OF_BOTH,
};

const struct fault_kind fault_kinds[] = {
	{ { "printer.silent", "swallows requests and does nothing", of_both }, .silent = true },
	{ { "printer.answer-lost", "does what is asked and sends no answer", of_both },
	  .snmp = spoil_lost,
	  .enpc = spoil_lost },

	{ { "printer.wrong-type", "values have another type", of_type }, .draft = spoil_type },
	{ { "printer.negative", "numbers and counters are below zero", of_snmp },
	  .draft = spoil_negative },
	{ { "printer.non-increasing", "names of a walk do not grow", of_increasing },
	  .draft = spoil_non_increasing },
	{ { "printer.endless-table", "tables have always one more row", of_snmp },
	  .draft = spoil_endless },
	{ { "printer.renamed-varbind", "values stand under the name of a neighbour", of_snmp },
	  .draft = spoil_renamed },
	{ { "printer.missing-varbind", "the last varbind is left out, or those below oid",
	    of_snmp },
	  .draft = spoil_missing },
	{ { "printer.extra-varbind", "one varbind more than was asked for", of_snmp },
	  .draft = spoil_extra },
	{ { "printer.reordered-varbinds", "varbinds come in reverse order", of_snmp },
	  .draft = spoil_reordered },
	{ { "printer.no-varbinds", "there is no varbind at all", of_snmp }, .draft = spoil_none },
	{ { "printer.error-status", "answers carry an error-status", of_status },
	  .draft = spoil_error_status },
	{ { "printer.too-big", "answers of some size are refused with tooBig", of_too_big },
	  .draft = spoil_too_big },
	{ { "printer.wrong-request-id", "answers carry another request-id", of_snmp },
	  .draft = spoil_request_id },
	{ { "printer.wrong-community", "answers carry another community", of_community },
	  .draft = spoil_community },
	{ { "printer.wrong-pdu", "answers are a PDU of another type", of_pdu },
	  .draft = spoil_pdu },
	{ { "printer.deep-nesting", "a value is sequences within sequences", of_nested },
	  .draft = spoil_nested },
	{ { "printer.wrong-version", "answers carry another version number", of_version },
	  .draft = spoil_version },

	{ { "printer.enpc-error", "replies carry an error result and no payload", of_enpc_result },
	  .enpc = spoil_enpc_error },
	{ { "printer.enpc-wrong-letter", "replies to another kind of packet", of_enpc },
	  .enpc = spoil_enpc_letter },
	{ { "printer.enpc-wrong-device", "replies of another device type", of_enpc },
	  .enpc = spoil_enpc_device },
	{ { "printer.enpc-wrong-function", "replies to another function", of_enpc },
	  .enpc = spoil_enpc_function },
	{ { "printer.enpc-wrong-magic", "replies do not begin with EPSON", of_enpc },
	  .enpc = spoil_enpc_magic },

	{ { "printer.oversized", "datagrams are well-formed and up to 64 KiB long", of_oversized },
	  .draft = spoil_oversized,
	  .enpc = spoil_enpc_oversized },
	{ { "printer.enpc-wrong-length", "the length field of replies lies", of_enpc_length },
	  .enpc = spoil_enpc_length },
	{ { "printer.overlong-lengths", "every BER length takes five bytes, which is allowed",
	    of_snmp },
	  .snmp = spoil_overlong },
	{ { "printer.huge-length", "a BER length says 2 GiB", of_huge },
	  .snmp = spoil_huge_length },
	{ { "printer.indefinite-length", "the message has BER's indefinite length", of_snmp },
	  .snmp = spoil_indefinite },
	{ { "printer.malformed-snmp", "SNMP answers end before the message does", of_snmp },
	  .snmp = spoil_malformed },
	{ { "printer.mutated", "bytes and BER elements are changed by chance", of_mutated },
	  .snmp = spoil_mutated,
	  .enpc = spoil_mutated },
	{ { "printer.truncated", "datagrams are cut", of_truncated },
	  .snmp = spoil_truncated,
	  .enpc = spoil_truncated },
	{ { "printer.trailing-bytes", "bytes of chance stand behind the end", of_trailing },
	  .snmp = spoil_trailing,
	  .enpc = spoil_trailing },
	{ { "printer.garbage", "datagrams are bytes of chance", of_garbage },
	  .snmp = spoil_garbage,
	  .enpc = spoil_garbage },
	{ { "printer.empty", "datagrams have no byte", of_both },
	  .snmp = spoil_empty,
	  .enpc = spoil_empty },

	{ { "printer.late-answer", "answers come when they are asked for again", of_both },
	  .late = true },
	{ { "printer.wrong-address", "answers come from another address", of_address },
	  .snmp = spoil_address,
	  .enpc = spoil_address },
	{ { "printer.wrong-port", "answers come from another port", of_port },
	  .snmp = spoil_port,
	  .enpc = spoil_port },
	{ { "printer.duplicate", "answers come more than once", of_copies },
	  .snmp = spoil_copies,
	  .enpc = spoil_copies },
	{ { "printer.delay", "answers come later", of_delay },
	  .snmp = spoil_delay,
	  .enpc = spoil_delay },
};

const size_t fault_kind_count = COUNT_OF(fault_kinds);
const struct verb_list device_faults = VERB_LIST(fault_kinds);
