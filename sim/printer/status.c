#include "sim/printer/status.h"

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* Which part of the printer a condition is about: how many there are and where prtAlert points. */
enum part { PART_ONE, PART_INK, PART_BOX, PART_COVER };

struct condition {
	bool (*holds)(const struct device *device, size_t item);
	enum part part;
	bool error;    /* else a warning */
	bool numbered; /* code counts up with the item */
	uint8_t code;
	uint16_t detected;
	int severity, group, alert; /* RFC 3805, PrtAlertSeverityLevelTC … PrtAlertCodeTC */
	const char *text;
};

/* hrPrinterDetectedErrorState, RFC 2790: bit 0 is the highest bit of the first octet. */
enum {
	LOW_TONER = 0x2000,
	NO_PAPER = 0x4000,
	NO_TONER = 0x1000,
	DOOR_OPEN = 0x0800,
	JAMMED = 0x0400,
	OFFLINE = 0x0200,
	SERVICE = 0x0100,
	SUPPLY_MISSING = 0x0020,
};

enum { CRITICAL = 3, WARNING = 5 };
enum { GENERAL = 5, COVER = 6, INPUT = 8, SUPPLIES = 11, MEDIA_PATH = 13 };

static bool is_fatal(const struct device *device, size_t item)
{
	(void)item;
	return device->fatal;
}

static bool is_open(const struct device *device, size_t item)
{
	return device->covers_open >> item & 1;
}

static bool is_jammed(const struct device *device, size_t item)
{
	(void)item;
	return device->jam;
}

static bool has_no_paper(const struct device *device, size_t item)
{
	(void)item;
	return device->paper_out;
}

static bool box_missing(const struct device *device, size_t item)
{
	return device->boxes[item].removed;
}

static bool box_full(const struct device *device, size_t item)
{
	return !device->boxes[item].removed && box_level(device, item) == 0;
}

static bool box_nearly_full(const struct device *device, size_t item)
{
	int level = box_level(device, item);
	return !device->boxes[item].removed && level > 0 &&
	       level <= profile_box(device->profile, item)->low;
}

static bool ink_out(const struct device *device, size_t item)
{
	return ink_level(device, item) == 0;
}

static bool ink_low(const struct device *device, size_t item)
{
	int level = ink_level(device, item);
	return level > 0 && level <= profile_ink(device->profile, item)->low;
}

/* The first error that holds is the one that field 02 shows; warnings come in ascending order. */
static const struct condition conditions[] = {
	{ is_fatal, PART_ONE, true, false, 0x00, SERVICE, CRITICAL, GENERAL, 30, "Fatal error" },
	{ is_open, PART_COVER, true, false, 0x02, DOOR_OPEN, CRITICAL, COVER, 3, "Cover open" },
	{ is_jammed, PART_ONE, true, false, 0x04, JAMMED, CRITICAL, MEDIA_PATH, 8, "Paper jam" },
	{ box_missing, PART_BOX, true, false, 0x22, SUPPLY_MISSING, CRITICAL, SUPPLIES, 9,
	  "No maintenance box" },
	{ box_full, PART_BOX, true, false, 0x2e, SERVICE, CRITICAL, SUPPLIES, 1110,
	  "Maintenance box full" },
	{ ink_out, PART_INK, true, false, 0x05, NO_TONER, CRITICAL, SUPPLIES, 1102, "Ink out" },
	{ has_no_paper, PART_ONE, true, false, 0x06, NO_PAPER, CRITICAL, INPUT, 808, "Paper out" },
	{ ink_low, PART_INK, false, true, STATUS_INK_LOW, LOW_TONER, WARNING, SUPPLIES, 1105,
	  "Ink is low." },
	{ box_nearly_full, PART_BOX, false, false, STATUS_BOX_NEARLY_FULL, 0, WARNING, SUPPLIES,
	  1108, "Maintenance box nearly full" },
};

static size_t part_count(const struct device *device, enum part part)
{
	switch (part) {
	case PART_ONE:
		return 1;
	case PART_INK:
		return device->profile->inks.count;
	case PART_BOX:
		return device->profile->boxes.count;
	case PART_COVER:
		return device->profile->covers.count;
	}
	return 0;
}

static int part_row(const struct device *device, enum part part, size_t item)
{
	switch (part) {
	case PART_ONE:
		return -1; /* RFC 3805, prtAlertGroupIndex: -1 where there is no row */
	case PART_BOX:
		return (int)box_row(device->profile, item);
	case PART_INK:
		return (int)ink_row(device->profile, item);
	case PART_COVER:
		break;
	}
	return (int)item + 1;
}

static void add_alert(struct status *status, struct alert alert)
{
	if (status->alert_count < ALERTS_MAX)
		status->alerts[status->alert_count++] = alert;
}

static void add_warning(struct status *status, uint8_t code)
{
	for (size_t i = 0; i < status->warning_count; i++)
		if (status->warnings[i] == code)
			return;
	if (status->warning_count < WARNINGS_MAX)
		status->warnings[status->warning_count++] = code;
}

static void apply(const struct condition *condition, const struct device *device, size_t item,
		  struct status *status)
{
	uint8_t code = (uint8_t)(condition->code + (condition->numbered ? item : 0));

	if (!condition->error) {
		add_warning(status, code);
	} else if (!status->has_error) {
		status->has_error = true;
		status->error = code;
	}
	status->detected |= condition->detected;
	add_alert(status,
		  (struct alert){
			  .key = (uint32_t)(condition - conditions + 1) * 256 + (uint32_t)item,
			  .severity = condition->severity,
			  .group = condition->group,
			  .group_index = part_row(device, condition->part, item),
			  .code = condition->alert,
			  .text = condition->text,
		  });
}

static uint8_t code_of(const struct device *device, const struct status *status)
{
	if (!device->on)
		return STATUS_OFF;
	if (status->has_error)
		return STATUS_ERROR;
	if (device->paused)
		return STATUS_PAUSED;
	if (device->activity == ACTIVITY_CLEANING)
		return STATUS_CLEANING;
	if (device->activity == ACTIVITY_PRINTING)
		return STATUS_PRINTING;
	return device->asleep ? STATUS_SLEEPING : STATUS_IDLE;
}

/* RFC 2790, hrPrinterStatus: 1 other, 3 idle, 4 printing, 5 warm-up; hrDeviceStatus: 2 running,
 * 3 warning, 5 down. */
static const struct {
	uint8_t code;
	const char *word;
	int printer_status, device_status;
} codes[] = {
	{ STATUS_ERROR, "error", 1, 5 },       { STATUS_PRINTING, "printing", 4, 2 },
	{ STATUS_IDLE, "idle", 3, 2 },         { STATUS_PAUSED, "paused", 1, 3 },
	{ STATUS_CLEANING, "cleaning", 5, 2 }, { STATUS_SLEEPING, "sleeping", 1, 2 },
	{ STATUS_OFF, "off", 1, 5 },
};

void status_of(const struct device *device, struct status *status)
{
	*status = (struct status){ 0 };
	for (size_t i = 0; i < COUNT_OF(conditions); i++)
		for (size_t item = 0; item < part_count(device, conditions[i].part); item++)
			if (conditions[i].holds(device, item))
				apply(&conditions[i], device, item, status);
	status->code = code_of(device, status);
	if (status->code == STATUS_PAUSED)
		status->detected |= OFFLINE;
	if (!status->alert_count)
		add_alert(status, (struct alert){ 0, 1, 1, -1, 1, "Ready" });
	for (size_t i = 0; i < COUNT_OF(codes); i++) {
		if (codes[i].code == status->code) {
			status->printer_status = codes[i].printer_status;
			status->device_status = codes[i].device_status;
		}
	}
	if (status->device_status == 2 && status->warning_count)
		status->device_status = 3;
}

const char *status_word(uint8_t code)
{
	for (size_t i = 0; i < COUNT_OF(codes); i++)
		if (codes[i].code == code)
			return codes[i].word;
	return "busy";
}
