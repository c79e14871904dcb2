#include "sim/cloud/cert_kind.h"

#include <string.h>

#include "base/cleanup.h"

enum { MINUTE = 60, DAY = 86400, STRANGERS = 1000 };

/* clang-format off */
const struct cert_kind cert_kinds[] = {
	{ "good", "nothing is wrong", .worth = CERT_SOUND },

	/* Time: RFC 5280 4.1.2.5, both ends included. */
	{ "expired", "its time has passed since a day",
	  .leaf = { .from = -30 * DAY, .to = -DAY } },
	{ "expired-a-second", "its last second was the one before this", .fresh = true,
	  .leaf = { .to = -1 } },
	{ "not-yet-valid", "its time begins tomorrow",
	  .leaf = { .from = DAY } },
	{ "not-yet-valid-seconds", "its time begins in two seconds", .fresh = true,
	  .leaf = { .from = 2 } },
	{ "just-valid", "its time began this second", .worth = CERT_SOUND, .fresh = true,
	  .leaf = { .from = -1 } },
	{ "nearly-expired", "its time ends in a minute", .worth = CERT_SOUND, .fresh = true,
	  .leaf = { .to = MINUTE } },
	{ "expired-intermediate", "an intermediate's time has passed",
	  .path = CERT_PATH_ONE, .middle = { .from = -30 * DAY, .to = -DAY } },
	{ "not-yet-valid-intermediate", "an intermediate's time begins tomorrow",
	  .path = CERT_PATH_ONE, .middle = { .from = DAY } },
	{ "expired-root", "the authority is trusted, but its time has passed",
	  .path = CERT_PATH_OLD },

	/* Trust: RFC 5280 6. */
	{ "self-signed", "nobody but itself vouches for it", .path = CERT_PATH_ITSELF },
	{ "untrusted", "an authority that is not trusted vouches for it",
	  .path = CERT_PATH_UNKNOWN },
	{ "incomplete-chain", "the intermediate is not sent",
	  .path = CERT_PATH_ONE, .sent = CERT_SENT_LEAF },
	{ "loop", "two intermediates vouch for each other", .path = CERT_PATH_LOOP },
	{ "leaf-as-authority", "a good server certificate vouches for it",
	  .path = CERT_PATH_LEAF },
	{ "no-authority-bit", "the intermediate is no authority",
	  .path = CERT_PATH_ONE, .middle = { .constraints = "critical,CA:FALSE" } },
	{ "no-sign-usage", "the intermediate's key is not for signing certificates",
	  .path = CERT_PATH_ONE, .middle = { .usage = "critical,cRLSign,digitalSignature" } },
	{ "path-length", "one intermediate more than the first one may have below it",
	  .path = CERT_PATH_TWO, .middle = { .constraints = "critical,CA:TRUE,pathlen:0" } },
	{ "name-not-permitted", "the intermediate may only vouch for another domain",
	  .path = CERT_PATH_ONE, .middle = { .name_constraints = "critical,permitted;DNS:other.example" } },
	{ "name-excluded", "the intermediate may not vouch for this domain",
	  .path = CERT_PATH_ONE, .middle = { .name_constraints = "critical,excluded;DNS:ecsp.example" } },

	/* Sound ways to send a chain. */
	{ "chain", "with an intermediate", .worth = CERT_SOUND, .path = CERT_PATH_ONE },
	{ "chain-of-two", "with two intermediates", .worth = CERT_SOUND, .path = CERT_PATH_TWO },
	{ "chain-permitted", "with an intermediate that may vouch for this domain only",
	  .worth = CERT_SOUND, .path = CERT_PATH_ONE,
	  .middle = { .name_constraints = "critical,permitted;DNS:ecsp.example" } },
	{ "chain-reversed", "intermediates in the wrong order", .worth = CERT_OPEN,
	  .path = CERT_PATH_TWO, .sent = CERT_SENT_REVERSED },
	{ "chain-twice", "each intermediate twice", .worth = CERT_OPEN,
	  .path = CERT_PATH_ONE, .sent = CERT_SENT_TWICE },
	{ "chain-with-root", "the authority is sent too", .worth = CERT_SOUND,
	  .path = CERT_PATH_ONE, .sent = CERT_SENT_ROOT },
	{ "chain-with-stranger", "a certificate is sent that has nothing to do with it",
	  .worth = CERT_OPEN, .path = CERT_PATH_ONE, .sent = CERT_SENT_STRANGER },
	{ "huge-chain", "many certificates are sent that have nothing to do with it",
	  .worth = CERT_OPEN, .path = CERT_PATH_ONE, .sent = CERT_SENT_MANY },
	{ "many-names", "stands for a thousand other hosts too", .worth = CERT_SOUND,
	  .leaf = { .more_names = STRANGERS } },

	/* Names: RFC 9525, RFC 5280 4.2.1.6. */
	{ "wrong-host", "made for another host",
	  .leaf = { .common_name = "wrong.ecsp.example", .names = "dns:wrong.ecsp.example" } },
	{ "sub-host", "made for a host below this one",
	  .leaf = { .names = "dns:sub.@.ecsp.example" } },
	{ "parent-host", "made for the domain above",
	  .leaf = { .names = "dns:ecsp.example" } },
	{ "suffix-host", "made for a host whose name begins with this one",
	  .leaf = { .names = "dns:@.ecsp.example.attacker.example" } },
	{ "lookalike-host", "made for a name that only looks the same (IDN)",
	  .leaf = { .names = "dns:xn--80a1aa3e.ecsp.example" } },
	{ "underscore-host", "made for a name that differs by an underscore",
	  .leaf = { .names = "dns:@_.ecsp.example" } },
	{ "wildcard", "made for every host of the domain", .worth = CERT_SOUND,
	  .leaf = { .names = "dns:*.ecsp.example" } },
	{ "wildcard-below", "a wildcard for the hosts below this one",
	  .leaf = { .names = "dns:*.@.ecsp.example" } },
	{ "wildcard-two-labels", "a wildcard that would have to stand for two labels",
	  .leaf = { .names = "dns:*.example" } },
	{ "wildcard-twice", "two labels are wildcards",
	  .leaf = { .names = "dns:*.*.example" } },
	{ "wildcard-inside", "the wildcard is not the first label",
	  .leaf = { .names = "dns:@.*.example" } },
	{ "wildcard-all", "a wildcard alone",
	  .leaf = { .names = "dns:*" } },
	{ "wildcard-partial", "the wildcard is part of a label",
	  .leaf = { .names = "dns:@*.ecsp.example" } },
	{ "upper-case", "the name in capital letters", .worth = CERT_SOUND,
	  .leaf = { .names = "dns:@.ECSP.EXAMPLE" } },
	{ "trailing-dot", "the name ends in a dot", .worth = CERT_OPEN,
	  .leaf = { .names = "dns:@.ecsp.example." } },
	{ "nul-in-name", "the name goes on behind a NUL",
	  .leaf = { .names = "dns:@.ecsp.example%.attacker.example" } },
	{ "common-name-only", "no subjectAltName: only the common name is right",
	  .leaf = { .names = "" } },
	{ "common-name-beside", "the common name is right, the subjectAltName is not",
	  .leaf = { .names = "dns:wrong.ecsp.example" } },
	{ "address", "made for the cloud's addresses",
	  .leaf = { .names = "ip:127.0.0.1 ip:198.51.100.10 ip:198.51.100.11" } },
	{ "address-as-name", "the cloud's addresses, written as names",
	  .leaf = { .names = "dns:127.0.0.1 dns:198.51.100.10 dns:198.51.100.11" } },

	/* Purpose: RFC 5280 4.2.1.3, 4.2.1.12. */
	{ "client-usage", "only for clients",
	  .leaf = { .extended_usage = "clientAuth" } },
	{ "any-usage", "for anything", .worth = CERT_OPEN,
	  .leaf = { .extended_usage = "anyExtendedKeyUsage" } },
	{ "no-extended-usage", "for nothing in particular", .worth = CERT_OPEN,
	  .leaf = { .extended_usage = "" } },
	{ "wrong-key-usage", "the key is not for signatures",
	  .leaf = { .usage = "critical,dataEncipherment" } },
	{ "unknown-critical", "a critical extension that nobody knows",
	  .leaf = { .unknown_critical = true } },

	/* Strength: RFC 9325 4.5. */
	{ "rsa", "an RSA key of 2048 bits", .worth = CERT_SOUND,
	  .leaf = { .key = CERT_KEY_RSA_2048, .usage = "critical,digitalSignature,keyEncipherment" } },
	{ "p384", "a key on the curve P-384", .worth = CERT_SOUND,
	  .leaf = { .key = CERT_KEY_P384 } },
	{ "rsa-1024", "an RSA key of 1024 bits",
	  .leaf = { .key = CERT_KEY_RSA_1024 } },
	{ "sha1", "signed with SHA-1", .leaf = { .hash = "SHA1" } },
	{ "md5", "signed with MD5", .path = CERT_PATH_ONE,
	  .leaf = { .hash = "MD5" }, .middle = { .key = CERT_KEY_RSA_2048 } },
	{ "sha1-intermediate", "the intermediate is signed with SHA-1",
	  .path = CERT_PATH_ONE, .middle = { .hash = "SHA1" } },

	/* Bytes. */
	{ "bad-signature", "a bit of the signature is wrong",
	  .leaf = { .tamper = CERT_TAMPER_SIGNATURE } },
	{ "bad-intermediate-signature", "a bit of an intermediate's signature is wrong",
	  .path = CERT_PATH_ONE, .middle = { .tamper = CERT_TAMPER_SIGNATURE } },
	{ "replaced-key", "the key is another than the one that was signed",
	  .leaf = { .tamper = CERT_TAMPER_KEY } },
	{ "other-algorithm", "the signature's algorithm is named in two ways",
	  .leaf = { .tamper = CERT_TAMPER_ALGORITHM } },
	{ "empty", "a list without a certificate (TLS 1.2)", .sent = CERT_SENT_NOTHING },
	{ "garbled", "the certificate ends early (TLS 1.2)", .sent = CERT_SENT_GARBLED },

	/* Revocation: RFC 6960, RFC 7633. Open: only who declares to look can be held to it. */
	{ "revoked", "the stapled OCSP response says revoked", .worth = CERT_OPEN,
	  .path = CERT_PATH_ONE,
	  .staple = CERT_STAPLE_REVOKED },
	{ "stale-staple", "the time of the stapled OCSP response has passed", .worth = CERT_OPEN,
	  .path = CERT_PATH_ONE,
	  .staple = CERT_STAPLE_STALE },
	{ "foreign-staple", "an unknown authority signed the OCSP response", .worth = CERT_OPEN,
	  .path = CERT_PATH_ONE,
	  .staple = CERT_STAPLE_FOREIGN },
	{ "no-staple", "no OCSP response", .worth = CERT_OPEN, .path = CERT_PATH_ONE,
	  .staple = CERT_STAPLE_NONE },
	{ "must-staple", "demands an OCSP response, and there is one", .worth = CERT_SOUND,
	  .path = CERT_PATH_ONE, .leaf = { .must_staple = true } },
	{ "must-staple-missing", "demands an OCSP response, and there is none",
	  .worth = CERT_OPEN, .path = CERT_PATH_ONE,
	  .staple = CERT_STAPLE_NONE, .leaf = { .must_staple = true } },
};

const size_t cert_kind_count = COUNT_OF(cert_kinds);

const char *const cert_fault_names[] = {
	"expired", "expired-a-second", "not-yet-valid", "not-yet-valid-seconds", "just-valid",
	"nearly-expired", "expired-intermediate", "not-yet-valid-intermediate", "expired-root",
	"self-signed", "untrusted", "incomplete-chain", "loop", "leaf-as-authority",
	"no-authority-bit", "no-sign-usage", "path-length", "name-not-permitted", "name-excluded",
	"chain", "chain-of-two", "chain-permitted", "chain-reversed", "chain-twice",
	"chain-with-root", "chain-with-stranger", "huge-chain", "many-names", "wrong-host",
	"sub-host", "parent-host", "suffix-host", "lookalike-host", "underscore-host", "wildcard",
	"wildcard-below", "wildcard-two-labels", "wildcard-twice", "wildcard-inside",
	"wildcard-all", "wildcard-partial", "upper-case", "trailing-dot", "nul-in-name",
	"common-name-only", "common-name-beside", "address", "address-as-name", "client-usage",
	"any-usage", "no-extended-usage", "wrong-key-usage", "unknown-critical", "rsa", "p384",
	"rsa-1024", "sha1", "md5", "sha1-intermediate", "bad-signature",
	"bad-intermediate-signature", "replaced-key", "other-algorithm",
	"empty", "garbled", "revoked", "stale-staple", "foreign-staple", "no-staple", "must-staple",
	"must-staple-missing", NULL,
};
/* clang-format on */
_Static_assert(COUNT_OF(cert_fault_names) == COUNT_OF(cert_kinds), "a kind without a name");

int cert_kind_find(const char *name)
{
	for (size_t i = 0; i < cert_kind_count; i++)
		if (!strcmp(cert_kinds[i].name, name))
			return (int)i;
	return -1;
}
