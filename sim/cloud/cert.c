#include "sim/cloud/cert.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { DAY = 86400, VALID_DAYS = 30, SERIAL_BITS = 127 };

const char *const cert_kind_names[] = { "good",        "expired",    "not-yet-valid",
					"self-signed", "wrong-host", "untrusted",
					NULL };

struct plan {
	const char *common_name;
	const char *names; /* subjectAltName in OpenSSL's words; NULL makes an authority */
	long from, to;     /* seconds from now */
};

static int openssl_error(struct error *err, const char *what)
{
	const char *why = ERR_reason_error_string(ERR_get_error());
	return error_set(err, EIO, "certificate: %s: %s", what, why ? why : "unknown reason");
}

static bool add_extension(X509 *x509, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX context;
	X509V3_set_ctx_nodb(&context);
	X509V3_set_ctx(&context, issuer, x509, NULL, NULL, 0);
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
	bool added = extension && X509_add_ext(x509, extension, -1);
	X509_EXTENSION_free(extension);
	return added;
}

static bool add_extensions(X509 *x509, X509 *issuer, const char *names)
{
	/* The subject's key id comes first: the authority's refers to it when self-signed. */
	if (!add_extension(x509, issuer, NID_subject_key_identifier, "hash") ||
	    !add_extension(x509, issuer, NID_authority_key_identifier, "keyid"))
		return false;
	if (!names)
		return add_extension(x509, issuer, NID_basic_constraints,
				     "critical,CA:TRUE,pathlen:0") &&
		       add_extension(x509, issuer, NID_key_usage, "critical,keyCertSign,cRLSign");
	return add_extension(x509, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
	       add_extension(x509, issuer, NID_key_usage, "critical,digitalSignature") &&
	       add_extension(x509, issuer, NID_ext_key_usage, "serverAuth") &&
	       add_extension(x509, issuer, NID_subject_alt_name, names);
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

/* issuer NULL: signs itself. */
static int make(struct cert_leaf *leaf, const struct plan *plan, const struct cert_leaf *issuer,
		struct error *err)
{
	leaf->key = EVP_EC_gen("P-256");
	leaf->x509 = X509_new();
	if (!leaf->key || !leaf->x509)
		return openssl_error(err, "new");
	X509 *signer = issuer ? issuer->x509 : leaf->x509;
	bool made = X509_set_version(leaf->x509, X509_VERSION_3) && set_serial(leaf->x509) &&
		    X509_gmtime_adj(X509_getm_notBefore(leaf->x509), plan->from) &&
		    X509_gmtime_adj(X509_getm_notAfter(leaf->x509), plan->to) &&
		    set_names(leaf->x509, plan->common_name, signer) &&
		    X509_set_pubkey(leaf->x509, leaf->key) &&
		    add_extensions(leaf->x509, signer, plan->names) &&
		    X509_sign(leaf->x509, issuer ? issuer->key : leaf->key, EVP_sha256());
	return made ? 0 : openssl_error(err, plan->common_name);
}

static int make_leaf(struct cert_set *set, enum listener listener, enum cert_kind kind,
		     struct error *err)
{
	static const struct plan good[LISTENER_COUNT] = {
		{ LISTENER_API, "DNS:" LISTENER_API ",DNS:" LISTENER_SERVICE, -DAY,
		  VALID_DAYS * DAY },
		{ LISTENER_BROKER, "DNS:" LISTENER_BROKER, -DAY, VALID_DAYS * DAY },
	};
	struct cert_leaf *leaf = &set->leafs[listener][kind];
	const struct cert_leaf *issuer = &set->authorities[listener];
	struct plan plan = good[listener];

	switch (kind) {
	case CERT_EXPIRED:
		plan.from = -VALID_DAYS * DAY;
		plan.to = -DAY;
		break;
	case CERT_NOT_YET_VALID:
		plan.from = DAY;
		break;
	case CERT_SELF_SIGNED:
		issuer = NULL;
		break;
	case CERT_WRONG_HOST:
		plan.common_name = "wrong.ecsp.example";
		plan.names = "DNS:wrong.ecsp.example";
		break;
	case CERT_UNTRUSTED:
		issuer = &set->unknown;
		break;
	case CERT_GOOD:
	case CERT_KIND_COUNT:
		break;
	}
	snprintf(leaf->name, sizeof(leaf->name), kind == CERT_GOOD ? "%s" : "%s:%s",
		 listener_names[listener], cert_kind_names[kind]);
	return make(leaf, &plan, issuer, err);
}

static char *pem_of(X509 *const *chain, size_t count)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL, *data;

	for (size_t i = 0; bio && i < count; i++)
		PEM_write_bio_X509(bio, chain[i]);
	long size = bio ? BIO_get_mem_data(bio, &data) : 0;
	if (size > 0)
		text = alloc_bytes(data, (size_t)size);
	BIO_free(bio);
	return text;
}

static int make_all(struct cert_set *set, struct error *err)
{
	static const char *const authorities[LISTENER_COUNT] = { "ECSP web authority",
								 "ECSP device authority" };
	struct plan plan = { .from = -2 * DAY, .to = 2 * VALID_DAYS * DAY };
	int status = 0;

	for (int i = 0; !status && i < LISTENER_COUNT; i++) {
		plan.common_name = authorities[i];
		status = make(&set->authorities[i], &plan, NULL, err);
	}
	plan.common_name = "An authority nobody knows";
	if (!status)
		status = make(&set->unknown, &plan, NULL, err);
	for (int i = 0; i < LISTENER_COUNT; i++)
		for (int k = 0; !status && k < CERT_KIND_COUNT; k++)
			status = make_leaf(set, (enum listener)i, (enum cert_kind)k, err);
	return status;
}

struct cert_set *cert_set_new(struct error *err)
{
	struct cert_set *set = alloc_zero(1, sizeof(*set));

	if (make_all(set, err)) {
		cert_set_free(set);
		return NULL;
	}
	X509 *web[] = { set->authorities[LISTENER_HTTPS].x509 };
	X509 *mqtt[] = { set->leafs[LISTENER_MQTT][CERT_GOOD].x509,
			 set->authorities[LISTENER_MQTT].x509 };
	set->web_pem = pem_of(web, COUNT_OF(web));
	set->mqtt_pem = pem_of(mqtt, COUNT_OF(mqtt));
	if (!set->web_pem || !set->mqtt_pem) {
		openssl_error(err, "write PEM");
		cert_set_free(set);
		return NULL;
	}
	return set;
}

static void leaf_done(struct cert_leaf *leaf)
{
	X509_free(leaf->x509);
	EVP_PKEY_free(leaf->key);
}

void cert_set_free(struct cert_set *set)
{
	if (!set)
		return;
	leaf_done(&set->unknown);
	for (int i = 0; i < LISTENER_COUNT; i++) {
		leaf_done(&set->authorities[i]);
		for (int k = 0; k < CERT_KIND_COUNT; k++)
			leaf_done(&set->leafs[i][k]);
	}
	free(set->web_pem);
	free(set->mqtt_pem);
	free(set);
}

int cert_use(const struct cert_leaf *leaf, struct ssl_st *ssl, struct error *err)
{
	if (SSL_use_certificate(ssl, leaf->x509) != 1 || SSL_use_PrivateKey(ssl, leaf->key) != 1)
		return openssl_error(err, leaf->name);
	return 0;
}
