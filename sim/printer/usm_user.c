#include "sim/printer/usm_user.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

const char *const usm_level_names[] = { "noAuthNoPriv", "authNoPriv", "authPriv", NULL };

/* ---- checking ---- */

static int check_passphrase(const struct usm_user_options *user, const char *what,
			    const char *protocol, const char *passphrase, struct error *err)
{
	if (!protocol && passphrase)
		return error_set(err, EINVAL,
				 "found a passphrase for %s of user '%s', expected a protocol too",
				 what, user->name);
	if (protocol && !passphrase)
		return error_set(err, EINVAL,
				 "found %s %s of user '%s' without passphrase, expected one", what,
				 protocol, user->name);
	if (passphrase && strlen(passphrase) < USM_PASSPHRASE_MIN)
		return error_set(err, EINVAL,
				 "found %zu characters in the passphrase for %s of user '%s', "
				 "expected at least %d",
				 strlen(passphrase), what, user->name, USM_PASSPHRASE_MIN);
	return 0;
}

static enum usm_level highest_level(const struct usm_user_options *user)
{
	if (user->priv)
		return USM_AUTH_PRIV;
	return user->auth ? USM_AUTH_NO_PRIV : USM_NO_AUTH;
}

static int check_user(const struct usm_user_options *user, struct error *err)
{
	if (!user->name || !*user->name || strlen(user->name) > USM_NAME_MAX)
		return error_set(err, EINVAL, "found user name '%s', expected 1 to %d characters",
				 user->name ? user->name : "", USM_NAME_MAX);
	if (user->priv && !user->auth)
		return error_set(err, EINVAL,
				 "found %s without authentication for user '%s', expected both",
				 usm_priv_names[user->priv], user->name);
	int status = check_passphrase(user, "auth", user->auth ? usm_auth_names[user->auth] : NULL,
				      user->auth_passphrase, err);
	if (status == 0)
		status = check_passphrase(user, "priv",
					  user->priv ? usm_priv_names[user->priv] : NULL,
					  user->priv_passphrase, err);
	if (status == 0 && user->level > highest_level(user))
		status = error_set(err, EINVAL,
				   "found level %s for user '%s', whose protocols reach %s",
				   usm_level_names[user->level], user->name,
				   usm_level_names[highest_level(user)]);
	return status;
}

int usm_users_check(const struct usm_user_options *options, size_t count, size_t *guilty,
		    struct error *err)
{
	int status = 0;

	*guilty = 0;
	if (count > USM_USERS_MAX)
		return error_set(err, EINVAL, "found %zu users, expected at most %d", count,
				 USM_USERS_MAX);
	for (size_t i = 0; i < count && status == 0; i++) {
		*guilty = i;
		status = check_user(&options[i], err);
		for (size_t k = 0; k < i && status == 0; k++)
			if (!strcmp(options[i].name, options[k].name))
				status = error_set(err, EEXIST, "found two users named '%s'",
						   options[i].name);
	}
	return status;
}

/* ---- making ---- */

/* RFC 3414, 2.6: the key of the cipher is made with the digest too. */
static void fill(struct usm_user *user, const struct usm_user_options *options)
{
	user->name_size = strlen(options->name);
	memcpy(user->name, options->name, user->name_size);
	user->auth = options->auth;
	user->priv = options->priv;
	user->level = options->level;
	if (user->auth)
		usm_key_make(user->auth, options->auth_passphrase, user->auth_key);
	if (!user->priv)
		return;
	usm_key_make(user->auth, options->priv_passphrase, user->priv_key);
	user->cipher = usm_cipher_new(user->priv);
}

struct usm_users *usm_users_new(const struct usm_user_options *options, size_t count,
				struct error *err)
{
	size_t guilty;

	if (usm_users_check(options, count, &guilty, err) < 0)
		return NULL;
	struct usm_users *users = alloc_zero(1, sizeof(*users) + count * sizeof(*users->user));
	users->count = count;
	for (size_t i = 0; i < count; i++)
		fill(&users->user[i], &options[i]);
	return users;
}

void usm_users_free(struct usm_users *users)
{
	if (!users)
		return;
	for (size_t i = 0; i < users->count; i++)
		usm_cipher_free(users->user[i].cipher);
	free(users);
}

size_t usm_users_find(const struct usm_users *users, struct span name)
{
	size_t i = 0;

	while (i < users->count && (users->user[i].name_size != name.size ||
				    memcmp(users->user[i].name, name.data, name.size) != 0))
		i++;
	return i;
}
