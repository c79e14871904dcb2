#include "sim/printer/walk.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/ipv4.h"
#include "sim/printer/walk_value.h"

/* Line by line; a value of snmpwalk may go on over several lines. */
struct reader {
	const char *at, *end; /* what has not been read */
	const char *file;
	int line;
	struct piece text; /* the line in hand, without its end */
	struct mib *mib;
	struct walk_count count;
	struct error *err;
};

static bool next_line(struct reader *reader)
{
	if (reader->at == reader->end)
		return false;
	const char *end = memchr(reader->at, '\n', (size_t)(reader->end - reader->at));
	const char *stop = end ? end : reader->end;
	reader->text = (struct piece){ reader->at, (size_t)(stop - reader->at) };
	reader->at = end ? end + 1 : reader->end;
	reader->line++;
	if (reader->text.size && reader->text.data[reader->text.size - 1] == '\r')
		reader->text.size--;
	return true;
}

/* where points into the line in hand. */
static int refuse(const struct reader *reader, const char *where, struct piece found,
		  const char *expected)
{
	enum { SHOWN_MAX = 60 };
	int shown = found.size < SHOWN_MAX ? (int)found.size : SHOWN_MAX;
	int column = (int)(where - reader->text.data) + 1;
	char text[SHOWN_MAX + 1];

	for (int i = 0; i < shown; i++)
		text[i] = isprint((unsigned char)found.data[i]) ? found.data[i] : '?';
	text[shown] = '\0';
	return error_at(reader->err, reader->file, reader->line, column, "found '%s', expected %s",
			text, expected);
}

static int read_oid(const struct reader *reader, struct piece piece, struct oid *oid)
{
	if (piece_oid(piece, oid) && oid->count >= 3)
		return 0;
	return refuse(reader, piece.data, piece, "a dotted OID of at least three numbers");
}

static int keep(struct reader *reader, const struct oid *oid, const struct walk_value *value)
{
	if (reader->count.rows == WALK_ROWS_MAX)
		return error_at(reader->err, reader->file, reader->line, 1,
				"found more than %d rows", WALK_ROWS_MAX);
	const void *bytes = value->bytes.data;
	size_t size = value->bytes.size;
	if (value->type == MIB_OID) {
		bytes = value->oid.id;
		size = value->oid.count * sizeof(uint32_t);
	}
	mib_put(reader->mib, oid, 1, value->type, value->number, bytes, size);
	reader->count.rows++;
	return 0;
}

static void leave_out(struct reader *reader)
{
	if (!reader->count.left_out++)
		reader->count.first_left_out = reader->line;
}

/* ---- .snmprec: OID|tag|value ---- */

static bool is_left_out(const char *tag)
{
	static const char *const tags[] = { "5", "68", "68x", "70" }; /* NULL, Opaque, Counter64 */
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		if (!strcmp(tags[i], tag))
			return true;
	return false;
}

static int record_value(const struct reader *reader, struct piece tag, struct piece text,
			struct walk_value *value)
{
	static const struct {
		const char *tag;
		enum mib_type type;
		bool hex;
	} tags[] = {
		{ "2", MIB_INTEGER, false },  { "4", MIB_OCTETS, false },
		{ "4x", MIB_OCTETS, true },   { "6", MIB_OID, false },
		{ "64", MIB_ADDRESS, false }, { "64x", MIB_ADDRESS, true },
		{ "65", MIB_COUNTER, false }, { "66", MIB_GAUGE, false },
		{ "67", MIB_TICKS, false },
	};
	for (size_t i = 0; i < COUNT_OF(tags); i++) {
		if (!piece_is(tag, tags[i].tag))
			continue;
		const char *expected = walk_value_read(value, tags[i].type, tags[i].hex, text);
		return expected ? refuse(reader, text.data, text, expected) : 0;
	}
	return refuse(reader, tag.data, tag, "a tag: 2, 4, 4x, 6, 64, 64x, 65, 66 or 67");
}

static int read_record(struct reader *reader)
{
	struct piece rest = reader->text, name, tag;
	struct walk_value value = { 0 };
	struct oid oid;
	char tag_text[8];

	if (!piece_cut(&rest, "|", &name) || !piece_cut(&rest, "|", &tag))
		return refuse(reader, reader->text.data, reader->text, "OID|tag|value");
	if (read_oid(reader, name, &oid) < 0)
		return -EINVAL;
	snprintf(tag_text, sizeof(tag_text), "%.*s", (int)(tag.size < 7 ? tag.size : 7), tag.data);
	if (is_left_out(tag_text)) {
		leave_out(reader);
		return 0;
	}
	walk_value_init(&value);
	int status = record_value(reader, tag, rest, &value);
	if (status == 0)
		status = keep(reader, &oid, &value);
	walk_value_done(&value);
	return status;
}

/* ---- snmpwalk -On: .OID = TYPE: value ---- */

/* A quoted string, which ends with a quote at the end of a line; \ stands before " and \. */
static int quoted(struct reader *reader, struct piece text, struct buf *out)
{
	for (;;) {
		for (size_t i = 0; i < text.size; i++) {
			char c = text.data[i];
			if (c == '"' && i + 1 == text.size)
				return 0;
			if (c == '\\' && i + 1 < text.size)
				c = text.data[++i];
			buf_add_u8(out, (uint8_t)c);
		}
		buf_add_u8(out, '\n');
		if (out->failed || !next_line(reader))
			return refuse(reader, reader->text.data, reader->text,
				      "a string that ends with a quote");
		text = reader->text;
	}
}

/* Rows of sixteen bytes; what follows on its own line has no " = ". */
static int hexed(struct reader *reader, struct piece text, struct buf *out)
{
	for (;;) {
		if (!piece_hex(text, out))
			return refuse(reader, text.data, text, "pairs of hex digits");
		if (reader->at == reader->end || !isxdigit((unsigned char)*reader->at))
			return 0;
		next_line(reader);
		text = reader->text;
	}
}

static int plain(struct reader *reader, struct piece text, enum mib_type type,
		 struct walk_value *value)
{
	const char *expected;

	/* "Timeticks: (123) 0:00:01.23", "INTEGER: up(1)", "INTEGER: 1024 KBytes" */
	if (type == MIB_INTEGER || type == MIB_TICKS)
		text = piece_in_brackets(text);
	if (type != MIB_OCTETS)
		text = piece_word(text);
	expected = walk_value_read(value, type, false, text);
	return expected ? refuse(reader, text.data, text, expected) : 0;
}

enum form { FORM_PLAIN, FORM_TEXT, FORM_HEX, FORM_NONE };

static const struct walk_type {
	const char *name;
	enum form form;
	enum mib_type type;
} walk_types[] = {
	{ "INTEGER: ", FORM_PLAIN, MIB_INTEGER },
	{ "STRING: ", FORM_TEXT, MIB_OCTETS },
	{ "Hex-STRING: ", FORM_HEX, MIB_OCTETS },
	{ "OID: ", FORM_PLAIN, MIB_OID },
	{ "IpAddress: ", FORM_PLAIN, MIB_ADDRESS },
	{ "Counter32: ", FORM_PLAIN, MIB_COUNTER },
	{ "Gauge32: ", FORM_PLAIN, MIB_GAUGE },
	{ "Unsigned32: ", FORM_PLAIN, MIB_GAUGE },
	{ "Timeticks: ", FORM_PLAIN, MIB_TICKS },
	{ "Counter64: ", FORM_NONE, 0 },
	{ "Opaque: ", FORM_NONE, 0 },
	{ "NULL", FORM_NONE, 0 },
};

static int text_value(struct reader *reader, struct piece text, struct walk_value *value)
{
	value->type = MIB_OCTETS;
	if (text.size && text.data[0] == '"')
		return quoted(reader, (struct piece){ text.data + 1, text.size - 1 },
			      &value->bytes);
	if (walk_value_hinted(text, value))
		return 0;
	return plain(reader, text, MIB_OCTETS, value);
}

static int read_typed(struct reader *reader, const struct walk_type *type, struct piece text,
		      struct walk_value *value)
{
	switch (type->form) {
	case FORM_TEXT:
		return text_value(reader, text, value);
	case FORM_HEX:
		value->type = MIB_OCTETS;
		return hexed(reader, text, &value->bytes);
	case FORM_PLAIN:
		return plain(reader, text, type->type, value);
	case FORM_NONE:
		break;
	}
	return 0;
}

/* "Wrong Type (should be OCTET STRING): INTEGER: 5": the device's own type counts. */
static struct piece skip_complaint(struct piece text)
{
	struct piece complaint, rest = text;
	if (piece_starts(text, "Wrong Type (") && piece_cut(&rest, "): ", &complaint))
		return rest;
	return text;
}

static int read_answer(struct reader *reader)
{
	struct piece rest = reader->text, name;
	struct walk_value value;
	struct oid oid;

	if (!piece_cut(&rest, " = ", &name))
		return refuse(reader, reader->text.data, reader->text, ".OID = TYPE: value");
	if (read_oid(reader, name, &oid) < 0)
		return -EINVAL;
	if (piece_starts(rest, "No more variables") || piece_starts(rest, "No Such "))
		return 0; /* what snmpwalk says instead of a value */
	rest = skip_complaint(rest);
	for (size_t i = 0; i < COUNT_OF(walk_types); i++) {
		if (!piece_starts(rest, walk_types[i].name))
			continue;
		if (walk_types[i].form == FORM_NONE) {
			leave_out(reader);
			return 0;
		}
		rest.data += strlen(walk_types[i].name);
		rest.size -= strlen(walk_types[i].name);
		walk_value_init(&value);
		int status = read_typed(reader, &walk_types[i], rest, &value);
		if (status == 0)
			status = keep(reader, &oid, &value);
		walk_value_done(&value);
		return status;
	}
	if (!piece_is(rest, "\"\""))
		return refuse(reader, rest.data, rest,
			      "a type as snmpwalk -On -m '' names it, such as STRING:");
	return keep(reader, &oid, &(struct walk_value){ .type = MIB_OCTETS });
}

/* ---- the whole ---- */

static bool is_blank(struct piece line)
{
	size_t i = 0;
	while (i < line.size && isspace((unsigned char)line.data[i]))
		i++;
	return i == line.size || line.data[i] == '#';
}

static bool is_answer(struct piece line)
{
	struct piece rest = line, name;
	return piece_cut(&rest, " = ", &name) && !memchr(name.data, '|', name.size);
}

static int read_rows(struct reader *reader)
{
	int (*read_row)(struct reader *) = NULL;

	while (next_line(reader)) {
		if (is_blank(reader->text))
			continue;
		if (!read_row)
			read_row = is_answer(reader->text) ? read_answer : read_record;
		int status = read_row(reader);
		if (status < 0)
			return status;
	}
	if (!reader->count.rows)
		return error_at(reader->err, reader->file, reader->line ? reader->line : 1, 1,
				"found no row, expected .snmprec or the output of snmpwalk -On");
	return 0;
}

/* The line of the second row with this OID: told once a walk is sorted. */
static int second_line(const char *text, size_t size, const struct mib_entry *entry)
{
	struct reader reader = { .at = text, .end = text + size };
	int met = 0;

	while (next_line(&reader)) {
		struct piece rest = reader.text, name;
		struct oid oid;
		bool named = is_answer(rest) ? piece_cut(&rest, " = ", &name)
					     : piece_cut(&rest, "|", &name);
		if (named && piece_oid(name, &oid) &&
		    !oid_compare(oid.id, oid.count, entry->oid, entry->oid_count) && ++met == 2)
			break;
	}
	return reader.line;
}

static int check_twins(const struct reader *reader, const char *text, size_t size)
{
	char name[OID_TEXT_MAX];

	for (size_t i = 1; i < mib_count(reader->mib); i++) {
		const struct mib_entry *a = mib_entry(reader->mib, i - 1);
		const struct mib_entry *b = mib_entry(reader->mib, i);
		if (!oid_compare(a->oid, a->oid_count, b->oid, b->oid_count))
			return error_at(reader->err, reader->file, second_line(text, size, b), 1,
					"found %s twice, expected one row an OID",
					oid_format(b->oid, b->oid_count, name));
	}
	return 0;
}

struct mib *walk_parse(const char *text, size_t size, const char *file, struct walk_count *count,
		       struct error *err)
{
	struct reader reader = {
		.at = text, .end = text + size, .file = file, .mib = mib_new(), .err = err
	};
	int status = read_rows(&reader);

	if (status == 0) {
		mib_finish(reader.mib, NULL);
		status = check_twins(&reader, text, size);
	}
	if (status < 0) {
		mib_free(reader.mib);
		return NULL;
	}
	if (count)
		*count = reader.count;
	return reader.mib;
}

/* ---- writing ---- */

static void write_octets(const struct mib_entry *entry, struct buf *out)
{
	bool printable = true;
	for (size_t i = 0; i < entry->size; i++)
		printable = printable && entry->bytes[i] >= 0x20 && entry->bytes[i] < 0x7f;
	buf_add_text(out, printable ? "|4|" : "|4x|");
	for (size_t i = 0; i < entry->size; i++)
		buf_printf(out, printable ? "%c" : "%02x", entry->bytes[i]);
}

void walk_write(const struct mib_entry *entry, struct buf *out)
{
	char text[OID_TEXT_MAX];

	buf_add_text(out, oid_format(entry->oid, entry->oid_count, text));
	switch ((enum mib_type)entry->type) {
	case MIB_OCTETS:
		write_octets(entry, out);
		break;
	case MIB_OID: {
		struct oid value = mib_oid_value(entry);
		buf_printf(out, "|6|%s", oid_format(value.id, value.count, text));
		break;
	}
	case MIB_ADDRESS:
		buf_printf(out, "|64|%s", ipv4_format((uint32_t)entry->number, text));
		break;
	case MIB_INTEGER:
	case MIB_COUNTER:
	case MIB_GAUGE:
	case MIB_TICKS:
		buf_printf(out, "|%d|%lld", entry->type, (long long)entry->number);
		break;
	}
	buf_add_u8(out, '\n');
}
