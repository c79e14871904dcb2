#include "sim/cloud/cert_make.h"

#include <arpa/inet.h>
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/cleanup.h"

/* Below the number that RFC 5612 keeps for documentation. */
#define UNKNOWN_OID "1.3.6.1.4.1.32473.99"

enum { SERIAL_BITS = 127, NAMES_MAX = 65536 };

int cert_error(struct error *err, const char *what)
{
	const char *why = ERR_reason_error_string(ERR_get_error());
	return error_set(err, EIO, "certificate: %s: %s", what, why ? why : "unknown reason");
}

/* Of three primes, which nobody sees from outside, and which are found three times as fast. */
static EVP_PKEY *new_rsa(void)
{
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	EVP_PKEY *key = NULL;

	if (!context || EVP_PKEY_keygen_init(context) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_bits(context, 2048) != 1 ||
	    EVP_PKEY_CTX_set_rsa_keygen_primes(context, 3) != 1 ||
	    EVP_PKEY_generate(context, &key) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

static EVP_PKEY *new_key(enum cert_key key)
{
	switch (key) {
	case CERT_KEY_P256:
		return EVP_EC_gen("P-256");
	case CERT_KEY_P384:
		return EVP_EC_gen("P-384");
	case CERT_KEY_RSA_2048:
		return new_rsa();
	case CERT_KEY_RSA_1024:
		return EVP_RSA_gen(1024);
	}
	return NULL;
}

static bool set_serial(X509 *x509)
{
	BIGNUM *number = BN_new();
	bool set = number && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) &&
		   BN_to_ASN1_INTEGER(number, X509_get_serialNumber(x509));
	BN_free(number);
	return set;
}

static bool set_names(X509 *x509, const char *common_name, X509 *issuer)
{
	X509_NAME *name = X509_get_subject_name(x509);
	return X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8,
					  (const unsigned char *)"ECSP simulation", -1, -1, 0) &&
	       X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
					  (const unsigned char *)common_name, -1, -1, 0) &&
	       X509_set_issuer_name(x509, X509_get_subject_name(issuer));
}

/* ---- names ---- */

static bool push_name(GENERAL_NAMES *names, int type, ASN1_STRING *value)
{
	GENERAL_NAME *name = GENERAL_NAME_new();

	if (!name || !value) {
		GENERAL_NAME_free(name);
		ASN1_STRING_free(value);
		return false;
	}
	GENERAL_NAME_set0_value(name, type, value);
	if (sk_GENERAL_NAME_push(names, name))
		return true;
	GENERAL_NAME_free(name);
	return false;
}

/* Built by hand: OpenSSL's configuration cannot say a NUL. */
static bool push_dns(GENERAL_NAMES *names, const char *text, size_t size, const char *label)
{
	ASN1_STRING *value = ASN1_IA5STRING_new();
	struct buf host;

	buf_init(&host, NAMES_MAX);
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '@')
			buf_add_text(&host, label);
		else
			buf_add_u8(&host, text[i] == '%' ? 0 : (uint8_t)text[i]);
	}
	if (value)
		ASN1_STRING_set(value, host.data, (int)host.size);
	buf_done(&host);
	return push_name(names, GEN_DNS, value);
}

static bool push_ip(GENERAL_NAMES *names, const char *text, size_t size)
{
	AUTO_FREE char *word = alloc_bytes(text, size);
	ASN1_STRING *value = ASN1_OCTET_STRING_new();
	struct in_addr address;

	if (value && inet_pton(AF_INET, word, &address) == 1)
		ASN1_STRING_set(value, &address, sizeof(address));
	return push_name(names, GEN_IPADD, value);
}

static bool push_names(GENERAL_NAMES *names, const struct cert_plan *plan, const char *label)
{
	bool added = true;

	for (int i = 0; added && i < plan->more_names; i++) {
		AUTO_FREE char *other = alloc_printf("host-%d.other.example", i);
		added = push_dns(names, other, strlen(other), label);
	}
	for (const char *at = plan->names; added && *at;) {
		size_t size = strcspn(at, " ");
		if (!strncmp(at, "ip:", 3))
			added = push_ip(names, at + 3, size - 3);
		else
			added = push_dns(names, at + 4, size - 4, label);
		at += size + strspn(at + size, " ");
	}
	return added;
}

static bool add_alternative_names(X509 *x509, const struct cert_plan *plan, const char *label)
{
	GENERAL_NAMES *names = GENERAL_NAMES_new();
	bool added = names && push_names(names, plan, label) &&
		     X509_add1_ext_i2d(x509, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT);
	GENERAL_NAMES_free(names);
	return added;
}

/* ---- extensions ---- */

static bool add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;

	if (!value || !*value)
		return true;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool added = extension && X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
	return added;
}

static bool add_unknown_critical(X509 *x509)
{
	static const uint8_t null[] = { 5, 0 };
	ASN1_OBJECT *name = OBJ_txt2obj(UNKNOWN_OID, 1);
	ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
	X509_EXTENSION *extension = NULL;

	if (name && value && ASN1_OCTET_STRING_set(value, null, sizeof(null)))
		extension = X509_EXTENSION_create_by_OBJ(NULL, name, 1, value);
	bool added = extension && X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
	ASN1_OCTET_STRING_free(value);
	ASN1_OBJECT_free(name);
	return added;
}

static bool add_extensions(X509 *x509, X509 *issuer, const struct cert_plan *plan,
			   const char *label)
{
	/* The subject's key id comes first: the authority's refers to it when self-signed. */
	return add_extension(x509, issuer, NID_subject_key_identifier, "hash") &&
	       add_extension(x509, issuer, NID_authority_key_identifier, "keyid") &&
	       add_extension(x509, issuer, NID_basic_constraints, plan->constraints) &&
	       add_extension(x509, issuer, NID_key_usage, plan->usage) &&
	       add_extension(x509, issuer, NID_ext_key_usage, plan->extended_usage) &&
	       add_extension(x509, issuer, NID_name_constraints, plan->name_constraints) &&
	       add_extension(x509, issuer, NID_tlsfeature,
			     plan->must_staple ? "status_request" : NULL) &&
	       (!*plan->names || add_alternative_names(x509, plan, label)) &&
	       (!plan->unknown_critical || add_unknown_critical(x509));
}

/* ---- damage ---- */

static bool replace_key(struct cert_pair *pair, enum cert_key kind)
{
	EVP_PKEY *other = new_key(kind);

	if (!other || !X509_set_pubkey(pair->x509, other)) {
		EVP_PKEY_free(other);
		return false;
	}
	EVP_PKEY_free(pair->key);
	pair->key = other;
	return true;
}

/* After signing. Only our own object is changed: the const is OpenSSL's for everyone else. */
static bool tamper(struct cert_pair *pair, const struct cert_plan *plan)
{
	const ASN1_BIT_STRING *signature;
	const X509_ALGOR *algorithm;

	X509_get0_signature(&signature, &algorithm, pair->x509);
	switch (plan->tamper) {
	case CERT_TAMPER_NOT:
		return true;
	case CERT_TAMPER_SIGNATURE:
		signature->data[signature->length - 1] ^= 1;
		return true;
	case CERT_TAMPER_KEY:
		return replace_key(pair, plan->key);
	case CERT_TAMPER_ALGORITHM:
		return X509_ALGOR_set0((X509_ALGOR *)algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA384),
				       V_ASN1_UNDEF, NULL);
	}
	return false;
}

int cert_make(struct cert_pair *pair, const struct cert_plan *plan, const char *label,
	      const struct cert_pair *issuer, struct error *err)
{
	if (!pair->key)
		pair->key = new_key(plan->key);
	pair->x509 = X509_new();
	if (!pair->key || !pair->x509)
		return cert_error(err, "new");
	X509 *signer = issuer ? issuer->x509 : pair->x509;
	bool made = X509_set_version(pair->x509, X509_VERSION_3) && set_serial(pair->x509) &&
		    X509_gmtime_adj(X509_getm_notBefore(pair->x509), plan->from) &&
		    X509_gmtime_adj(X509_getm_notAfter(pair->x509), plan->to) &&
		    set_names(pair->x509, plan->common_name, signer) &&
		    X509_set_pubkey(pair->x509, pair->key) &&
		    add_extensions(pair->x509, signer, plan, label) &&
		    X509_sign(pair->x509, issuer ? issuer->key : pair->key,
			      EVP_get_digestbyname(plan->hash)) &&
		    tamper(pair, plan);
	return made ? 0 : cert_error(err, plan->common_name);
}

void cert_pair_done(struct cert_pair *pair)
{
	X509_free(pair->x509);
	EVP_PKEY_free(pair->key);
	*pair = (struct cert_pair){ 0 };
}
