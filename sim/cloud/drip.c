#include "sim/cloud/drip.h"

/* So much of a fault is felt, though a client may have seen enough before the rest. */
enum { TELLING = 65536 };

static void end(struct drip *drip)
{
	drip->busy = false;
	drip->over = drip->mangled.after != AFTER_KEEP;
	switch (drip->mangled.after) {
	case AFTER_KEEP:
		break;
	case AFTER_CLOSE:
		tls_link_close(drip->link);
		break;
	case AFTER_CUT:
		tls_link_cut(drip->link);
		break;
	case AFTER_RESET:
		tls_link_reset(drip->link);
		break;
	case AFTER_SILENCE:
		tls_link_limit(drip->link, 0);
		break;
	}
}

static void send_bytes(struct drip *drip, size_t size)
{
	talk_write(drip->talk, drip->link, drip->mangled.bytes.data + drip->sent, size);
	drip->sent += size;
}

static void send_piece(void *arg)
{
	struct drip *drip = arg;
	struct mangled *mangled = &drip->mangled;
	size_t left = mangled->bytes.size - drip->sent;

	send_bytes(drip, left < mangled->piece ? left : mangled->piece);
	if (mangled->endless && drip->sent == mangled->bytes.size)
		drip->sent -= mangled->piece;
	if (drip->sent < mangled->bytes.size) {
		timer_in(drip->timer, mangled->every_ms);
		return;
	}
	end(drip);
	if (!drip->over)
		drip->done(drip->arg);
}

void drip_init(struct drip *drip, const struct talk *talk, struct tls_link *link,
	       void (*done)(void *arg), void *arg)
{
	*drip = (struct drip){ .talk = talk, .link = link, .done = done, .arg = arg };
	drip->timer = timer_new(talk->loop, send_piece, drip);
	mangled_init(&drip->mangled);
}

void drip_done(struct drip *drip)
{
	timer_free(drip->timer);
	mangled_done(&drip->mangled);
}

void drip_begin(struct drip *drip, struct mangled *mangled, const char *fault, json_t *fields)
{
	mangled_done(&drip->mangled);
	drip->mangled = *mangled;
	mangled_init(mangled);
	drip->sent = 0;
	drip->busy = true;
	size_t first = drip->mangled.at_once < TELLING ? drip->mangled.at_once : TELLING;
	send_bytes(drip, first);
	if (fault)
		tls_link_witness(drip->link, fault, fields);
	send_bytes(drip, drip->mangled.at_once - first);
	if (drip->sent < drip->mangled.bytes.size)
		timer_in(drip->timer, drip->mangled.every_ms);
	else
		end(drip);
}
