#include "agents/dc/printer.h"

#include <errno.h>
#include <string.h>

#include "agents/common/text.h"
#include "agents/dc/collect.h"
#include "base/buf.h"
#include "base/cleanup.h"
#include "base/ipv4.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

enum { STATUS_CLEANING = 0x07 };

struct printer {
	struct printer_options options;
	char name[IPV4_TEXT_MAX + 16]; /* for the log */
	char *serial, *model;          /* model: as ENPC says */
	bool self_diagnosis, self_diagnosis_known;
	bool tried, greeted, failing, working;
	bool wants[PRINTER_LOOK + 1];
	struct st2 seen; /* of the last event, or the first record */
	bool have_seen;
	struct order *orders; /* oldest first */
	struct order *order;  /* in hand */
	const char *purpose;  /* of the collection; NULL: a look */
	struct collection *collection;
	struct enpc_call *greeting, *call;
};

static const struct config *config_of(const struct printer *printer)
{
	return agent_config(printer->options.agent);
}

static void work(struct printer *printer)
{
	printer->working = true;
	++*printer->options.busy;
}

static void rest(struct printer *printer)
{
	printer->working = false;
	--*printer->options.busy;
	printer->options.freed(printer->options.arg, printer);
}

static void finish_order(struct printer *printer, const struct outcome *outcome)
{
	struct order *order = printer->order;

	printer->order = NULL;
	agent_outcome(printer->options.agent, &order->command, outcome);
	free(order);
}

/* ---- collecting ---- */

static void log_reachable(struct printer *printer, int status)
{
	if (status < 0 && !printer->failing)
		log_line(LOG_LEVEL_WARN, printer->name, "not collected: %s", strerror(-status));
	if (status == 0 && printer->failing)
		log_line(LOG_LEVEL_INFO, printer->name, "answers again");
	printer->failing = status < 0;
}

static void learn(struct printer *printer, const struct collected *collected)
{
	const char *serial =
		cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(collected->record, "serial"));

	if (serial && strcmp(serial, printer->serial) != 0) {
		free(printer->serial);
		printer->serial = alloc_text(serial);
	}
	printer->self_diagnosis = collected->self_diagnosis;
	printer->self_diagnosis_known = true;
}

static void send_record(struct printer *printer, const char *purpose, cJSON *record)
{
	char id[TEXT_UUID_MAX];
	struct order *order = printer->order;

	cJSON_AddStringToObject(record, "record", text_uuid(id));
	if (printer->model && !cJSON_GetObjectItemCaseSensitive(record, "model"))
		cJSON_AddStringToObject(record, "model", printer->model);
	agent_record(printer->options.agent, purpose, record, order ? &order->command : NULL);
	printer->order = NULL;
	free(order);
}

/* An event is a change since the last one; a record of another kind that shows a change does not
 * stand in for it. */
static void note_status(struct printer *printer, const struct st2 *st2, const char *purpose)
{
	bool changed = printer->have_seen && !st2_equal(st2, &printer->seen);

	if (!printer->have_seen || purpose == NULL || strcmp(purpose, ECSP_EVENT) != 0)
		printer->wants[PRINTER_EVENT] = printer->wants[PRINTER_EVENT] || changed;
	if (!printer->have_seen && !purpose)
		printer->wants[PRINTER_SCHEDULED] = true; /* it was away at the last round */
	if (purpose && (!printer->have_seen || strcmp(purpose, ECSP_EVENT) == 0)) {
		printer->seen = *st2;
		printer->have_seen = true;
	}
}

static void on_collected(void *arg, struct collected *collected)
{
	static const struct outcome unreachable = { ECSP_FAILED, "unreachable", NULL };
	struct printer *printer = arg;
	const char *purpose = printer->purpose;

	printer->collection = NULL;
	printer->tried = true;
	log_reachable(printer, collected->status);
	if (collected->status == 0) {
		note_status(printer, &collected->st2, purpose);
		if (collected->record) {
			learn(printer, collected);
			send_record(printer, purpose, collected->record);
		}
	} else if (printer->order) {
		finish_order(printer, &unreachable);
	}
	rest(printer);
}

static void collect(struct printer *printer, const char *purpose, collect_done *done)
{
	const struct config *config = config_of(printer);
	const struct snmp_login *login = printer->options.login;

	printer->purpose = purpose;
	printer->collection = collect_start(
		&(struct snmp_options){ .loop = agent_loop(printer->options.agent),
					.address = printer->options.address,
					.community = login ? login->community : config->community,
					.version =
						login ? login->version : (int)config->snmp_version,
					.user = printer->options.user,
					.timeout_ms = config->timeout_ms,
					.retries = config->retries },
		purpose == NULL, done, printer);
}

/* ---- ENPC ---- */

static struct enpc_call *ask(struct printer *printer, const struct enpc_function *function,
			     int64_t retries, enpc_done *done)
{
	return enpc_ask(&(struct enpc_options){ .loop = agent_loop(printer->options.agent),
						.address = printer->options.address,
						.function = function,
						.timeout_ms = config_of(printer)->timeout_ms,
						.retries = retries },
			done, printer);
}

static void on_greeting(void *arg, uint32_t from, const struct enpc_reply *reply)
{
	struct printer *printer = arg;

	(void)from;
	printer->greeting = NULL;
	free(printer->model);
	printer->model = reply ? enpc_model(reply) : NULL;
	if (printer->model)
		log_line(LOG_LEVEL_INFO, printer->name, "%s, by ENPC", printer->model);
	else
		log_line(LOG_LEVEL_WARN, printer->name, "no basic information by ENPC");
}

static void greet(struct printer *printer)
{
	if (printer->greeted)
		return;
	printer->greeted = true;
	printer->greeting = ask(printer, &enpc_basic, config_of(printer)->retries, on_greeting);
}

static const struct outcome done_outcome = { ECSP_DONE, NULL, NULL };
static const struct outcome unreachable_outcome = { ECSP_FAILED, "unreachable", NULL };
static const struct outcome busy_outcome = { ECSP_FAILED, "busy", NULL };
static const struct outcome unsupported_outcome = { ECSP_REFUSED, "unsupported", NULL };

/* The answer to the cleaning was lost, and asking again might clean twice: its status tells. */
static void on_clean_looked(void *arg, struct collected *collected)
{
	struct printer *printer = arg;
	bool cleaning = collected->status == 0 && collected->st2.status == STATUS_CLEANING;

	printer->collection = NULL;
	finish_order(printer, cleaning ? &done_outcome : &unreachable_outcome);
	rest(printer);
}

static void on_clean(void *arg, uint32_t from, const struct enpc_reply *reply)
{
	struct printer *printer = arg;

	(void)from;
	printer->call = NULL;
	if (!reply) {
		collect(printer, NULL, on_clean_looked);
		return;
	}
	if (reply->result == ENPC_NORMAL && reply->size && reply->data[0] == 0)
		finish_order(printer, &done_outcome);
	else if (reply->result == ENPC_NO_FUNCTION)
		finish_order(printer, &unsupported_outcome);
	else
		finish_order(printer, &busy_outcome);
	rest(printer);
}

static void on_diagnose(void *arg, uint32_t from, const struct enpc_reply *reply)
{
	struct printer *printer = arg;
	AUTO_FREE char *word = reply ? text_clean(reply->data, reply->size) : NULL;
	struct outcome diagnosed = { ECSP_DONE, NULL, word };

	(void)from;
	printer->call = NULL;
	if (!reply)
		finish_order(printer, &unreachable_outcome);
	else if (reply->result == ENPC_NO_FUNCTION)
		finish_order(printer, &unsupported_outcome);
	else if (reply->result != ENPC_NORMAL || !*word)
		finish_order(printer, &busy_outcome);
	else
		finish_order(printer, &diagnosed);
	rest(printer);
}

/* ---- what comes next ---- */

static void begin_call(struct printer *printer, const struct enpc_function *function,
		       enpc_done *done)
{
	printer->call = ask(printer, function, 0, done);
	if (printer->call)
		return;
	finish_order(printer, &unreachable_outcome);
	rest(printer);
}

static void begin_order(struct printer *printer)
{
	printer->order = printer->orders;
	printer->orders = printer->order->next;
	switch (printer->order->command.operation) {
	case OPERATION_STATUS:
		collect(printer, ECSP_COMMAND, on_collected);
		break;
	case OPERATION_CLEAN:
		begin_call(printer, &enpc_clean, on_clean);
		break;
	case OPERATION_DIAGNOSE:
		if (printer->self_diagnosis_known && !printer->self_diagnosis) {
			finish_order(printer, &unsupported_outcome);
			rest(printer);
		} else {
			begin_call(printer, &enpc_diagnose, on_diagnose);
		}
		break;
	}
}

bool printer_serve(struct printer *printer)
{
	static const char *const purposes[] = { [PRINTER_EVENT] = ECSP_EVENT,
						[PRINTER_SCHEDULED] = ECSP_SCHEDULED,
						[PRINTER_LOOK] = NULL };

	if (printer->working)
		return false;
	if (printer->orders) {
		work(printer);
		begin_order(printer);
		return true;
	}
	for (size_t i = 0; i < COUNT_OF(purposes); i++) {
		if (!printer->wants[i])
			continue;
		printer->wants[i] = false;
		if (i == PRINTER_SCHEDULED) {
			printer->wants[PRINTER_LOOK] = false;
			greet(printer);
		}
		work(printer);
		collect(printer, purposes[i], on_collected);
		return true;
	}
	return false;
}

void printer_want(struct printer *printer, enum printer_want want)
{
	/* A look while it is being read anyway would be one too many. */
	if (want != PRINTER_LOOK || !printer->working)
		printer->wants[want] = true;
}

void printer_order(struct printer *printer, struct order *order)
{
	struct order **at = &printer->orders;

	while (*at)
		at = &(*at)->next;
	order->next = NULL;
	*at = order;
}

uint32_t printer_address(const struct printer *printer)
{
	return printer->options.address;
}

const char *printer_serial(const struct printer *printer)
{
	return printer->serial;
}

bool printer_tried(const struct printer *printer)
{
	return printer->tried;
}

struct printer *printer_new(const struct printer_options *options)
{
	char text[IPV4_TEXT_MAX];
	struct printer *printer = alloc_zero(1, sizeof(*printer));

	printer->options = *options;
	printer->serial = alloc_text(options->serial);
	snprintf(printer->name, sizeof(printer->name), "printer %s",
		 ipv4_format(options->address, text));
	return printer;
}

void printer_free(struct printer *printer)
{
	if (!printer)
		return;
	collect_cancel(printer->collection);
	enpc_cancel(printer->greeting);
	enpc_cancel(printer->call);
	order_free_all(printer->orders);
	free(printer->order);
	free(printer->serial);
	free(printer->model);
	free(printer);
}

void printer_retire(struct printer *printer)
{
	static const struct outcome undesignated = { ECSP_REFUSED, "not-designated", NULL };

	if (printer->order)
		finish_order(printer, &unreachable_outcome); /* it may have been carried out */
	while ((printer->order = printer->orders)) {
		printer->orders = printer->order->next;
		finish_order(printer, &undesignated);
	}
	if (printer->working)
		--*printer->options.busy;
	log_line(LOG_LEVEL_INFO, printer->name, "not designated any more");
	printer_free(printer);
}
