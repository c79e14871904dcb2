#include "conformance/import.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/ipv4.h"
#include "base/json.h"
#include "base/yaml.h"
#include "conformance/anonymise.h"
#include "conformance/import_find.h"
#include "conformance/import_supply.h"
#include "sim/printer/profile.h"
#include "sim/printer/walk_value.h"

#define EPSON "1.3.6.1.4.1.1248.1.2.2."
#define PRT   "1.3.6.1.2.1.43."

/* JSON's strings are YAML's double-quoted ones. */
void import_quote(struct buf *out, const char *text)
{
	json_t *string = json_string(text);
	AUTO_FREE char *quoted =
		string ? json_dumps(string, JSON_ENCODE_ANY | JSON_ENSURE_ASCII) : NULL;
	buf_add_text(out, quoted ? quoted : "\"\"");
	json_decref(string);
}

static void put_text(struct buf *out, const char *name, const char *text)
{
	buf_printf(out, "%s: ", name);
	import_quote(out, text);
	buf_add_u8(out, '\n');
}

/* ---- who it is ---- */

static char *model_of(const struct mib *walk)
{
	static const char *const oids[] = { EPSON "1.1.1.2.1", PRT "5.1.1.16.1",
					    "1.3.6.1.2.1.25.3.2.1.3.1" };
	for (size_t i = 0; i < COUNT_OF(oids); i++) {
		char *model = find_text(walk, oids[i], 0);
		if (model)
			return model;
	}
	return alloc_text("Printer");
}

/* Text of a field of an IEEE 1284 device id, "MFG:EPSON;". NULL without it. */
static char *device_id_field(const char *id, const char *name)
{
	for (const char *at = strstr(id, name); at; at = strstr(at + 1, name))
		if (at == id || at[-1] == ';')
			return alloc_bytes(at + strlen(name), strcspn(at + strlen(name), ";"));
	return NULL;
}

static char *device_id_of(const struct mib *walk)
{
	char *id = find_text(walk, EPSON "1.1.1.1.1", 0);
	return id ? id : find_text_or(walk, "1.3.6.1.4.1.2699.1.2.1.2.1.1.3.1", 0, "");
}

/* The id again with a place for the serial number of each device. */
static char *device_id_pattern(const char *id)
{
	const char *at = strstr(id, ";SN:");
	if (!at)
		return alloc_printf("%sSN:{serial};", id);
	const char *end = strchr(at + 4, ';');
	return alloc_printf("%.*s;SN:{serial}%s", (int)(at - id), id, end ? end : ";");
}

static void put_maker(struct buf *out, const struct mib *walk, const char *id, bool epson)
{
	AUTO_FREE char *maker = device_id_field(id, "MFG:");
	AUTO_FREE char *described = find_text_or(walk, "1.3.6.1.2.1.25.3.2.1.3.1", 0, "Unknown");
	described[strcspn(described, " ")] = '\0';
	put_text(out, "maker", maker ? maker : epson ? "EPSON" : described);
}

static void put_serial_prefix(struct buf *out, const struct mib *walk)
{
	AUTO_FREE char *serial = find_text_or(walk, PRT "5.1.1.17.1", 0, "XREC");
	if (strlen(serial) < 4) {
		free(serial);
		serial = alloc_text("XREC");
	}
	serial[4] = '\0';
	put_text(out, "serialPrefix", serial);
}

static void put_status_form(struct buf *out, const struct mib *walk)
{
	const struct mib_entry *block = find_cell(walk, EPSON "1.1.1.4.1", 0);
	bool lines = block && block->type == MIB_OCTETS && block->size > 3 &&
		     !memcmp(block->bytes, "\x02^S", 3);
	if (lines)
		buf_add_text(out, "status: lines\n");
}

static void put_firmware(struct buf *out, const struct mib *walk)
{
	static const char *const rows[][2] = {
		{ "main", "Printer FW" },
		{ "network", "Network FW" },
		{ "package", "FW Package" },
	};
	AUTO_FREE char *fallback = find_text_or(walk, PRT "15.1.1.6.1.1", 0, "unknown");

	buf_add_text(out, "firmware:\n");
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		uint32_t row = find_row_named(walk, EPSON "2.1.1.3.1", rows[i][1]);
		AUTO_FREE char *text = row ? find_text_or(walk, EPSON "2.1.1.2.1", row, fallback)
					   : alloc_text(fallback);
		buf_printf(out, "  %s: ", rows[i][0]);
		import_quote(out, text);
		buf_add_u8(out, '\n');
	}
}

static void put_identity(struct buf *out, const struct import *import, const char *name)
{
	const struct mib *walk = import->walk;
	bool epson = find_next(walk, "1.3.6.1.4.1.1248", NULL) != NULL;
	AUTO_FREE char *model = model_of(walk);
	AUTO_FREE char *id = device_id_of(walk);
	AUTO_FREE char *pattern = device_id_pattern(id);
	AUTO_FREE char *described = find_text_or(walk, "1.3.6.1.2.1.1.1.0", 0, "unknown");
	AUTO_FREE char *interface = find_text_or(walk, "1.3.6.1.2.1.2.2.1.2.1", 0, "unknown");

	buf_add_text(out, "format: ecsp-profile/1\n");
	put_text(out, "name", name);
	put_maker(out, walk, id, epson);
	put_text(out, "model", model);
	put_serial_prefix(out, walk);
	put_text(out, "deviceId", pattern);
	put_text(out, "system", described);
	put_text(out, "interface", interface);
	put_status_form(out, walk);
	buf_printf(out,
		   "recorded: true\nregion: XX # synthetic\ncountry: ZZ # synthetic\n"
		   "selfDiagnosis: false # synthetic\nepson: %s\nextension: true # synthetic\n"
		   "netmask: 255.0.0.0 # as the simulated network has it\ngateway: 10.0.0.1\n",
		   epson ? "true" : "false");
	put_firmware(out, walk);
}

/* ---- what it is made of ---- */

static void put_covers(struct buf *out, const struct mib *walk)
{
	static const char column[] = PRT "6.1.1.2";
	enum { COVERS = 8 };
	size_t count = 0;

	buf_add_text(out, "covers:\n");
	for (const struct mib_entry *entry = find_next(walk, column, NULL); entry && count < COVERS;
	     entry = find_next(walk, column, entry)) {
		AUTO_FREE char *text = find_text_or(walk, PRT "6.1.1.2.1", row_of(entry), "Cover");
		buf_add_text(out, "  - ");
		import_quote(out, text);
		buf_add_u8(out, '\n');
		count++;
	}
	if (!count)
		buf_add_text(out, "  - Cover # synthetic\n");
}

static void put_inputs(struct buf *out, const struct mib *walk)
{
	static const char column[] = PRT "8.2.1.2";
	enum { INPUTS = 8, CONTINUOUS_ROLL = 6 };
	size_t count = 0;

	buf_add_text(out, "inputs:\n");
	for (const struct mib_entry *entry = find_next(walk, column, NULL); entry && count < INPUTS;
	     entry = find_next(walk, column, entry)) {
		AUTO_FREE char *text = find_text_or(walk, PRT "8.2.1.13.1", row_of(entry), "Input");
		buf_add_text(out, "  - { name: ");
		import_quote(out, text);
		buf_printf(out, ", type: %s }\n",
			   entry->number == CONTINUOUS_ROLL ? "roll" : "manual");
		count++;
	}
	if (!count)
		buf_add_text(out, "  - { name: Roll, type: roll } # synthetic\n");
}

static void put_counters(struct buf *out, const struct mib *walk)
{
	enum { UNIT_MM = 14, UNIT_SQUARE_CM = 17 };
	static const char unit[] = EPSON "27.5.1.3.1", value[] = EPSON "27.5.1.4.1";
	uint32_t length = find_row_numbered(walk, unit, UNIT_MM);
	uint32_t area = find_row_numbered(walk, unit, UNIT_SQUARE_CM);

	buf_printf(out,
		   "counters: { printingSeconds: 0, lengthMm: %lld, squareCm: %lld, cuts: %lld, "
		   "sheets: %lld, sheetsSinceOn: %lld } # printingSeconds synthetic\n",
		   (long long)(length ? find_number(walk, value, length, 0) : 0),
		   (long long)(area ? find_number(walk, value, area, 0) : 0),
		   (long long)find_number(walk, EPSON "25.1.1.5.1.1", 0, 0),
		   (long long)find_number(walk, PRT "10.2.1.4.1.1", 0, 0),
		   (long long)find_number(walk, PRT "10.2.1.5.1.1", 0, 0));
	buf_printf(out, "settings:\n  printer: { sleepMinutes: %lld }\n",
		   (long long)find_number(walk, EPSON "3.1.1.9.1", 0, 15));
}

/* ---- the rows ---- */

static void put_octets(struct buf *out, const struct mib_entry *entry)
{
	bool printable = true;

	for (size_t i = 0; i < entry->size; i++)
		printable = printable && entry->bytes[i] >= 0x20 && entry->bytes[i] < 0x7f;
	if (printable) {
		AUTO_FREE char *text =
			alloc_bytes(entry->size ? (const char *)entry->bytes : "", entry->size);
		buf_add_text(out, "text, value: ");
		import_quote(out, text);
		return;
	}
	buf_add_text(out, "hex, value: \"");
	for (size_t i = 0; i < entry->size; i++)
		buf_printf(out, "%02x", entry->bytes[i]);
	buf_add_u8(out, '"');
}

static void put_value(struct buf *out, const struct mib_entry *entry)
{
	char text[OID_TEXT_MAX];

	switch ((enum mib_type)entry->type) {
	case MIB_OCTETS:
		put_octets(out, entry);
		return;
	case MIB_OID: {
		struct oid value = mib_oid_value(entry);
		buf_printf(out, "oid, value: \"%s\"", oid_format(value.id, value.count, text));
		return;
	}
	case MIB_ADDRESS:
		buf_printf(out, "address, value: %s", ipv4_format((uint32_t)entry->number, text));
		return;
	case MIB_INTEGER:
		buf_add_text(out, "int");
		break;
	case MIB_COUNTER:
		buf_add_text(out, "counter");
		break;
	case MIB_GAUGE:
		buf_add_text(out, "gauge");
		break;
	case MIB_TICKS:
		buf_add_text(out, "ticks");
		break;
	}
	buf_printf(out, ", value: %lld", (long long)entry->number);
}

static void put_rows(struct buf *out, const struct mib *walk)
{
	char text[OID_TEXT_MAX];

	buf_add_text(out, "\n# The walk.\nrows:\n");
	for (size_t i = 0; i < mib_count(walk); i++) {
		const struct mib_entry *entry = mib_entry(walk, i);
		buf_printf(out,
			   "  - { oid: %s, type: ", oid_format(entry->oid, entry->oid_count, text));
		put_value(out, entry);
		buf_add_text(out, " }\n");
	}
}

static void put_enpc(struct buf *out, const json_t *enpc)
{
	const char *function;
	json_t *payload;

	if (!enpc || !json_object_size(enpc))
		return;
	buf_add_text(out, "\n# Replies on UDP 3289.\nenpc:\n");
	json_object_foreach ((json_t *)enpc, function, payload)
		buf_printf(out, "  - { function: \"%s\", payload: \"%s\" }\n", function,
			   json_string_value(payload));
}

/* ---- the file ---- */

static char *name_of(const struct import *import)
{
	if (import->name)
		return alloc_text(import->name);
	char *name = model_of(import->walk);
	size_t size = strlen(name);
	if (size > 7 && !strcmp(name + size - 7, " Series"))
		name[size - 7] = '\0';
	for (char *c = name; *c; c++)
		*c = isalnum((unsigned char)*c) ? (char)tolower((unsigned char)*c) : '-';
	return name;
}

static void anonymise_hex(struct anonymous *anonymous, const char *function, json_t *payload)
{
	const char *hex = json_string_value(payload);
	struct buf bytes;

	buf_init(&bytes, 65536);
	if (piece_hex((struct piece){ hex, strlen(hex) }, &bytes)) {
		anonymous_enpc(anonymous, function, &bytes);
		json_t *other = json_hex(bytes.data, bytes.size);
		json_string_set(payload, json_string_value(other));
		json_decref(other);
	}
	buf_done(&bytes);
}

void import_anonymise(struct mib **walk, json_t *enpc)
{
	struct anonymous *anonymous = anonymous_new(*walk);
	struct mib *other = anonymous_walk(anonymous, *walk);
	const char *function;
	json_t *payload;

	json_object_foreach (enpc, function, payload)
		anonymise_hex(anonymous, function, payload);
	struct anonymous_count counts = anonymous_counts(anonymous);
	printf("replaced: %zu serial numbers, %zu MAC addresses, %zu networks, %zu names\n",
	       counts.serials, counts.macs, counts.networks, counts.names);
	anonymous_free(anonymous);
	mib_free(*walk);
	*walk = other;
}

void import_profile(const struct import *import, struct buf *out)
{
	AUTO_FREE char *name = name_of(import);

	buf_printf(out,
		   "# A printer as it was recorded, from %s. What its network interfaces do not "
		   "show is\n# marked synthetic. docs/recording.md says what stays as recorded.\n",
		   import->source);
	put_identity(out, import, name);
	import_supplies(out, import->walk);
	put_inputs(out, import->walk);
	put_covers(out, import->walk);
	import_roll(out, import->walk);
	put_counters(out, import->walk);
	put_enpc(out, import->enpc);
	put_rows(out, import->walk);
}

int import_write(const struct import *import, const char *path, char **written, struct error *err)
{
	AUTO_FREE char *name = name_of(import);
	char *to = path ? alloc_text(path) : alloc_printf("%s.yaml", name);
	struct buf text;

	buf_init(&text, YAML_FILE_MAX);
	import_profile(import, &text);
	int status = text.failed ? error_set(err, EFBIG, "found a walk of more than %d MiB as YAML",
					     YAML_FILE_MAX >> 20)
				 : file_write(to, text.data, text.size, err);
	buf_done(&text);
	struct profile *profile = status < 0 ? NULL : profile_load(to, err);
	if (status == 0 && !profile)
		status = -EINVAL;
	profile_free(profile);
	if (status < 0)
		free(to);
	else
		*written = to;
	return status;
}
