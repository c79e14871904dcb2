/* cert_kind.h: everything that can be right or wrong about a certificate, as one table.
 *
 * A row says how its certificates differ from the good ones; cert.c makes them when they are first
 * asked for. Each row has one defect, so that a client which takes it has overlooked just that. */
#ifndef SIM_CLOUD_CERT_KIND_H
#define SIM_CLOUD_CERT_KIND_H

#include <stdbool.h>
#include <stddef.h>

enum cert_key { CERT_KEY_P256, CERT_KEY_P384, CERT_KEY_RSA_2048, CERT_KEY_RSA_1024 };

enum cert_tamper {
	CERT_TAMPER_NOT,
	CERT_TAMPER_SIGNATURE, /* one bit of it is another */
	CERT_TAMPER_KEY, /* the key was replaced after signing; ours, so the handshake works */
	CERT_TAMPER_ALGORITHM, /* the signature's algorithm is named otherwise inside than outside
				*/
};

/* One certificate. Zero or NULL: as in a good one of its place. */
struct cert_plan {
	const char *common_name;
	/* subjectAltName: "dns:…" and "ip:…", space between; @ is the first label of the host, % a
	 * NUL. "" makes none. */
	const char *names;
	long from, to; /* seconds from the moment of making */
	enum cert_key key;
	const char *hash; /* of the signature; as OpenSSL names it */
	/* Extensions as OpenSSL's configuration writes them. "" makes none. */
	const char *constraints, *usage, *extended_usage, *name_constraints;
	int more_names;        /* dNSNames of other hosts in front of the right one */
	bool unknown_critical; /* a critical extension that no program knows (RFC 5280 4.2) */
	bool must_staple;      /* RFC 7633 */
	enum cert_tamper tamper;
};

/* Who signed the leaf. */
enum cert_path {
	CERT_PATH_DIRECT, /* the authority of the listener */
	CERT_PATH_ITSELF,
	CERT_PATH_UNKNOWN, /* an authority nobody knows */
	CERT_PATH_OLD,     /* an authority that is trusted, but its own time has passed */
	CERT_PATH_ONE,     /* authority, intermediate, leaf */
	CERT_PATH_TWO,     /* authority, intermediate, intermediate, leaf */
	CERT_PATH_LEAF,    /* authority, good leaf, leaf */
	CERT_PATH_LOOP,    /* two intermediates that sign each other */
};

/* What of it is sent beside the leaf. */
enum cert_sent {
	CERT_SENT_CHAIN,
	CERT_SENT_LEAF,     /* no intermediate */
	CERT_SENT_REVERSED, /* intermediates in the wrong order */
	CERT_SENT_TWICE,    /* every intermediate two times */
	CERT_SENT_ROOT,     /* and the authority itself, which a client has to have */
	CERT_SENT_STRANGER, /* and one that has nothing to do with it */
	CERT_SENT_MANY,     /* and so many strangers that the message takes several records */
	CERT_SENT_NOTHING,  /* not even the leaf: an empty list, forged */
	CERT_SENT_GARBLED,  /* the leaf's DER ends early, forged */
};

/* The OCSP response for those who ask for one (RFC 6066 8). */
enum cert_staple {
	CERT_STAPLE_GOOD,
	CERT_STAPLE_NONE,
	CERT_STAPLE_REVOKED,
	CERT_STAPLE_STALE,   /* its own time has passed */
	CERT_STAPLE_FOREIGN, /* signed by an authority nobody knows */
};

/* What a client owes it. */
enum cert_worth {
	CERT_BAD,   /* must be refused */
	CERT_SOUND, /* must be taken */
	CERT_OPEN,  /* clients differ with reason, or it depends on what they declare */
};

struct cert_kind {
	const char *name, *help;
	enum cert_worth worth;
	bool fresh; /* its times are to the second: made again for each handshake */
	enum cert_path path;
	enum cert_sent sent;
	enum cert_staple staple;
	struct cert_plan leaf, middle; /* middle: the intermediate next to the authority */
};

enum { CERT_KIND_GOOD = 0 }; /* the first row; the places of all others are nobody's business */

extern const struct cert_kind cert_kinds[];
extern const size_t cert_kind_count;

/* The names in the order of the rows, without "good"; NULL-terminated: what a fault can ask for. */
extern const char *const cert_fault_names[];

/* The row of this name, or -1. */
int cert_kind_find(const char *name);

#endif
