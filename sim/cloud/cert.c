#include "sim/cloud/cert.h"

#include <errno.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "base/cleanup.h"
#include "sim/cloud/ocsp.h"

/* Less than the 398 days that browsers take. */
enum { DAY = 86400, VALID_DAYS = 90, CHAIN_MAX = 4, STRANGERS = 60 };

struct face {
	const char *authority, *host, *label, *names;
};

static const struct face faces[LISTENER_COUNT] = {
	[LISTENER_HTTPS] = { "ECSP web authority", LISTENER_API, "api",
			     "dns:" LISTENER_API " dns:" LISTENER_SERVICE " dns:api." LISTENER_EU
			     "." LISTENER_DOMAIN " dns:api." LISTENER_CN "." LISTENER_DOMAIN },
	[LISTENER_MQTT] = { "ECSP device authority", LISTENER_BROKER, "mqtt",
			    "dns:" LISTENER_BROKER " dns:mqtt." LISTENER_EU "." LISTENER_DOMAIN
			    " dns:mqtt." LISTENER_CN "." LISTENER_DOMAIN },
};

/* digitalSignature: authorities sign OCSP responses too. */
static const struct cert_plan good_authority = {
	.names = "",
	.from = -2 * DAY,
	.to = 2 * VALID_DAYS * DAY,
	.hash = "SHA256",
	.constraints = "critical,CA:TRUE",
	.usage = "critical,keyCertSign,cRLSign,digitalSignature",
};

static const struct cert_plan good_leaf = {
	.from = -DAY,
	.to = VALID_DAYS * DAY,
	.hash = "SHA256",
	.constraints = "critical,CA:FALSE",
	.usage = "critical,digitalSignature",
	.extended_usage = "serverAuth",
};

/* ---- plans ---- */

static const char *text_or(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

/* change, and where it says nothing, good. */
static struct cert_plan complete(const struct cert_plan *change, const struct cert_plan *good)
{
	struct cert_plan plan = *change;

	plan.common_name = text_or(plan.common_name, good->common_name);
	plan.names = text_or(plan.names, good->names);
	plan.hash = text_or(plan.hash, good->hash);
	plan.constraints = text_or(plan.constraints, good->constraints);
	plan.usage = text_or(plan.usage, good->usage);
	plan.extended_usage = text_or(plan.extended_usage, good->extended_usage);
	plan.from = plan.from ? plan.from : good->from;
	plan.to = plan.to ? plan.to : good->to;
	return plan;
}

static int make_authority(struct cert_pair *pair, const char *name, const struct cert_plan *change,
			  const struct cert_pair *issuer, struct error *err)
{
	struct cert_plan plan = complete(change, &good_authority);
	plan.common_name = name;
	return cert_make(pair, &plan, "", issuer, err);
}

static int need_unknown(struct cert_set *set, struct error *err)
{
	static const struct cert_plan plain;
	if (set->unknown.x509)
		return 0;
	return make_authority(&set->unknown, "An authority nobody knows", &plain, NULL, err);
}

/* ---- chains ---- */

/* The issuers of a leaf, the one next to it last; owned. Without the authority itself. */
struct chain {
	struct cert_pair links[CHAIN_MAX];
	size_t count;
	const struct cert_pair *root;
};

static const struct cert_pair *issuer_of(const struct chain *chain)
{
	return chain->count ? &chain->links[chain->count - 1] : chain->root;
}

static int add_intermediate(struct chain *chain, const struct cert_plan *change, struct error *err)
{
	const struct cert_pair *issuer = issuer_of(chain);
	AUTO_FREE char *name = alloc_printf("ECSP intermediate %zu", chain->count + 1);
	return make_authority(&chain->links[chain->count++], name, change, issuer, err);
}

/* Two names that vouch for each other: the first signs the second, then is made again with the same
 * key, signed by the second. */
static int make_loop(struct chain *chain, struct error *err)
{
	static const struct cert_plan plain;
	struct cert_pair *first = &chain->links[0], *second = &chain->links[1];

	chain->count = 2;
	if (make_authority(first, "ECSP loop 1", &plain, NULL, err) ||
	    make_authority(second, "ECSP loop 2", &plain, first, err))
		return -EIO;
	X509_free(first->x509);
	return make_authority(first, "ECSP loop 1", &plain, second, err);
}

static int make_good_leaf(struct cert_pair *pair, enum listener listener,
			  const struct cert_plan *change, const struct cert_pair *issuer,
			  struct error *err)
{
	struct cert_plan good = good_leaf;
	good.common_name = faces[listener].host;
	good.names = faces[listener].names;
	struct cert_plan plan = complete(change, &good);
	return cert_make(pair, &plan, faces[listener].label, issuer, err);
}

static int make_chain(struct cert_set *set, enum listener listener, const struct cert_kind *kind,
		      struct chain *chain, struct error *err)
{
	static const struct cert_plan plain;

	chain->root = &set->authorities[listener];
	switch (kind->path) {
	case CERT_PATH_DIRECT:
		return 0;
	case CERT_PATH_ITSELF:
		chain->root = NULL;
		return 0;
	case CERT_PATH_UNKNOWN:
		chain->root = &set->unknown;
		return need_unknown(set, err);
	case CERT_PATH_OLD:
		chain->root = &set->old;
		return 0;
	case CERT_PATH_ONE:
		return add_intermediate(chain, &kind->middle, err);
	case CERT_PATH_TWO:
		if (add_intermediate(chain, &kind->middle, err))
			return -EIO;
		return add_intermediate(chain, &plain, err);
	case CERT_PATH_LEAF:
		chain->count = 1;
		return make_good_leaf(&chain->links[0], listener, &plain, chain->root, err);
	case CERT_PATH_LOOP:
		return make_loop(chain, err);
	}
	return -EINVAL;
}

/* ---- what is sent ---- */

static bool send_along(struct stack_st_X509 *others, X509 *x509)
{
	return X509_add_cert(others, x509, X509_ADD_FLAG_UP_REF);
}

static int send_strangers(struct cert_set *set, struct stack_st_X509 *others, int count,
			  struct error *err)
{
	if (need_unknown(set, err))
		return -EIO;
	for (int i = 0; i < count; i++)
		if (!send_along(others, set->unknown.x509))
			return cert_error(err, "chain");
	return 0;
}

static int choose_sent(struct cert_set *set, struct cert_shown *shown, const struct chain *chain,
		       struct error *err)
{
	enum cert_sent sent = shown->kind->sent;
	size_t count = sent == CERT_SENT_LEAF ? 0 : chain->count;

	for (size_t i = 0; i < count; i++) {
		size_t place = sent == CERT_SENT_REVERSED ? i : count - 1 - i;
		for (int times = sent == CERT_SENT_TWICE ? 2 : 1; times > 0; times--)
			if (!send_along(shown->others, chain->links[place].x509))
				return cert_error(err, "chain");
	}
	if (sent == CERT_SENT_ROOT && !send_along(shown->others, chain->root->x509))
		return cert_error(err, "chain");
	if (sent == CERT_SENT_STRANGER || sent == CERT_SENT_MANY)
		return send_strangers(set, shown->others, sent == CERT_SENT_MANY ? STRANGERS : 1,
				      err);
	return 0;
}

static int make_staple(struct cert_set *set, struct cert_shown *shown, const struct chain *chain,
		       struct error *err)
{
	enum cert_staple staple = shown->kind->staple;
	const struct cert_pair *issuer = issuer_of(chain);
	struct ocsp_plan plan = {
		.leaf = &shown->leaf,
		.issuer = issuer,
		.signer = issuer,
		.revoked = staple == CERT_STAPLE_REVOKED,
		.from = -2 * DAY,
		.to = staple == CERT_STAPLE_STALE ? -DAY : VALID_DAYS * DAY,
	};

	if (staple == CERT_STAPLE_NONE || !issuer)
		return 0;
	if (staple == CERT_STAPLE_FOREIGN) {
		if (need_unknown(set, err))
			return -EIO;
		plan.signer = &set->unknown;
	}
	return ocsp_make(&plan, &shown->staple, &shown->staple_size, err);
}

static int fill(struct cert_set *set, enum listener listener, struct cert_shown *shown,
		struct chain *chain, struct error *err)
{
	shown->others = sk_X509_new_null();
	if (!shown->others)
		return cert_error(err, "chain");
	if (make_chain(set, listener, shown->kind, chain, err) ||
	    make_good_leaf(&shown->leaf, listener, &shown->kind->leaf, issuer_of(chain), err) ||
	    choose_sent(set, shown, chain, err))
		return -EIO;
	return make_staple(set, shown, chain, err);
}

static void shown_clear(struct cert_shown *shown)
{
	cert_pair_done(&shown->leaf);
	sk_X509_pop_free(shown->others, X509_free);
	free(shown->staple);
	*shown = (struct cert_shown){ 0 };
}

static void name_shown(const struct cert_set *set, enum listener listener, struct cert_shown *shown)
{
	const char *name = listener_names[listener];
	unsigned renewals = set->renewals[listener];

	if (shown->kind != &cert_kinds[CERT_KIND_GOOD])
		snprintf(shown->name, sizeof(shown->name), "%s:%s", name, shown->kind->name);
	else if (renewals)
		snprintf(shown->name, sizeof(shown->name), "%s.%u", name, renewals);
	else
		snprintf(shown->name, sizeof(shown->name), "%s", name);
}

const struct cert_shown *cert_show(struct cert_set *set, enum listener listener, size_t kind,
				   struct error *err)
{
	struct cert_shown *shown = &set->shown[listener][kind];
	struct chain chain = { 0 };

	if (shown->kind && !shown->kind->fresh)
		return shown;
	shown_clear(shown);
	shown->kind = &cert_kinds[kind];
	name_shown(set, listener, shown);
	int status = fill(set, listener, shown, &chain, err);
	for (size_t i = 0; i < CHAIN_MAX; i++)
		cert_pair_done(&chain.links[i]);
	if (!status)
		return shown;
	shown_clear(shown);
	return NULL;
}

/* ---- the set ---- */

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

static int make_authorities(struct cert_set *set, struct error *err)
{
	static const struct cert_plan plain;
	static const struct cert_plan passed = { .from = -2 * VALID_DAYS * DAY, .to = -DAY };
	int status = 0;

	for (int i = 0; !status && i < LISTENER_COUNT; i++)
		status =
			make_authority(&set->authorities[i], faces[i].authority, &plain, NULL, err);
	if (!status)
		status = make_authority(&set->next, "ECSP next web authority", &plain, NULL, err);
	return status ? status
		      : make_authority(&set->old, "ECSP old authority", &passed, NULL, err);
}

static int write_web_bundle(struct cert_set *set, struct error *err)
{
	X509 *all[] = { set->authorities[LISTENER_HTTPS].x509, set->next.x509, set->old.x509 };

	set->web_pem = pem_of(all, COUNT_OF(all));
	return set->web_pem ? 0 : cert_error(err, "write PEM");
}

static int write_mqtt_bundle(struct cert_set *set, struct error *err)
{
	const struct cert_shown *leaf = cert_show(set, LISTENER_MQTT, CERT_KIND_GOOD, err);
	if (!leaf)
		return -EIO;
	X509 *all[] = { leaf->leaf.x509, set->authorities[LISTENER_MQTT].x509 };
	free(set->mqtt_pem);
	set->mqtt_pem = pem_of(all, COUNT_OF(all));
	return set->mqtt_pem ? 0 : cert_error(err, "write PEM");
}

/* Connections that are up still say what they were shown. */
static void retire(struct cert_set *set, enum listener listener)
{
	set->retired = alloc_grow(set->retired, set->retired_count + 1, sizeof(*set->retired));
	set->retired[set->retired_count++] = set->shown[listener];
	set->shown[listener] = alloc_zero(cert_kind_count, sizeof(struct cert_shown));
	set->renewals[listener]++;
}

static int change_authority(struct cert_set *set, enum listener listener, struct error *err)
{
	static const struct cert_plan plain;
	struct cert_pair *now = &set->authorities[listener], after = { 0 };

	if (listener == LISTENER_HTTPS) {
		after = set->next;
		set->next = (struct cert_pair){ 0 };
		if (!after.x509) /* the bundle knows no other */
			return 0;
	} else if (make_authority(&after, faces[listener].authority, &plain, NULL, err)) {
		cert_pair_done(&after);
		return -EIO;
	}
	cert_pair_done(&set->former[listener]);
	set->former[listener] = *now;
	*now = after;
	return 0;
}

int cert_renew(struct cert_set *set, enum listener listener, bool former, struct error *err)
{
	if (former) {
		struct cert_pair *now = &set->authorities[listener], other = *now;
		if (!set->former[listener].x509)
			return error_set(
				err, ENOENT,
				"%s: no certificate was renewed, so there is no former one",
				listener_names[listener]);
		*now = set->former[listener];
		set->former[listener] = other;
		retire(set, listener);
		return 0;
	}
	if (change_authority(set, listener, err))
		return -EIO;
	retire(set, listener);
	return listener == LISTENER_MQTT ? write_mqtt_bundle(set, err) : 0;
}

struct cert_set *cert_set_new(struct error *err)
{
	struct cert_set *set = alloc_zero(1, sizeof(*set));

	for (int i = 0; i < LISTENER_COUNT; i++)
		set->shown[i] = alloc_zero(cert_kind_count, sizeof(struct cert_shown));
	if (make_authorities(set, err) || write_web_bundle(set, err) ||
	    write_mqtt_bundle(set, err)) {
		cert_set_free(set);
		return NULL;
	}
	return set;
}

static void free_shown(struct cert_shown *shown)
{
	for (size_t i = 0; i < cert_kind_count; i++)
		shown_clear(&shown[i]);
	free(shown);
}

void cert_set_free(struct cert_set *set)
{
	if (!set)
		return;
	cert_pair_done(&set->unknown);
	cert_pair_done(&set->old);
	cert_pair_done(&set->next);
	for (int i = 0; i < LISTENER_COUNT; i++) {
		cert_pair_done(&set->authorities[i]);
		cert_pair_done(&set->former[i]);
		free_shown(set->shown[i]);
	}
	for (size_t i = 0; i < set->retired_count; i++)
		free_shown(set->retired[i]);
	free(set->retired);
	free(set->web_pem);
	free(set->mqtt_pem);
	free(set);
}

/* NULL where nothing is sent behind the leaf: OpenSSL copies an empty one for every connection. */
static struct stack_st_X509 *chain_of(const struct cert_shown *shown)
{
	return sk_X509_num(shown->others) ? shown->others : NULL;
}

int cert_use(const struct cert_shown *shown, struct ssl_st *ssl, struct error *err)
{
	/* A weak certificate is shown, not a strong one refused by ourselves. */
	if (shown->kind->worth == CERT_BAD)
		SSL_set_security_level(ssl, 0);
	if (SSL_use_certificate(ssl, shown->leaf.x509) != 1 ||
	    SSL_use_PrivateKey(ssl, shown->leaf.key) != 1 ||
	    SSL_set1_chain(ssl, chain_of(shown)) != 1)
		return cert_error(err, shown->name);
	return 0;
}

int cert_use_for_all(const struct cert_shown *shown, struct ssl_ctx_st *context, struct error *err)
{
	if (SSL_CTX_use_certificate(context, shown->leaf.x509) != 1 ||
	    SSL_CTX_use_PrivateKey(context, shown->leaf.key) != 1 ||
	    SSL_CTX_set1_chain(context, chain_of(shown)) != 1)
		return cert_error(err, shown->name);
	return 0;
}
