#include "sim/cloud/cert.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/test.h"

static struct cert_set *set;

/* Verifies a leaf as a client would; X509_V_OK or why not. */
static int verify(enum listener listener, enum cert_kind kind, const char *host)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();

	X509_STORE_add_cert(store, set->authorities[listener].x509);
	X509_STORE_CTX_init(context, store, set->leafs[listener][kind].x509, NULL);
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set1_host(parameters, host, 0);
	X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
	X509_verify_cert(context);
	int why = X509_STORE_CTX_get_error(context);
	X509_STORE_CTX_free(context);
	X509_STORE_free(store);
	return why;
}

static void setup(void)
{
	struct error err;
	set = cert_set_new(&err);
	ck_assert_msg(set, "%s", err.text);
}

START_TEST(good_leafs_stand_for_their_names)
{
	setup();
	ck_assert_int_eq(verify(LISTENER_HTTPS, CERT_GOOD, LISTENER_API), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_HTTPS, CERT_GOOD, LISTENER_SERVICE), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_MQTT, CERT_GOOD, LISTENER_BROKER), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_MQTT, CERT_GOOD, LISTENER_API),
			 X509_V_ERR_HOSTNAME_MISMATCH);
	cert_set_free(set);
}
END_TEST

/* Each bad leaf is bad for its own reason and for no other. */
START_TEST(each_bad_leaf_is_refused_for_its_own_reason)
{
	static const int reasons[CERT_KIND_COUNT] = {
		[CERT_GOOD] = X509_V_OK,
		[CERT_EXPIRED] = X509_V_ERR_CERT_HAS_EXPIRED,
		[CERT_NOT_YET_VALID] = X509_V_ERR_CERT_NOT_YET_VALID,
		[CERT_SELF_SIGNED] = X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
		[CERT_WRONG_HOST] = X509_V_ERR_HOSTNAME_MISMATCH,
		[CERT_UNTRUSTED] = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
	};

	setup();
	for (int kind = 0; kind < CERT_KIND_COUNT; kind++) {
		ck_assert_msg(verify(LISTENER_HTTPS, (enum cert_kind)kind, LISTENER_API) ==
				      reasons[kind],
			      "https, %s", cert_kind_names[kind]);
		ck_assert_msg(verify(LISTENER_MQTT, (enum cert_kind)kind, LISTENER_BROKER) ==
				      reasons[kind],
			      "mqtt, %s", cert_kind_names[kind]);
	}
	cert_set_free(set);
}
END_TEST

START_TEST(the_authority_of_one_face_does_not_vouch_for_the_other)
{
	setup();
	X509 *leaf = set->leafs[LISTENER_MQTT][CERT_GOOD].x509;
	ck_assert_int_ne(X509_verify(leaf, set->authorities[LISTENER_HTTPS].key), 1);
	ck_assert_int_eq(X509_verify(leaf, set->authorities[LISTENER_MQTT].key), 1);
	ck_assert_ptr_null(strstr(set->web_pem, set->mqtt_pem));
	cert_set_free(set);
}
END_TEST

START_TEST(the_downloaded_certificate_is_the_leaf_and_its_authority)
{
	setup();
	const char *mark = "-----BEGIN CERTIFICATE-----";
	const char *first = strstr(set->mqtt_pem, mark);
	ck_assert_ptr_eq(first, set->mqtt_pem);
	const char *second = strstr(first + 1, mark);
	ck_assert_ptr_nonnull(second);
	ck_assert_ptr_null(strstr(second + 1, mark));
	cert_set_free(set);
}
END_TEST

START_TEST(the_name_asked_for_decides_and_else_the_address)
{
	uint32_t broker = 0xc633640b, web = 0xc633640a; /* 198.51.100.11 and .10 */

	ck_assert_int_eq(listener_of("mqtt.ecsp.example", web), LISTENER_MQTT);
	ck_assert_int_eq(listener_of("MQTT.ecsp.example", web), LISTENER_MQTT);
	ck_assert_int_eq(listener_of("api.ecsp.example", broker), LISTENER_HTTPS);
	ck_assert_int_eq(listener_of(NULL, broker), LISTENER_MQTT);
	ck_assert_int_eq(listener_of(NULL, web), LISTENER_HTTPS);
}
END_TEST

TEST_MAIN("sim.cloud.cert", good_leafs_stand_for_their_names,
	  each_bad_leaf_is_refused_for_its_own_reason,
	  the_authority_of_one_face_does_not_vouch_for_the_other,
	  the_downloaded_certificate_is_the_leaf_and_its_authority,
	  the_name_asked_for_decides_and_else_the_address)
