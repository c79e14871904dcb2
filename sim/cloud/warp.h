/* warp.h: changes TLS records on their way from OpenSSL to the socket.
 *
 * OpenSSL's records are always in order; here they get the defects that it will not make itself.
 * Pure: records in, records out. What is encrypted can be cut, moved or broken, but not read. */
#ifndef SIM_CLOUD_WARP_H
#define SIM_CLOUD_WARP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { WARP_AMOUNT_MAX = 16384, WARP_QUEUE_MAX = 16 << 20 };

struct warp;

struct warp_kind {
	const char *name, *help;
	/* Called for each record until it says that it struck; out gets what goes out instead. */
	bool (*strike)(struct warp *warp, const uint8_t *record, size_t size, struct buf *out);
	const uint8_t *bytes; /* what it puts in, where that is always the same */
	size_t byte_count;
	int amount;    /* if none is asked for */
	bool lasting;  /* goes on after the first strike */
	bool swallows; /* nothing follows */
};

extern const struct warp_kind warp_kinds[];
extern const char *const warp_names[]; /* in the order of the rows; NULL-terminated */

/* A fatal alert in the clear, at a step of the handshake; nothing follows. */
struct warp_alert {
	uint8_t after;  /* handshake message behind which it comes; 0: none asked for */
	bool at_change; /* instead of ChangeCipherSpec */
	uint8_t number;
};

struct warp {
	const struct warp_kind *kind; /* NULL: none */
	int amount;
	struct warp_alert alert;
	struct buf pending; /* the beginning of a record */
	bool changed;       /* ChangeCipherSpec went by */
	bool application;   /* what comes now carries application data */
	bool struck;        /* the defect is out */
	bool alerted;       /* and was the alert */
	bool silence;       /* all else is swallowed */
};

/* amount 0: the kind's own. kind may be NULL. */
void warp_init(struct warp *warp, const struct warp_kind *kind, int amount);
void warp_done(struct warp *warp);

/* Appends to out what goes to the wire instead of these bytes, which go on where the last ones
 * ended. True if the defect went out just now for the first time. */
bool warp_feed(struct warp *warp, const uint8_t *data, size_t size, struct buf *out);

#endif
