#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>

#include <net-snmp/agent/net-snmp-agent-includes.h>

#include <net-snmp/library/large_fd_set.h>

#include <sys/eventfd.h>

#include "sim/printer/snmp.h"

#include <assert.h>

#include "base/cleanup.h"
#include "sim/printer/channel.h"
#include "sim/printer/device.h"
#include "sim/printer/live.h"
#include "sim/printer/snmp_message.h"
#include "sim/printer/snmp_tell.h"

/* net-snmp's agent registry is one per process. The request in hand is static too, as the library
 * hands its callbacks nothing of ours; one request is answered wholly before the next begins. */
static struct {
	bool ready;
	void *session;
	int fd; /* never readable: the library only asks whether it is set */
	struct device *device;
	const struct datagram *in;
	const struct snmp_caller *by; /* NULL: by community */
	struct buf *out;
	bool accepted;
} engine;

/* The library builds the whole answer; what is more than a frame is cut by us, as it would send
 * nothing at all. */
enum { ENGINE_ANSWER_MAX = 65507 };

/* ---- values ---- */

static void set_octets(netsnmp_variable_list *varbind, const void *data, size_t size)
{
	snmp_set_var_typed_value(varbind, ASN_OCTET_STR, data, size);
}

static void set_oid_value(netsnmp_variable_list *varbind, const struct mib_entry *entry)
{
	oid value[OID_MAX];
	uint32_t id;
	size_t count = entry->size / sizeof(id);

	for (size_t i = 0; i < count && i < OID_MAX; i++) {
		memcpy(&id, entry->bytes + i * sizeof(id), sizeof(id));
		value[i] = id;
	}
	snmp_set_var_typed_value(varbind, ASN_OBJECT_ID, value, count * sizeof(oid));
}

static void set_fixed(netsnmp_variable_list *varbind, const struct mib_entry *entry)
{
	switch ((enum mib_type)entry->type) {
	case MIB_OCTETS:
		set_octets(varbind, entry->bytes, entry->size);
		break;
	case MIB_OID:
		set_oid_value(varbind, entry);
		break;
	case MIB_ADDRESS: {
		uint8_t address[4];
		put_be32(address, (uint32_t)entry->number);
		snmp_set_var_typed_value(varbind, ASN_IPADDRESS, address, sizeof(address));
		break;
	}
	case MIB_INTEGER:
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		snmp_set_var_typed_integer(varbind, entry->type, (long)entry->number);
		break;
	}
}

static void set_value(netsnmp_variable_list *varbind, const struct mib_entry *entry)
{
	struct buf scratch;

	buf_init(&scratch, LIVE_MAX);
	const struct mib_entry read = live_read(engine.device, entry, &scratch);
	set_fixed(varbind, &read);
	buf_done(&scratch);
}

/* ---- the one handler ---- */

static struct oid narrow(const netsnmp_variable_list *varbind)
{
	struct oid oid = { .count = varbind->name_length < OID_MAX ? varbind->name_length
								   : OID_MAX };
	for (size_t i = 0; i < oid.count; i++)
		oid.id[i] = (uint32_t)varbind->name[i];
	return oid;
}

/* A name that stands in no list but is a command. */
static bool answer_command(netsnmp_request_info *request, const struct oid *name)
{
	struct buf reply;

	buf_init(&reply, LIVE_MAX);
	bool answered = channel_answer(engine.device, name, &reply) && !reply.failed;
	if (answered)
		set_octets(request->requestvb, reply.data, reply.size);
	buf_done(&reply);
	return answered;
}

static void answer_get(netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	const struct mib_view view = device_view(engine.device);
	struct oid name = narrow(request->requestvb);
	size_t at = mib_lower_bound(&view, name.id, name.count);

	if (mib_stands_at(&view, at, name.id, name.count))
		set_value(request->requestvb, mib_entry(view.mib, at));
	else if (answer_command(request, &name))
		return;
	else if (mib_has_object(&view, at, name.id, name.count))
		netsnmp_set_request_error(info, request, SNMP_NOSUCHINSTANCE);
	else
		netsnmp_set_request_error(info, request, SNMP_NOSUCHOBJECT);
}

/* Leaving the varbind untouched means: nothing behind it, which the library turns into
 * endOfMibView or noSuchName. */
static void answer_next(netsnmp_request_info *request)
{
	const struct mib_view view = device_view(engine.device);
	struct oid name = narrow(request->requestvb);
	size_t at = mib_lower_bound(&view, name.id, name.count);
	oid next[OID_MAX];

	if (!request->inclusive && mib_stands_at(&view, at, name.id, name.count))
		at++;
	if (at == mib_count(view.mib))
		return;
	name = mib_name(&view, mib_entry(view.mib, at));
	for (size_t i = 0; i < name.count; i++)
		next[i] = name.id[i];
	snmp_set_var_objid(request->requestvb, next, name.count);
	set_value(request->requestvb, mib_entry(view.mib, at));
}

static int handle(netsnmp_mib_handler *handler, netsnmp_handler_registration *registration,
		  netsnmp_agent_request_info *info, netsnmp_request_info *request)
{
	(void)handler;
	(void)registration;
	for (; request; request = request->next) {
		if (request->processed)
			continue;
		if (info->mode == MODE_GET)
			answer_get(info, request);
		else if (info->mode == MODE_GETNEXT)
			answer_next(request);
		else
			netsnmp_set_request_error(info, request, SNMP_ERR_NOTWRITABLE);
	}
	return SNMP_ERR_NOERROR;
}

/* ---- observations ---- */

static void see_request(const netsnmp_pdu *pdu)
{
	if (!engine.device->host->tap)
		return;
	char text[OID_TEXT_MAX];
	json_t *oids = json_array();

	for (const netsnmp_variable_list *v = pdu->variables; v; v = v->next_variable) {
		struct oid oid = narrow(v);
		json_array_append_new(oids, json_string(oid_format(oid.id, oid.count, text)));
	}
	snmp_tell_request(engine.device, engine.in,
			  &(struct snmp_told){ .version = pdu->version,
					       .by = engine.by,
					       .community = { pdu->community, pdu->community_len },
					       .pdu = (uint8_t)pdu->command,
					       .request = pdu->reqid,
					       .oids = oids });
}

static void see_ignored(struct device *device, const char *why)
{
	device_seen(device, "snmp.ignored", json_pack("{s:s}", "why", why));
}

/* ---- the session ---- */

static const char *why_refused(const netsnmp_pdu *pdu)
{
	const struct device *device = engine.device;

	if (device->v3_only)
		return "version";
	if (pdu->community_len != device->community_size ||
	    memcmp(pdu->community, device->community, device->community_size) != 0)
		return "community";
	return NULL;
}

static bool is_request(int command)
{
	return command == SNMP_MSG_GET || command == SNMP_MSG_GETNEXT ||
	       command == SNMP_MSG_GETBULK || command == SNMP_MSG_SET;
}

static int on_message(int operation, netsnmp_session *session, int request, netsnmp_pdu *pdu,
		      void *magic)
{
	if (operation != NETSNMP_CALLBACK_OP_RECEIVED_MESSAGE)
		return 1;
	if (!is_request(pdu->command))
		return 1; /* told as malformed: nobody sends these to a printer */
	engine.accepted = true;
	see_request(pdu);
	const char *refused = engine.by ? NULL : why_refused(pdu);
	if (refused) {
		see_ignored(engine.device, refused);
		return 1;
	}
	pdu->flags |= UCD_MSG_FLAG_ALWAYS_IN_VIEW; /* that has decided; no VACM on top */
	return handle_snmp_packet(operation, session, request, pdu, magic);
}

static int transport_recv(netsnmp_transport *transport, void *data, int size, void **opaque,
			  int *opaque_size)
{
	(void)transport;
	netsnmp_indexed_addr_pair *pair = alloc_zero(1, sizeof(*pair));
	pair->remote_addr.sin.sin_family = AF_INET;
	pair->local_addr.sin.sin_family = AF_INET;
	*opaque = pair; /* the library frees it */
	*opaque_size = sizeof(*pair);
	size_t taken = engine.in->size < (size_t)size ? engine.in->size : (size_t)size;
	memcpy(data, engine.in->data, taken);
	return (int)taken;
}

static int transport_send(netsnmp_transport *transport, const void *data, int size, void **opaque,
			  int *opaque_size)
{
	(void)transport;
	(void)opaque;
	(void)opaque_size;
	if (size > 0)
		buf_add(engine.out, data, (size_t)size);
	return size;
}

static int transport_close(netsnmp_transport *transport)
{
	(void)transport;
	return 0;
}

static char *transport_name(netsnmp_transport *transport, const void *data, int size)
{
	(void)transport;
	(void)data;
	(void)size;
	return alloc_text("UDP: simulated");
}

static void configure(void)
{
	setenv("MIBS", "", 1);                 /* else hundreds of text files are read … */
	setenv("MIBDIRS", "/dev/null", 1);     /* … and the first line of each even so */
	set_persistent_directory("/dev/null"); /* else it makes a folder for certificates there */
	/* A handler that swallows: without any, warnings go to standard error. */
	netsnmp_register_loghandler(NETSNMP_LOGHANDLER_NONE, LOG_DEBUG);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_READ_CONFIGS, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DONT_PERSIST_STATE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_LOAD, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_LIBRARY_ID, NETSNMP_DS_LIB_DISABLE_PERSISTENT_SAVE, 1);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_ROLE, 0);
	netsnmp_ds_set_boolean(NETSNMP_DS_APPLICATION_ID,
			       NETSNMP_DS_AGENT_DONT_LOG_TCPWRAPPERS_CONNECTS, 1);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_MAX_GETBULKREPEATS,
			   SNMP_BULK_REPEATS_MAX);
	netsnmp_ds_set_int(NETSNMP_DS_APPLICATION_ID, NETSNMP_DS_AGENT_MAX_GETBULKRESPONSES,
			   SNMP_BULK_RESPONSES_MAX);
}

static void register_root(void)
{
	static oid root[] = { 1, 3 };
	netsnmp_handler_registration *registration = netsnmp_create_handler_registration(
		"printers", handle, root, COUNT_OF(root), HANDLER_CAN_RONLY);
	netsnmp_register_handler(registration);
}

static void open_session(void)
{
	netsnmp_transport *transport = alloc_zero(1, sizeof(*transport));
	netsnmp_session session;

	engine.fd = eventfd(0, EFD_CLOEXEC);
	transport->domain = netsnmpUDPDomain;
	transport->domain_length = (int)netsnmpUDPDomain_len;
	transport->sock = engine.fd;
	transport->msgMaxSize = ENGINE_ANSWER_MAX;
	transport->f_recv = transport_recv;
	transport->f_send = transport_send;
	transport->f_close = transport_close;
	transport->f_fmtaddr = transport_name;
	snmp_sess_init(&session);
	session.version = SNMP_DEFAULT_VERSION;
	session.callback = on_message;
	session.isAuthoritative = SNMP_SESS_AUTHORITATIVE;
	engine.session = snmp_sess_pointer(snmp_add(&session, transport, NULL, NULL));
	assert(engine.session);
}

static void start(void)
{
	configure();
	init_agent("ecsp-printers");
	register_root();
	init_snmp("ecsp-printers");
	open_session();
	engine.ready = true;
}

/* v3 (usm_answer.h) and what is not SNMP at all stay out of the library: it would answer with
 * reports of its own. */
static bool is_spoken(const struct datagram *in)
{
	int64_t version = snmp_message_version(in->data, in->size);
	return version == 0 || version == 1;
}

static void run(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		struct buf *out)
{
	netsnmp_large_fd_set readable;

	if (!engine.ready)
		start();
	engine.device = device;
	engine.in = in;
	engine.by = by;
	engine.out = out;
	engine.accepted = false;
	netsnmp_large_fd_set_init(&readable, FD_SETSIZE);
	netsnmp_large_fd_setfd(engine.fd, &readable);
	snmp_sess_read2(engine.session, &readable);
	netsnmp_large_fd_set_cleanup(&readable);
	if (!engine.accepted)
		see_ignored(device, "malformed");
	engine.device = NULL;
	engine.by = NULL;
}

void snmp_answer(struct device *device, const struct datagram *in, const struct snmp_caller *by,
		 struct buf *out)
{
	const size_t most = by ? by->room : SNMP_ANSWER_MAX;
	struct buf whole;

	if (!is_spoken(in)) {
		see_ignored(device, "malformed");
		return;
	}
	buf_init(&whole, ENGINE_ANSWER_MAX);
	run(device, in, by, &whole);
	const struct span request = { in->data, in->size }, answer = { whole.data, whole.size };
	if (whole.size <= most)
		buf_add(out, whole.data, whole.size);
	else
		snmp_message_shrink(&request, &answer, most, out);
	buf_done(&whole);
}
