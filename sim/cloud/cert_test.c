#include "sim/cloud/cert.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "base/test.h"

static const char *const hosts[LISTENER_COUNT] = { LISTENER_API, LISTENER_BROKER };

static struct cert_set *set;

static const struct cert_shown *show(enum listener listener, const char *kind)
{
	struct error err;
	int row = cert_kind_find(kind);
	ck_assert_msg(row >= 0, "%s", kind);
	const struct cert_shown *shown = cert_show(set, listener, (size_t)row, &err);
	ck_assert_msg(shown, "%s: %s", kind, err.text);
	return shown;
}

/* Verifies as a client would that knows what to look at; X509_V_OK or why not. */
static int verify(enum listener listener, const struct cert_shown *shown, const char *host)
{
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *context = X509_STORE_CTX_new();

	X509_STORE_add_cert(store, set->authorities[listener].x509);
	X509_STORE_add_cert(store, set->old.x509);
	X509_STORE_CTX_init(context, store, shown->leaf.x509, shown->others);
	X509_VERIFY_PARAM *parameters = X509_STORE_CTX_get0_param(context);
	X509_VERIFY_PARAM_set1_host(parameters, host, 0);
	X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
							    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER);
	X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT);
	X509_VERIFY_PARAM_set_auth_level(parameters, 2);
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
	const struct cert_shown *web = show(LISTENER_HTTPS, "good");
	const struct cert_shown *broker = show(LISTENER_MQTT, "good");
	ck_assert_int_eq(verify(LISTENER_HTTPS, web, LISTENER_API), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_HTTPS, web, LISTENER_SERVICE), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_MQTT, broker, LISTENER_BROKER), X509_V_OK);
	ck_assert_int_eq(verify(LISTENER_MQTT, broker, LISTENER_API), X509_V_ERR_HOSTNAME_MISMATCH);
	ck_assert_str_eq(web->name, "https");
	ck_assert_str_eq(show(LISTENER_MQTT, "expired")->name, "mqtt:expired");
	cert_set_free(set);
}
END_TEST

struct reason {
	const char *kind;
	int why;
};

static const struct reason reasons[] = {
	{ "expired", X509_V_ERR_CERT_HAS_EXPIRED },
	{ "expired-a-second", X509_V_ERR_CERT_HAS_EXPIRED },
	{ "not-yet-valid", X509_V_ERR_CERT_NOT_YET_VALID },
	{ "not-yet-valid-seconds", X509_V_ERR_CERT_NOT_YET_VALID },
	{ "expired-intermediate", X509_V_ERR_CERT_HAS_EXPIRED },
	{ "not-yet-valid-intermediate", X509_V_ERR_CERT_NOT_YET_VALID },
	{ "expired-root", X509_V_ERR_CERT_HAS_EXPIRED },
	{ "self-signed", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT },
	{ "untrusted", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "incomplete-chain", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "loop", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY },
	{ "leaf-as-authority", X509_V_ERR_INVALID_CA },
	{ "no-authority-bit", X509_V_ERR_INVALID_CA },
	{ "no-sign-usage", X509_V_ERR_INVALID_CA },
	{ "path-length", X509_V_ERR_PATH_LENGTH_EXCEEDED },
	{ "name-not-permitted", X509_V_ERR_PERMITTED_VIOLATION },
	{ "name-excluded", X509_V_ERR_EXCLUDED_VIOLATION },
	{ "client-usage", X509_V_ERR_INVALID_PURPOSE },
	{ "wrong-key-usage", X509_V_ERR_INVALID_PURPOSE },
	{ "unknown-critical", X509_V_ERR_UNHANDLED_CRITICAL_EXTENSION },
	{ "rsa-1024", X509_V_ERR_EE_KEY_TOO_SMALL },
	{ "sha1", X509_V_ERR_CA_MD_TOO_WEAK },
	{ "md5", X509_V_ERR_CA_MD_TOO_WEAK },
	{ "sha1-intermediate", X509_V_ERR_CA_MD_TOO_WEAK },
	{ "bad-signature", X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "bad-intermediate-signature", X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "replaced-key", X509_V_ERR_CERT_SIGNATURE_FAILURE },
	{ "other-algorithm", X509_V_ERR_SIGNATURE_ALGORITHM_INCONSISTENCY },
	{ NULL, X509_V_ERR_HOSTNAME_MISMATCH }, /* all that are not named here */
};

static int reason_of(const char *kind)
{
	const struct reason *reason = reasons;
	while (reason->kind && strcmp(reason->kind, kind) != 0)
		reason++;
	return reason->why;
}

/* Each bad one is bad for its own reason and for no other; each sound one is sound. */
START_TEST(each_kind_is_what_it_says)
{
	setup();
	for (size_t i = 0; i < cert_kind_count; i++)
		for (int listener = 0; listener < LISTENER_COUNT; listener++) {
			const struct cert_kind *kind = &cert_kinds[i];
			int why =
				verify((enum listener)listener,
				       show((enum listener)listener, kind->name), hosts[listener]);
			/* What is wrong with a message shows in no certificate. */
			bool shows =
				kind->sent != CERT_SENT_NOTHING && kind->sent != CERT_SENT_GARBLED;
			if (kind->worth != CERT_OPEN && shows)
				ck_assert_msg(
					why == (kind->worth == CERT_SOUND ? X509_V_OK
									  : reason_of(kind->name)),
					"%s: %s", kind->name, X509_verify_cert_error_string(why));
		}
	cert_set_free(set);
}
END_TEST

START_TEST(every_kind_but_good_can_be_asked_for)
{
	ck_assert_str_eq(cert_kinds[CERT_KIND_GOOD].name, "good");
	for (size_t i = 1; i < cert_kind_count; i++) {
		ck_assert_str_eq(cert_fault_names[i - 1], cert_kinds[i].name);
		ck_assert_int_eq(cert_kind_find(cert_kinds[i].name), (int)i);
	}
	ck_assert_ptr_null(cert_fault_names[cert_kind_count - 1]);
	ck_assert_int_eq(cert_kind_find("no-such-kind"), -1);
}
END_TEST

START_TEST(what_is_to_the_second_is_made_each_time_and_nothing_else_is)
{
	setup();
	X509 *first = show(LISTENER_HTTPS, "good")->leaf.x509;
	ck_assert_ptr_eq(show(LISTENER_HTTPS, "good")->leaf.x509, first);
	ASN1_INTEGER *serial = ASN1_INTEGER_dup(
		X509_get0_serialNumber(show(LISTENER_HTTPS, "just-valid")->leaf.x509));
	ck_assert_int_ne(
		ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(
						 show(LISTENER_HTTPS, "just-valid")->leaf.x509)),
		0);
	ASN1_INTEGER_free(serial);
	cert_set_free(set);
}
END_TEST

/* What a client that looks makes of a staple: the status, or -1 if it cannot be believed. */
static int staple_status(const char *kind)
{
	const struct cert_shown *shown = show(LISTENER_HTTPS, kind);
	const unsigned char *at = shown->staple;
	OCSP_RESPONSE *response = d2i_OCSP_RESPONSE(NULL, &at, (long)shown->staple_size);
	ck_assert_msg(response, "%s", kind);
	OCSP_BASICRESP *basic = OCSP_response_get1_basic(response);
	X509 *root = set->authorities[LISTENER_HTTPS].x509;
	X509 *issuer = sk_X509_num(shown->others) ? sk_X509_value(shown->others, 0) : root;
	X509_STORE *store = X509_STORE_new();
	STACK_OF(X509) *issuers = sk_X509_new_null();
	ASN1_GENERALIZEDTIME *from, *to;
	int status = -1, found;

	X509_STORE_add_cert(store, root);
	sk_X509_push(issuers, issuer);
	OCSP_CERTID *id = OCSP_cert_to_id(NULL, shown->leaf.x509, issuer);
	if (OCSP_basic_verify(basic, issuers, store, 0) == 1 &&
	    OCSP_resp_find_status(basic, id, &found, NULL, NULL, &from, &to) == 1 &&
	    OCSP_check_validity(from, to, 0, -1) == 1)
		status = found;
	OCSP_CERTID_free(id);
	sk_X509_free(issuers);
	X509_STORE_free(store);
	OCSP_BASICRESP_free(basic);
	OCSP_RESPONSE_free(response);
	return status;
}

START_TEST(staples_say_what_they_should)
{
	setup();
	ck_assert_int_eq(staple_status("good"), V_OCSP_CERTSTATUS_GOOD);
	ck_assert_int_eq(staple_status("must-staple"), V_OCSP_CERTSTATUS_GOOD);
	ck_assert_int_eq(staple_status("revoked"), V_OCSP_CERTSTATUS_REVOKED);
	ck_assert_int_eq(staple_status("stale-staple"), -1);
	ck_assert_int_eq(staple_status("foreign-staple"), -1);
	ck_assert_ptr_null(show(LISTENER_HTTPS, "no-staple")->staple);
	ck_assert_ptr_null(show(LISTENER_HTTPS, "must-staple-missing")->staple);
	cert_set_free(set);
}
END_TEST

static int days_of(const X509 *x509)
{
	int days, seconds;
	ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(x509), X509_get0_notAfter(x509));
	return days;
}

START_TEST(no_good_leaf_lives_longer_than_clients_take)
{
	setup();
	ck_assert_int_le(days_of(show(LISTENER_HTTPS, "good")->leaf.x509), 398);
	ck_assert_int_le(days_of(show(LISTENER_MQTT, "good")->leaf.x509), 398);
	cert_set_free(set);
}
END_TEST

START_TEST(the_authority_of_one_face_does_not_vouch_for_the_other)
{
	setup();
	X509 *leaf = show(LISTENER_MQTT, "good")->leaf.x509;
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

START_TEST(a_renewed_certificate_is_of_the_authority_that_is_handed_out)
{
	setup();
	struct error err;
	const struct cert_shown *before = show(LISTENER_MQTT, "good");
	ck_assert_int_eq(cert_renew(set, LISTENER_MQTT, false, &err), 0);
	const struct cert_shown *after = show(LISTENER_MQTT, "good");
	ck_assert_str_eq(before->name, "mqtt");
	ck_assert_str_eq(after->name, "mqtt.1");
	ck_assert_int_eq(verify(LISTENER_MQTT, after, LISTENER_BROKER), X509_V_OK);
	ck_assert_int_ne(verify(LISTENER_MQTT, before, LISTENER_BROKER), X509_V_OK);
	cert_set_free(set);
}
END_TEST

START_TEST(the_next_web_authority_is_trusted_before_it_signs)
{
	setup();
	struct error err;
	AUTO_FREE char *bundle = alloc_text(set->web_pem);
	X509 *next = set->next.x509;
	ck_assert_int_eq(cert_renew(set, LISTENER_HTTPS, false, &err), 0);
	ck_assert_ptr_eq(set->authorities[LISTENER_HTTPS].x509, next);
	ck_assert_str_eq(set->web_pem, bundle);
	ck_assert_int_eq(cert_renew(set, LISTENER_HTTPS, false, &err), 0);
	ck_assert_ptr_eq(set->authorities[LISTENER_HTTPS].x509, next);
	ck_assert_str_eq(show(LISTENER_HTTPS, "good")->name, "https.2");
	cert_set_free(set);
}
END_TEST

START_TEST(the_former_certificate_comes_back_and_is_not_handed_out)
{
	setup();
	struct error err;
	X509 *first = set->authorities[LISTENER_MQTT].x509;
	ck_assert_int_eq(cert_renew(set, LISTENER_MQTT, true, &err), -ENOENT);
	ck_assert_int_eq(cert_renew(set, LISTENER_MQTT, false, &err), 0);
	AUTO_FREE char *handout = alloc_text(set->mqtt_pem);
	ck_assert_int_eq(cert_renew(set, LISTENER_MQTT, true, &err), 0);
	ck_assert_ptr_eq(set->authorities[LISTENER_MQTT].x509, first);
	ck_assert_str_eq(set->mqtt_pem, handout);
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

TEST_MAIN("sim.cloud.cert", good_leafs_stand_for_their_names, each_kind_is_what_it_says,
	  every_kind_but_good_can_be_asked_for,
	  what_is_to_the_second_is_made_each_time_and_nothing_else_is, staples_say_what_they_should,
	  no_good_leaf_lives_longer_than_clients_take,
	  the_authority_of_one_face_does_not_vouch_for_the_other,
	  the_downloaded_certificate_is_the_leaf_and_its_authority,
	  a_renewed_certificate_is_of_the_authority_that_is_handed_out,
	  the_next_web_authority_is_trusted_before_it_signs,
	  the_former_certificate_comes_back_and_is_not_handed_out,
	  the_name_asked_for_decides_and_else_the_address)
