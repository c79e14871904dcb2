/* status.h: what a printer's state amounts to: status, error, warnings, alerts.
 *
 * Derived each time from one table of conditions, so the status block, Host-Resources, Printer-MIB
 * and the panel cannot contradict each other. */
#ifndef SIM_PRINTER_STATUS_H
#define SIM_PRINTER_STATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device;

/* Field 01 of the status block. */
enum status_code {
	STATUS_ERROR = 0x00,
	STATUS_PRINTING = 0x03,
	STATUS_IDLE = 0x04,
	STATUS_PAUSED = 0x05,
	STATUS_CLEANING = 0x07,
	STATUS_SLEEPING = 0x09,
	STATUS_OFF = 0x0a,
};

/* Field 04: the first ink, of which the others follow; any box. */
enum { STATUS_INK_LOW = 0x10, STATUS_BOX_NEARLY_FULL = 0x20 };

enum { WARNINGS_MAX = 32, ALERTS_MAX = 48 };

struct alert {
	uint32_t key; /* the same condition of the same part has the same key */
	int severity, group, group_index, code;
	const char *text; /* borrowed from the table */
	uint32_t index;   /* prtAlertIndex, given by the device */
};

struct status {
	uint8_t code; /* enum status_code */
	bool has_error;
	uint8_t error; /* field 02, if has_error */
	uint8_t warnings[WARNINGS_MAX];
	size_t warning_count;
	uint16_t detected;  /* hrPrinterDetectedErrorState, first octet in the high byte */
	int printer_status; /* hrPrinterStatus */
	int device_status;  /* hrDeviceStatus */
	struct alert alerts[ALERTS_MAX]; /* never empty: the last resort is "Ready" */
	size_t alert_count;
};

void status_of(const struct device *device, struct status *status);

/* The word of ecsp/README.md for a value of field 01. */
const char *status_word(uint8_t code);

#endif
