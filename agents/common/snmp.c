#include "agents/common/snmp.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include <net-snmp/library/large_fd_set.h>
#include <net-snmp/net-snmp-config.h>
#include <net-snmp/net-snmp-includes.h>

#include "agents/common/snmp_meeting.h"
#include "agents/common/snmp_user.h"
#include "base/buf.h"
#include "base/ipv4.h"

enum { VALUES_MAX = 128, PORT = 161 /* NET-1 */ };

struct snmp_peer {
	struct loop *loop;
	void *handle; /* NULL until the engine of version 3 is known */
	struct snmp_meeting *meeting;
	const struct snmp_user *user; /* NULL before version 3 */
	char *community;
	uint32_t address;
	int64_t timeout_ms;
	struct watch *watch;
	struct timer *timer;
	int version;
	int64_t retries;
	bool closing;
	struct question *questions;
};

struct question {
	struct snmp_peer *session;
	struct question *next;
	struct snmp_oid oids[SNMP_GET_MAX]; /* of a GET; count 0: GETNEXT or GETBULK */
	size_t count;
	bool waits;       /* for the engine */
	bool refused;     /* by the engine; the library goes on until its time is over */
	netsnmp_pdu *pdu; /* for a resend */
	int64_t resends;  /* that are left */
	snmp_done *done;
	void *arg;
};

void snmp_oid_add(struct snmp_oid *oid, uint32_t id)
{
	if (oid->size < SNMP_IDS_MAX)
		oid->ids[oid->size++] = id;
}

bool snmp_oid_below(const struct snmp_oid *oid, const struct snmp_oid *prefix)
{
	return oid->size > prefix->size &&
	       memcmp(oid->ids, prefix->ids, prefix->size * sizeof(oid->ids[0])) == 0;
}

bool snmp_oid_equal(const struct snmp_oid *a, const struct snmp_oid *b)
{
	return a->size == b->size && memcmp(a->ids, b->ids, a->size * sizeof(a->ids[0])) == 0;
}

/* Not init_snmp: that reads configuration and MIB texts and makes folders under /var. A session
 * starts what it needs. */
static void start_library(void)
{
	static bool started;

	if (started)
		return;
	started = true;
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	snmp_disable_log();
}

/* The library resends and gives up when it is called in time; it says when that is. */
static void arm(struct snmp_peer *session)
{
	netsnmp_large_fd_set fds;
	struct timeval wait = { 0 };
	int count = 0, block = 1;

	netsnmp_large_fd_set_init(&fds, FD_SETSIZE);
	NETSNMP_LARGE_FD_ZERO(&fds);
	snmp_sess_select_info2(session->handle, &count, &fds, &wait, &block);
	netsnmp_large_fd_set_cleanup(&fds);
	if (!session->questions || block)
		timer_stop(session->timer);
	else
		timer_in(session->timer,
			 (uint64_t)wait.tv_sec * 1000 + (uint64_t)wait.tv_usec / 1000 + 1);
}

static void readable(void *arg, unsigned events)
{
	struct snmp_peer *session = arg;
	netsnmp_transport *transport = snmp_sess_transport(session->handle);
	netsnmp_large_fd_set fds;

	(void)events;
	netsnmp_large_fd_set_init(&fds, transport->sock + 1);
	NETSNMP_LARGE_FD_ZERO(&fds);
	NETSNMP_LARGE_FD_SET(transport->sock, &fds);
	snmp_sess_read2(session->handle, &fds);
	netsnmp_large_fd_set_cleanup(&fds);
	arm(session);
}

/* An ICMP error to an earlier datagram waits in the socket and would fail the next send. */
static void clear_error(struct snmp_peer *session)
{
	int pending = 0;
	socklen_t size = sizeof(pending);

	getsockopt(snmp_sess_transport(session->handle)->sock, SOL_SOCKET, SO_ERROR, &pending,
		   &size);
}

static void due(void *arg)
{
	struct snmp_peer *session = arg;

	clear_error(session);
	snmp_sess_timeout(session->handle);
	arm(session);
}

/* Connected, the kernel lets in only what comes from that printer's port 161. */
static int connect_socket(netsnmp_transport *transport, uint32_t address)
{
	struct sockaddr_in peer = { .sin_family = AF_INET,
				    .sin_port = htons(PORT),
				    .sin_addr.s_addr = htonl(address) };

	return connect(transport->sock, (const struct sockaddr *)&peer, sizeof(peer)) < 0 ? -errno
											  : 0;
}

static void fill_template(const struct snmp_peer *session, const struct snmp_engine *engine,
			  netsnmp_session *template)
{
	snmp_sess_init(template);
	template->version = session->version == 1 ? SNMP_VERSION_1 : SNMP_VERSION_2c;
	if (session->user) {
		snmp_user_apply(session->user, engine, template);
	} else {
		template->community = (u_char *)session->community;
		template->community_len = strlen(session->community);
	}
	template->timeout = (long)session->timeout_ms * 1000;
	/* Resends are ours: a refused one leaks in the library. */
	template->retries = 0;
}

static int open_session(struct snmp_peer *session, const struct snmp_engine *engine,
			struct error *err)
{
	char text[IPV4_TEXT_MAX], peer[IPV4_TEXT_MAX + 16];
	netsnmp_session template;

	fill_template(session, engine, &template);
	snprintf(peer, sizeof(peer), "udp:%s:%d", ipv4_format(session->address, text), PORT);
	template.peername = peer;
	void *handle = snmp_sess_open(&template);
	if (!handle)
		return error_set(err, EIO, "snmp: cannot open a session to %s", text);
	netsnmp_transport *transport = snmp_sess_transport(handle);
	int status = connect_socket(transport, session->address);
	if (status < 0) {
		snmp_sess_close(handle);
		return error_set(err, -status, "snmp: %s: %s", text, strerror(-status));
	}
	session->handle = handle;
	session->watch = watch_new(session->loop, transport->sock, LOOP_READ, readable, session);
	return 0;
}

struct snmp_peer *snmp_peer_new(const struct snmp_options *options, struct error *err)
{
	struct snmp_peer *session = alloc_zero(1, sizeof(*session));

	start_library();
	session->loop = options->loop;
	session->address = options->address;
	session->version = options->version;
	session->user = options->user;
	session->community = alloc_text(options->user ? "" : options->community);
	session->timeout_ms = options->timeout_ms;
	session->retries = options->retries;
	session->timer = timer_new(options->loop, due, session);
	if (session->user || open_session(session, NULL, err) == 0)
		return session;
	snmp_peer_free(session);
	return NULL;
}

static void forget(struct question *question)
{
	struct question **at = &question->session->questions;

	while (*at != question)
		at = &(*at)->next;
	*at = question->next;
	snmp_free_pdu(question->pdu);
	free(question);
}

void snmp_peer_free(struct snmp_peer *session)
{
	if (!session)
		return;
	watch_free(session->watch);
	timer_free(session->timer);
	snmp_meeting_cancel(session->meeting);
	/* The library calls back for what is under way. */
	session->closing = true;
	if (session->handle) {
		snmp_user_part(session->user, snmp_sess_session(session->handle));
		snmp_sess_close(session->handle);
	}
	while (session->questions)
		forget(session->questions);
	free(session->community);
	free(session);
}

/* ---- answers ---- */

static bool read_name(const netsnmp_variable_list *variable, struct snmp_oid *oid)
{
	if (variable->name_length > SNMP_IDS_MAX)
		return false;
	oid->size = variable->name_length;
	for (size_t i = 0; i < oid->size; i++)
		oid->ids[i] = (uint32_t)variable->name[i];
	return true;
}

static void read_value(const netsnmp_variable_list *variable, struct snmp_value *value)
{
	value->kind = SNMP_OTHER;
	switch (variable->type) {
	case ASN_INTEGER:
		value->kind = SNMP_NUMBER;
		value->number = *variable->val.integer;
		break;
	case ASN_COUNTER:
	case ASN_GAUGE:
	case ASN_TIMETICKS:
		value->kind = SNMP_NUMBER;
		value->number = (int64_t)(uint32_t)*variable->val.integer;
		break;
	case ASN_OCTET_STR:
		value->kind = SNMP_BYTES;
		value->data = variable->val.string;
		value->size = variable->val_len;
		break;
	case ASN_NULL:
	case SNMP_NOSUCHOBJECT:
	case SNMP_NOSUCHINSTANCE:
	case SNMP_ENDOFMIBVIEW:
		value->kind = SNMP_NOTHING;
		break;
	}
}

static size_t read_values(const netsnmp_pdu *pdu, struct snmp_value *values)
{
	size_t count = 0;

	for (const netsnmp_variable_list *variable = pdu->variables; variable && count < VALUES_MAX;
	     variable = variable->next_variable) {
		values[count] = (struct snmp_value){ 0 };
		if (!read_name(variable, &values[count].oid))
			continue;
		read_value(variable, &values[count]);
		count++;
	}
	return count;
}

/* One value for each name that was asked, whatever their order. */
static int order(const struct question *question, const struct snmp_value *values, size_t count,
		 struct snmp_value *ordered)
{
	for (size_t i = 0; i < question->count; i++) {
		size_t at = 0;
		while (at < count && !snmp_oid_equal(&values[at].oid, &question->oids[i]))
			at++;
		if (at == count)
			return -EBADMSG;
		ordered[i] = values[at];
	}
	return 0;
}

static int read_answer(const struct question *question, const netsnmp_pdu *pdu,
		       struct snmp_value *values, size_t *count)
{
	struct snmp_value raw[VALUES_MAX];
	size_t got = read_values(pdu, raw);

	*count = 0;
	/* v1 says it of the whole answer (RFC 1157, 4.1.2); asked singly, it is about that one. */
	if (pdu->errstat == SNMP_ERR_NOSUCHNAME && question->count <= 1) {
		values[0] = (struct snmp_value){ .kind = SNMP_NOTHING };
		if (question->count)
			values[0].oid = question->oids[0];
		*count = 1;
		return 0;
	}
	if (pdu->errstat != SNMP_ERR_NOERROR)
		return pdu->errstat == SNMP_ERR_TOOBIG || pdu->errstat == SNMP_ERR_NOSUCHNAME
			       ? -EMSGSIZE
			       : -EBADMSG;
	if (question->count) {
		*count = question->count;
		return order(question, raw, got, values);
	}
	memcpy(values, raw, got * sizeof(raw[0]));
	*count = got;
	return got ? 0 : -EBADMSG;
}

static int send_pdu(struct question *question);

static void settle(struct question *question, int status, const struct snmp_value *values,
		   size_t count)
{
	snmp_done *done = question->done;
	void *done_arg = question->arg;

	forget(question);
	done(done_arg, status, values, status == 0 ? count : 0);
}

static int answered(int operation, netsnmp_session *library, int request, netsnmp_pdu *pdu,
		    void *arg)
{
	struct question *question = arg;
	struct snmp_value values[VALUES_MAX];
	size_t count = 0;
	int status = -ETIMEDOUT;

	(void)library;
	(void)request;
	/* Only an answer and the end of waiting settle a question. What cannot be sent now is tried
	 * again by the library, or times out; at the first send its return says so. Of a report,
	 * which answers nothing in v1 and v2c (RFC 3416, 3), it tells as an error and goes on
	 * waiting. Once the session closes, nobody waits any more. */
	if (operation == NETSNMP_CALLBACK_OP_SEC_ERROR)
		question->refused = true;
	if (question->session->closing || (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE &&
					   operation != NETSNMP_CALLBACK_OP_TIMED_OUT))
		return 1;
	if (pdu && pdu->command == SNMP_MSG_REPORT) {
		question->refused = question->session->user;
		return 0;
	}
	if (operation == NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE && pdu)
		status = read_answer(question, pdu, values, &count);
	else if (question->refused)
		status = -EACCES;
	else if (question->resends-- > 0 && send_pdu(question) == 0)
		return 1;
	settle(question, status, values, count);
	return 1;
}

static void add_name(netsnmp_pdu *pdu, const struct snmp_oid *name)
{
	oid ids[SNMP_IDS_MAX];

	for (size_t i = 0; i < name->size; i++)
		ids[i] = name->ids[i];
	snmp_add_null_var(pdu, ids, name->size);
}

static int send_pdu(struct question *question)
{
	netsnmp_pdu *pdu = snmp_clone_pdu(question->pdu);

	clear_error(question->session);
	pdu->reqid = snmp_get_next_reqid();
	pdu->msgid = snmp_get_next_msgid();
	if (snmp_sess_async_send(question->session->handle, pdu, answered, question))
		return 0;
	snmp_free_pdu(pdu);
	return -EIO;
}

static struct question *first_waiting(struct snmp_peer *session)
{
	struct question *question = session->questions;

	while (question && !question->waits)
		question = question->next;
	return question;
}

/* The engine is known, or is not there: what waited for it goes out, or fails. */
static void met(void *arg, const struct snmp_engine *engine)
{
	struct snmp_peer *session = arg;
	struct question *question;
	int status = -ETIMEDOUT;

	session->meeting = NULL;
	if (engine)
		status = open_session(session, engine, NULL);
	while ((question = first_waiting(session))) {
		question->waits = false;
		int sent = status < 0 ? status : send_pdu(question);
		if (sent < 0)
			settle(question, sent, NULL, 0);
	}
	if (session->handle)
		arm(session);
}

static void wait_for_engine(struct question *question)
{
	struct snmp_peer *session = question->session;

	question->waits = true;
	if (!session->meeting)
		session->meeting =
			snmp_meet(&(struct snmp_meeting_options){ .loop = session->loop,
								  .address = session->address,
								  .port = PORT,
								  .timeout_ms = session->timeout_ms,
								  .retries = session->retries },
				  met, session);
}

static int ask(struct question *question, netsnmp_pdu *pdu)
{
	struct snmp_peer *session = question->session;

	question->pdu = pdu;
	question->resends = session->retries;
	question->next = session->questions;
	session->questions = question;
	if (!session->handle) {
		wait_for_engine(question);
		return 0;
	}
	if (send_pdu(question) < 0) {
		forget(question);
		return -EIO;
	}
	arm(session);
	return 0;
}

static struct question *question_new(struct snmp_peer *session, snmp_done *done, void *arg)
{
	struct question *question = alloc_zero(1, sizeof(*question));

	question->session = session;
	question->done = done;
	question->arg = arg;
	return question;
}

int snmp_get(struct snmp_peer *session, const struct snmp_oid *oids, size_t count, snmp_done *done,
	     void *arg)
{
	struct question *question = question_new(session, done, arg);
	netsnmp_pdu *pdu = snmp_pdu_create(SNMP_MSG_GET);

	question->count = count;
	for (size_t i = 0; i < count; i++) {
		question->oids[i] = oids[i];
		add_name(pdu, &oids[i]);
	}
	return ask(question, pdu);
}

int snmp_next(struct snmp_peer *session, const struct snmp_oid *after, int most, snmp_done *done,
	      void *arg)
{
	struct question *question = question_new(session, done, arg);
	bool bulk = session->version != 1;
	netsnmp_pdu *pdu = snmp_pdu_create(bulk ? SNMP_MSG_GETBULK : SNMP_MSG_GETNEXT);

	if (bulk) {
		pdu->non_repeaters = 0;
		pdu->max_repetitions = most;
	}
	add_name(pdu, after);
	return ask(question, pdu);
}
