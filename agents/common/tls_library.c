#include "agents/common/tls_library.h"

#include <errno.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "agents/common/tls_staple.h"
#include "base/buf.h"
#include "base/cleanup.h"

enum { DEPTH_MAX = 10 };

static int load(const char *text)
{
	BIO *bio = BIO_new_mem_buf(text, -1);
	CONF *conf = NCONF_new(NULL);
	int ok = bio && conf && NCONF_load_bio(conf, bio, NULL) > 0 &&
		 CONF_modules_load(conf, NULL, 0) > 0;

	NCONF_free(conf);
	BIO_free(bio);
	return ok;
}

/* The host of "scheme://host:port/…"; NULL if it is an address, which names do not stand for. */
static char *host_of(const char *url)
{
	const char *at = strstr(url, "://");
	at = at ? at + 3 : url;
	size_t size = strcspn(at, ":/");
	if (!size || *at == '[' || strspn(at, "0123456789.") >= size)
		return NULL;
	return alloc_bytes(at, size);
}

static int add_hosts(X509_VERIFY_PARAM *param, const char *const *urls)
{
	int ok = 1;

	for (; ok && *urls; urls++) {
		AUTO_FREE char *host = host_of(*urls);
		if (host)
			ok = X509_VERIFY_PARAM_add1_host(param, host, 0);
	}
	return ok;
}

/* OpenSSL looks into its table for "ssl_server" whenever it verifies a server's chain, whoever made
 * the connection: neither curl nor paho has a way to say this, and paho lowers the level. The
 * library that asks checks its own host all the same. */
static int hold_chains(const struct tls_floor *floor, const char *const *urls)
{
	X509_VERIFY_PARAM *param = X509_VERIFY_PARAM_new();
	int ok = param && X509_VERIFY_PARAM_set1_name(param, "ssl_server") &&
		 X509_VERIFY_PARAM_set_purpose(param, X509_PURPOSE_SSL_SERVER) &&
		 X509_VERIFY_PARAM_set_trust(param, X509_TRUST_SSL_SERVER) &&
		 X509_VERIFY_PARAM_set_inh_flags(param, X509_VP_FLAG_OVERWRITE);

	if (ok) {
		X509_VERIFY_PARAM_set_auth_level(param, floor->level);
		X509_VERIFY_PARAM_set_depth(param, DEPTH_MAX); /* overwritten too */
		X509_VERIFY_PARAM_set_hostflags(param,
						X509_CHECK_FLAG_NEVER_CHECK_SUBJECT |
							X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
		ok = (!floor->strict_names || add_hosts(param, urls)) &&
		     X509_VERIFY_PARAM_add0_table(param);
	}
	if (!ok)
		X509_VERIFY_PARAM_free(param);
	return ok;
}

int tls_library_init(const struct tls_floor *floor, const char *const *urls, struct error *err)
{
	AUTO_FREE char *text = alloc_printf("openssl_conf = main\n"
					    "[main]\nssl_conf = ssl\n"
					    "[ssl]\nsystem_default = floor\n"
					    "[floor]\nMinProtocol = %s\nCipherString = %s\n",
					    floor->min_protocol, floor->ciphers);

	/* Paho's thread may still be in OpenSSL while the process exits: nothing may be pulled from
	 * under it. The kernel takes back what an exit handler would have freed. */
	if (!OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG | OPENSSL_INIT_NO_ATEXIT, NULL) ||
	    !OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL))
		return error_set(err, EIO, "TLS library: cannot start");
	OPENSSL_load_builtin_modules();
	if (!load(text))
		return error_set(err, EIO, "TLS library: cannot set the lowest version");
	if (!hold_chains(floor, urls))
		return error_set(err, EIO, "TLS library: cannot set what chains are held to");
	return floor->staples ? tls_staple_ask(err) : 0;
}
