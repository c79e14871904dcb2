/* model.h: a printer model as plain data, as its profile file says it. Const once loaded; only the
 * printer room looks inside. */
#ifndef SIM_PRINTER_MODEL_H
#define SIM_PRINTER_MODEL_H

#include <jansson.h>

#include "base/form.h"
#include "sim/printer/mib.h"
#include "sim/printer/profile.h"

enum { INKS_MAX = 16, BOXES_MAX = 4, COVERS_MAX = 8 };

struct ink_model {
	char *name;       /* "Black Ink Cartridge" */
	char *color;      /* "K", as ecsp/README.md reports it */
	char *words;      /* "Black" */
	int64_t slot;     /* first byte of an ST2 ink record */
	int64_t code;     /* ink colour of the same record */
	int64_t rgb;      /* 0xRRGGBB */
	int64_t capacity; /* microlitres */
	int64_t low;      /* percent: from here down it is low */
	int64_t level;    /* percent at start */
	int64_t replaced; /* times installed */
	int64_t used;     /* microlitres, cumulative */
	int64_t row;      /* of prtMarkerSupplies; 0: counted on, inks before boxes */
};

struct box_model {
	char *name;
	int64_t capacity; /* microlitres of waste ink */
	int64_t low;      /* percent left: from here down it is nearly full */
	int64_t level;    /* percent left at start */
	int64_t replaced;
	int64_t row; /* as of an ink */
};

enum input_type { INPUT_ROLL, INPUT_MANUAL };

struct input_model {
	char *name;
	int type; /* enum input_type */
};

struct roll_model {
	char *type;      /* "plain" */
	int64_t type_id; /* ST2 field 3F */
	int64_t width_tenth_mm;
	int64_t length_mm;    /* a new roll */
	int64_t remaining_mm; /* at start */
};

struct counters_model {
	int64_t printing_seconds, length_mm, square_cm, cuts, sheets, sheets_since_on;
};

struct firmware_model {
	char *main, *network, *package;
};

struct settings_model {
	const struct yaml *group[4]; /* panel, printer, maintenance, media */
};

/* What stood in the logs when the printer was switched on; ago is milliseconds before that. */
struct event_model {
	int64_t ago;
	int kind; /* index of event_kinds */
	char *code;
};

struct care_model {
	int64_t ago;
	char *what; /* kind of a cleaning, part of a maintenance */
};

struct job_model {
	int64_t ago, seconds, length_mm, square_cm, microlitres;
	char *result, *document, *owner;
};

struct row_model {
	char *oid;
	int type;                /* index of row_types */
	char *value;             /* one cell at oid */
	struct form_list values; /* of char *: cells oid.1, oid.2 … */
	bool synthetic;          /* no real device was seen to answer this */
};

/* A reply of a recorded printer to a query of UDP 3289. */
struct enpc_model {
	char *function; /* "02-0000": device type, function */
	char *payload;  /* hex */
};

enum status_form { STATUS_FORM_ST2, STATUS_FORM_LINES }; /* "@BDC ST2", ESC/Label's lines */

struct profile {
	struct yaml *source;
	char *format;
	bool recorded;   /* rows are a whole walk: the state owns what frozen.h says and no more */
	int status_form; /* enum status_form */
	char *name, *maker, *model, *serial_prefix, *device_id, *region, *country;
	char *system_text, *interface_text; /* sysDescr, ifDescr */
	bool self_diagnosis;
	bool epson;     /* answers ENPC, the status block and Epson's private tree */
	bool extension; /* answers the branch of docs/printer-extension.md */
	uint32_t netmask, gateway;
	int64_t clock_offset_ms;
	struct firmware_model firmware;
	struct form_list inks, boxes, inputs, covers;
	struct roll_model roll;
	struct counters_model counters;
	struct settings_model settings;
	struct form_list events, cleanings, maintenances, jobs, rows, enpc;

	json_t *groups[4];  /* settings as objects, converted */
	struct mib *common; /* rows parsed: the static part that all devices share */
	struct mib *rest;   /* recorded: of these, what the state does not own as a table */
};

extern const struct form profile_form;
extern const char *const event_kinds[]; /* status, error, warning */

static inline const struct ink_model *profile_ink(const struct profile *profile, size_t i)
{
	return (const struct ink_model *)profile->inks.items + i;
}

static inline const struct box_model *profile_box(const struct profile *profile, size_t i)
{
	return (const struct box_model *)profile->boxes.items + i;
}

static inline unsigned ink_row(const struct profile *profile, size_t i)
{
	int64_t row = profile_ink(profile, i)->row;
	return row ? (unsigned)row : (unsigned)i + 1;
}

static inline unsigned box_row(const struct profile *profile, size_t i)
{
	int64_t row = profile_box(profile, i)->row;
	return row ? (unsigned)row : (unsigned)(profile->inks.count + i) + 1;
}

#endif
