#include "sim/cloud/alert.h"

#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"

const char *const alert_names[] = {
	"close_notify",
	"unexpected_message",
	"bad_record_mac",
	"decryption_failed",
	"record_overflow",
	"decompression_failure",
	"handshake_failure",
	"no_certificate",
	"bad_certificate",
	"unsupported_certificate",
	"certificate_revoked",
	"certificate_expired",
	"certificate_unknown",
	"illegal_parameter",
	"unknown_ca",
	"access_denied",
	"decode_error",
	"decrypt_error",
	"export_restriction",
	"protocol_version",
	"insufficient_security",
	"internal_error",
	"inappropriate_fallback",
	"user_canceled",
	"no_renegotiation",
	"missing_extension",
	"unsupported_extension",
	"certificate_unobtainable",
	"unrecognized_name",
	"bad_certificate_status_response",
	"bad_certificate_hash_value",
	"unknown_psk_identity",
	"certificate_required",
	"no_application_protocol",
	NULL,
};

/* In the order of the names. */
static const unsigned char numbers[] = { 0,   10,  20,  21,  22,  30,  40,  41,  42,  43, 44, 45,
					 46,  47,  48,  49,  50,  51,  60,  70,  71,  80, 86, 90,
					 100, 109, 110, 111, 112, 113, 114, 115, 116, 120 };
_Static_assert(COUNT_OF(numbers) + 1 == COUNT_OF(alert_names), "an alert without a number");

const char *alert_name(int number)
{
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (numbers[i] == number)
			return alert_names[i];
	return "unassigned";
}

int alert_number(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		if (!strcmp(alert_names[i], name))
			return numbers[i];
	return -1;
}
