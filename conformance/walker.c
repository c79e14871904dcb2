#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include "conformance/walker.h"

#include <errno.h>

#include "base/buf.h"
#include "base/cleanup.h"

enum { REPETITIONS = 20, PASSWORD_MIN = 8 /* RFC 3414, 11.2 */ };

struct walker {
	void *session;
	long version;
	int repetitions; /* of GETBULK */
};

/* ---- opening ---- */

static void start_library(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	setenv("MIBS", "", 1);
	setenv("MIBDIRS", "/dev/null", 1);
	set_persistent_directory("/dev/null");
	snmp_disable_log();
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	init_snmp("ecsp-record");
}

/* Negative: there is no such version. */
static long version_of(const char *text, struct error *err)
{
	static const struct {
		const char *text;
		long version;
	} rows[] = { { "1", SNMP_VERSION_1 }, { "2c", SNMP_VERSION_2c }, { "3", SNMP_VERSION_3 } };
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (!strcmp(rows[i].text, text))
			return rows[i].version;
	}
	return error_set(err, EINVAL, "found version '%s', expected 1, 2c or 3", text);
}

static int key_of(netsnmp_session *session, const char *password, u_char *key, size_t *size,
		  struct error *err)
{
	if (!password || strlen(password) < PASSWORD_MIN)
		return error_set(err, EINVAL, "expected a password of at least %d characters",
				 PASSWORD_MIN);
	if (generate_Ku(session->securityAuthProto, (u_int)session->securityAuthProtoLen,
			(const u_char *)password, strlen(password), key, size) != SNMPERR_SUCCESS)
		return error_set(err, EINVAL, "cannot make a key of the password");
	return 0;
}

static int set_privacy(netsnmp_session *session, const struct walker_options *options,
		       struct error *err)
{
	int type = usm_lookup_priv_type(options->priv_protocol);

	if (type < 0 || type == USM_CREATE_USER_PRIV_NONE)
		return error_set(err, EINVAL, "found privacy '%s', expected DES or AES",
				 options->priv_protocol);
	session->securityPrivProto = sc_get_priv_oid(type, &session->securityPrivProtoLen);
	session->securityPrivKeyLen = USM_PRIV_KU_LEN;
	session->securityLevel = SNMP_SEC_LEVEL_AUTHPRIV;
	return key_of(session, options->priv_password, session->securityPrivKey,
		      &session->securityPrivKeyLen, err);
}

static int set_user(netsnmp_session *session, const struct walker_options *options,
		    struct error *err)
{
	if (!options->user)
		return error_set(err, EINVAL, "expected a user for version 3");
	session->securityName = (char *)options->user;
	session->securityNameLen = strlen(options->user);
	session->securityLevel = SNMP_SEC_LEVEL_NOAUTH;
	if (!options->auth_protocol && !options->priv_protocol)
		return 0;
	int type = options->auth_protocol ? usm_lookup_auth_type(options->auth_protocol) : -1;
	if (type < 0 || type == NETSNMP_USMAUTH_NOAUTH)
		return error_set(err, EINVAL,
				 "found authentication '%s', expected MD5, SHA or SHA-256",
				 options->auth_protocol ? options->auth_protocol : "none");
	session->securityAuthProto = sc_get_auth_oid(type, &session->securityAuthProtoLen);
	session->securityAuthKeyLen = USM_AUTH_KU_LEN;
	session->securityLevel = SNMP_SEC_LEVEL_AUTHNOPRIV;
	int status = key_of(session, options->auth_password, session->securityAuthKey,
			    &session->securityAuthKeyLen, err);
	return status == 0 && options->priv_protocol ? set_privacy(session, options, err) : status;
}

struct walker *walker_open(const struct walker_options *options, struct error *err)
{
	netsnmp_session session;

	start_library();
	snmp_sess_init(&session);
	const long version = version_of(options->version, err);
	if (version < 0)
		return NULL;
	session.version = version;
	session.peername = (char *)options->peer;
	session.timeout = options->timeout_ms * 1000;
	session.retries = (int)options->retries;
	if (version == SNMP_VERSION_3) {
		if (set_user(&session, options, err) < 0)
			return NULL;
	} else {
		session.community = (u_char *)options->community;
		session.community_len = strlen(options->community);
	}
	void *handle = snmp_sess_open(&session);
	if (!handle) {
		error_set(err, ECONNREFUSED, "cannot ask %s: %s", options->peer,
			  snmp_api_errstring(session.s_snmp_errno ? session.s_snmp_errno
								  : snmp_errno));
		return NULL;
	}
	struct walker *walker = alloc_zero(1, sizeof(*walker));
	*walker = (struct walker){ handle, version, REPETITIONS };
	return walker;
}

void walker_close(struct walker *walker)
{
	if (!walker)
		return;
	snmp_sess_close(walker->session);
	free(walker);
}

/* ---- rows ---- */

static struct oid narrow(const oid *ids, size_t count)
{
	struct oid out = { .count = count < OID_MAX ? count : OID_MAX };
	for (size_t i = 0; i < out.count; i++)
		out.id[i] = (uint32_t)ids[i];
	return out;
}

static void put_row(struct mib *rows, const struct oid *at, const netsnmp_variable_list *varbind,
		    size_t *left_out)
{
	switch (varbind->type) {
	case ASN_OCTET_STR:
		mib_put(rows, at, 1, MIB_OCTETS, 0,
			varbind->val_len ? (const void *)varbind->val.string : "",
			varbind->val_len);
		break;
	case ASN_OBJECT_ID: {
		struct oid value =
			narrow(varbind->val.objid, varbind->val_len / sizeof(*varbind->val.objid));
		mib_put(rows, at, 1, MIB_OID, 0, value.id, value.count * sizeof(value.id[0]));
		break;
	}
	case ASN_IPADDRESS:
		mib_put(rows, at, 1, MIB_ADDRESS,
			varbind->val_len == 4 ? get_be32(varbind->val.string) : 0, NULL, 0);
		break;
	case ASN_INTEGER:
		mib_put(rows, at, 1, MIB_INTEGER, *varbind->val.integer, NULL, 0);
		break;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
		mib_put(rows, at, 1, (enum mib_type)varbind->type,
			(int64_t)(*varbind->val.integer & 0xffffffff), NULL, 0);
		break;
	default:
		++*left_out;
		break;
	}
}

static bool is_end(const netsnmp_variable_list *varbind)
{
	return varbind->type == SNMP_ENDOFMIBVIEW || varbind->type == SNMP_NOSUCHOBJECT ||
	       varbind->type == SNMP_NOSUCHINSTANCE;
}

static int take_rows(const netsnmp_pdu *answer, struct oid *at, struct mib *rows, size_t *left_out,
		     struct error *err)
{
	char text[OID_TEXT_MAX];
	int count = 0;

	for (const netsnmp_variable_list *v = answer->variables; v && !is_end(v);
	     v = v->next_variable) {
		struct oid next = narrow(v->name, v->name_length);
		if (oid_compare(next.id, next.count, at->id, at->count) <= 0)
			return error_set(err, EPROTO,
					 "found %s after a later one: the printer does not go "
					 "forward",
					 oid_format(next.id, next.count, text));
		put_row(rows, &next, v, left_out);
		*at = next;
		count++;
	}
	return count;
}

/* ---- asking ---- */

static netsnmp_pdu *question(const struct walker *walker, const struct oid *at)
{
	bool bulk = walker->version != SNMP_VERSION_1;
	netsnmp_pdu *pdu = snmp_pdu_create(bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GETNEXT);
	oid name[OID_MAX];

	for (size_t i = 0; i < at->count; i++)
		name[i] = at->id[i];
	if (bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = walker->repetitions;
	}
	snmp_add_null_var(pdu, name, at->count);
	return pdu;
}

static int failure(const struct walker *walker, int status, struct error *err)
{
	char *text = NULL;
	int library, system_code;

	if (status == STAT_TIMEOUT)
		return error_set(
			err, ETIMEDOUT,
			"no answer: is it switched on, is SNMP on, is the community right?");
	snmp_sess_error(walker->session, &system_code, &library, &text);
	int code = error_set(err, EACCES, "cannot ask: %s", text ? text : "unknown");
	free(text);
	return code;
}

int walker_next(struct walker *walker, struct oid *at, struct mib *rows, size_t *left_out,
		struct error *err)
{
	for (;;) {
		netsnmp_pdu *answer = NULL;
		int status =
			snmp_sess_synch_response(walker->session, question(walker, at), &answer);
		if (status != STAT_SUCCESS || !answer)
			return failure(walker, status, err);
		long code = answer->errstat;
		int result = 0;
		if (code == SNMP_ERR_NOERROR)
			result = take_rows(answer, at, rows, left_out, err);
		snmp_free_pdu(answer);
		if (code == SNMP_ERR_TOOBIG && walker->repetitions > 1)
			walker->repetitions /= 2;
		else if (code == SNMP_ERR_NOERROR || code == SNMP_ERR_NOSUCHNAME)
			return result; /* v1 ends a walk with noSuchName */
		else
			return error_set(err, EPROTO, "found error-status %ld: %s", code,
					 snmp_errstring((int)code));
	}
}
