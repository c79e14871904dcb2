#include "agents/common/tls_library.h"

#include <errno.h>
#include <openssl/conf.h>
#include <openssl/ssl.h>

#include "base/buf.h"
#include "base/cleanup.h"

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

int tls_library_init(const struct tls_floor *floor, struct error *err)
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
	return 0;
}
