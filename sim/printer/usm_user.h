/* usm_user.h: who may ask a printer by SNMPv3, shared by all printers of a fleet that have the same
 * users. A user's keys are made of the passphrases once; each engine localises them (usm.h). */
#ifndef SIM_PRINTER_USM_USER_H
#define SIM_PRINTER_USM_USER_H

#include <stddef.h>

#include "base/error.h"
#include "sim/printer/usm_crypto.h"

enum usm_level { USM_NO_AUTH, USM_AUTH_NO_PRIV, USM_AUTH_PRIV };
extern const char *const usm_level_names[]; /* noAuthNoPriv …, by the enum; NULL-terminated */

struct usm_user_options {
	const char *name; /* all texts are copied or read, none is kept */
	enum usm_auth auth;
	enum usm_priv priv;
	const char *auth_passphrase, *priv_passphrase; /* NULL without a protocol */
	enum usm_level level; /* what a request must have at least to see anything */
};

enum {
	USM_NAME_MAX = 32,      /* RFC 3414, 2.1 */
	USM_PASSPHRASE_MIN = 8, /* RFC 3414, 11.2 */
	USM_USERS_MAX = 16,
};

struct usm_user {
	char name[USM_NAME_MAX + 1];
	size_t name_size;
	enum usm_auth auth;
	enum usm_priv priv;
	enum usm_level level;
	uint8_t auth_key[USM_KEY_MAX], priv_key[USM_KEY_MAX]; /* of no engine yet */
	struct usm_cipher *cipher;                            /* NULL without */
};

struct usm_users {
	size_t count;
	struct usm_user user[];
};

/* NULL on error, that says which part of which user is wrong, and what was expected. */
struct usm_users *usm_users_new(const struct usm_user_options *options, size_t count,
				struct error *err);
void usm_users_free(struct usm_users *users); /* NULL is fine */

/* The same checks without making keys: negative errno, and which user is guilty. */
int usm_users_check(const struct usm_user_options *options, size_t count, size_t *guilty,
		    struct error *err);

/* Index of the user; count if there is none. */
size_t usm_users_find(const struct usm_users *users, struct span name);

#endif
