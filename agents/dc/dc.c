#include "agents/dc/dc.h"

#include "agents/common/snmp_user.h"
#include "agents/common/targets.h"
#include "agents/dc/find.h"
#include "agents/dc/known.h"
#include "agents/dc/order.h"
#include "agents/dc/printer.h"
#include "base/buf.h"
#include "base/ipv4.h"
#include "base/log.h"
#include "ecsp/ecsp.h"

/* Printers that are asked at the same time. */
enum { BUSY_MAX = 64, PROBE_MS = 1000, BROADCAST = -1 };

struct dc {
	struct agent *agent;
	const struct config *config;
	struct printer **printers;
	struct snmp_user **users; /* one a login of the configuration; NULL before version 3 */
	size_t count, next;       /* next: whose turn it is when a place is free */
	size_t busy;
	struct timer *round, *poll;
	uint64_t next_round, next_poll; /* ns */
	struct known *known;
	struct order *held; /* for serials that no printer has given yet */
	struct enpc_call *probe;
};

static void serve_all(struct dc *dc)
{
	for (size_t i = 0; i < dc->count && dc->busy < BUSY_MAX; i++) {
		struct printer *printer = dc->printers[(dc->next + i) % dc->count];
		if (printer_serve(printer))
			dc->next = (dc->next + i + 1) % dc->count;
	}
}

/* Every interval from the first on, whatever the collecting takes. */
static void again(struct dc *dc, struct timer *timer, uint64_t *at, int64_t every_ms)
{
	uint64_t now = loop_now(agent_loop(dc->agent));

	*at += (uint64_t)every_ms * 1000000u;
	if (*at <= now)
		*at = now + (uint64_t)every_ms * 1000000u;
	timer_set(timer, *at);
}

static void round_due(void *arg)
{
	struct dc *dc = arg;

	again(dc, dc->round, &dc->next_round, dc->config->interval_ms);
	for (size_t i = 0; i < dc->count; i++)
		printer_want(dc->printers[i], PRINTER_SCHEDULED);
	serve_all(dc);
}

static void poll_due(void *arg)
{
	struct dc *dc = arg;

	again(dc, dc->poll, &dc->next_poll, dc->config->poll_ms);
	for (size_t i = 0; i < dc->count; i++)
		printer_want(dc->printers[i], PRINTER_LOOK);
	serve_all(dc);
}

static bool all_tried(const struct dc *dc)
{
	for (size_t i = 0; i < dc->count; i++)
		if (!printer_tried(dc->printers[i]))
			return false;
	return true;
}

/* REM-4: only who is designated, and a printer is known by the serial number it gave. False: it
 * may still turn out to be one that did not speak yet. */
static bool place(struct dc *dc, struct order *order)
{
	static const struct outcome undesignated = { ECSP_REFUSED, "not-designated", NULL };
	struct printer *printer = find_printer(dc->printers, dc->count, order->command.serial);

	if (printer) {
		printer_order(printer, order);
	} else if (all_tried(dc)) {
		agent_outcome(dc->agent, &order->command, &undesignated);
		free(order);
	} else {
		return false;
	}
	return true;
}

static void dc_command(void *arg, const struct command *command)
{
	struct dc *dc = arg;
	struct order *order = alloc_zero(1, sizeof(*order));

	order->command = *command;
	if (!place(dc, order)) {
		order->next = dc->held;
		dc->held = order;
	}
	serve_all(dc);
}

static void place_held(struct dc *dc)
{
	struct order *held = dc->held;

	dc->held = NULL;
	while (held) {
		struct order *order = held;
		held = order->next;
		order->next = NULL;
		if (!place(dc, order)) {
			order->next = dc->held;
			dc->held = order;
		}
	}
}

static void on_free(void *arg, struct printer *printer)
{
	struct dc *dc = arg;

	known_set(dc->known, printer_address(printer), printer_serial(printer));
	place_held(dc);
	serve_all(dc);
}

static void on_probe(void *arg, uint32_t from, const struct enpc_reply *reply)
{
	struct dc *dc = arg;
	char text[IPV4_TEXT_MAX];

	if (!reply)
		dc->probe = NULL;
	else if (!targets_designated(dc->config, from))
		log_line(LOG_LEVEL_INFO, "discovery", "%s is not designated, left alone",
			 ipv4_format(from, text));
}

static void discover(struct dc *dc)
{
	struct enpc_options options = { .loop = agent_loop(dc->agent),
					.address = (uint32_t)BROADCAST,
					.function = &enpc_probe,
					.timeout_ms = PROBE_MS };

	dc->probe = enpc_ask(&options, on_probe, dc);
	if (!dc->probe)
		log_line(LOG_LEVEL_WARN, "discovery", "the probe cannot be sent");
}

static int make_users(struct dc *dc, struct error *err)
{
	const struct config *config = dc->config;

	dc->users = alloc_zero(config->snmp_count + 1, sizeof(*dc->users));
	for (size_t i = 0; i < config->snmp_count; i++) {
		if (config->snmp[i].version != 3)
			continue;
		dc->users[i] = snmp_user_new(&config->snmp[i], err);
		if (!dc->users[i])
			return -1;
	}
	return 0;
}

static struct printer *new_printer(struct dc *dc, uint32_t address)
{
	const struct snmp_login *login = config_login(dc->config, address);

	return printer_new(&(struct printer_options){
		.agent = dc->agent,
		.address = address,
		.login = login,
		.user = login ? dc->users[login - dc->config->snmp] : NULL,
		.serial = known_serial(dc->known, address),
		.busy = &dc->busy,
		.freed = on_free,
		.arg = dc });
}

/* Takes the printer at this address out of the list; NULL if there is none. */
static struct printer *pick(struct printer **printers, size_t count, uint32_t address)
{
	for (size_t i = 0; i < count; i++) {
		struct printer *printer = printers[i];
		if (!printer || printer_address(printer) != address)
			continue;
		printers[i] = NULL;
		return printer;
	}
	return NULL;
}

/* The printers become those of the device list: who stays goes on as he was. */
static void set_printers(struct dc *dc)
{
	struct printer **before = dc->printers;
	size_t before_count = dc->count;
	uint32_t *addresses = targets_list(dc->config, &dc->count);

	dc->next = 0;
	dc->printers = alloc_zero(dc->count + 1, sizeof(*dc->printers));
	for (size_t i = 0; i < dc->count; i++) {
		dc->printers[i] = pick(before, before_count, addresses[i]);
		if (dc->printers[i])
			continue;
		dc->printers[i] = new_printer(dc, addresses[i]);
		printer_want(dc->printers[i], PRINTER_SCHEDULED);
	}
	for (size_t i = 0; i < before_count; i++)
		if (before[i])
			printer_retire(before[i]);
	free(before);
	free(addresses);
}

/* No later than the interval says now. */
static void hasten(struct dc *dc, struct timer *timer, uint64_t *at, int64_t every_ms)
{
	uint64_t latest = loop_now(agent_loop(dc->agent)) + (uint64_t)every_ms * 1000000u;

	if (*at > latest)
		timer_set(timer, *at = latest);
}

static void dc_configured(void *arg)
{
	struct dc *dc = arg;

	set_printers(dc);
	hasten(dc, dc->round, &dc->next_round, dc->config->interval_ms);
	hasten(dc, dc->poll, &dc->next_poll, dc->config->poll_ms);
	place_held(dc);
	serve_all(dc);
}

static void dc_stop(void *arg);

static void *dc_start(struct agent *agent, struct error *err)
{
	struct dc *dc = alloc_zero(1, sizeof(*dc));
	struct loop *loop = agent_loop(agent);

	dc->agent = agent;
	dc->config = agent_config(agent);
	if (make_users(dc, err) < 0) {
		dc_stop(dc);
		return NULL;
	}
	dc->known = known_new(loop, dc->config->state);
	set_printers(dc);
	dc->round = timer_new(loop, round_due, dc);
	dc->poll = timer_new(loop, poll_due, dc);
	dc->next_round = loop_now(loop);
	dc->next_poll = loop_now(loop) + (uint64_t)dc->config->poll_ms * 1000000u;
	timer_set(dc->round, dc->next_round);
	timer_set(dc->poll, dc->next_poll);
	if (dc->config->discover)
		discover(dc);
	return dc;
}

static void dc_stop(void *arg)
{
	struct dc *dc = arg;

	for (size_t i = 0; i < dc->count; i++)
		printer_free(dc->printers[i]);
	free(dc->printers);
	for (size_t i = 0; dc->users && i < dc->config->snmp_count; i++)
		snmp_user_free(dc->users[i]);
	free(dc->users);
	order_free_all(dc->held);
	enpc_cancel(dc->probe);
	timer_free(dc->round);
	timer_free(dc->poll);
	known_free(dc->known);
	free(dc);
}

const struct agent_kind dc_kind = {
	.type = "dc",
	.about = "Collects from designated printers by SNMP and ENPC and reports to the ECSP "
		 "server.",
	.on_pc = true,
	.needs = { .targets = true },
	.start = dc_start,
	.stop = dc_stop,
	.configured = dc_configured,
	.command = dc_command,
};
