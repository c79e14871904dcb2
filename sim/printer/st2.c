#include "sim/printer/st2.h"

#include <string.h>

#include "sim/printer/device.h"
#include "sim/printer/status_lines.h"

enum {
	FIELD_STATUS = 0x01,
	FIELD_ERROR = 0x02,
	FIELD_WARNINGS = 0x04,
	FIELD_CLEANING_LEFT = 0x0c,
	FIELD_BOXES = 0x0d,
	FIELD_REPLACED = 0x0e,
	FIELD_INKS = 0x0f,
	FIELD_CANCEL = 0x13,
	FIELD_JOB = 0x19,
	FIELD_ROLL = 0x21,
	FIELD_LOADED_MEDIA = 0x3f,
	FIELD_SERIAL = 0x40,
	INK_RECORD = 4, /* slot, colour, level, capacity class */
	CAPACITY_CLASS = 0x32,
	JOB_NAME_MAX = 37,
};

static void put_field(struct buf *out, uint8_t type, const void *data, size_t size)
{
	buf_add_u8(out, type);
	buf_add_u8(out, (uint8_t)size);
	buf_add(out, data, size);
}

static void put_byte(struct buf *out, uint8_t type, uint8_t value)
{
	put_field(out, type, &value, 1);
}

static void put_le16(struct buf *out, uint8_t type, uint16_t value)
{
	const uint8_t data[2] = { (uint8_t)value, (uint8_t)(value >> 8) };
	put_field(out, type, data, sizeof(data));
}

static void put_cleaning(struct buf *out, const struct device *device)
{
	uint64_t now = loop_now(device->host->time);
	uint64_t left = device->task->ends > now ? device->task->ends - now : 0;
	put_le16(out, FIELD_CLEANING_LEFT, (uint16_t)(left / 1000000000 + 1));
}

static void put_boxes(struct buf *out, const struct device *device)
{
	uint8_t levels[BOXES_MAX];
	size_t count = device->profile->boxes.count;
	for (size_t i = 0; i < count; i++)
		levels[i] = device->boxes[i].removed ? 'n' : (uint8_t)box_level(device, i);
	if (count)
		put_field(out, FIELD_BOXES, levels, count);
}

static void put_inks(struct buf *out, const struct device *device)
{
	size_t count = device->profile->inks.count;
	uint16_t replaced = 0;

	for (size_t i = 0; i < count; i++)
		replaced |= (uint16_t)(ink_replaced(device, i) << i);
	if (count > 8)
		put_le16(out, FIELD_REPLACED, replaced);
	else
		put_byte(out, FIELD_REPLACED, (uint8_t)replaced);
	buf_add_u8(out, FIELD_INKS);
	buf_add_u8(out, (uint8_t)(1 + count * INK_RECORD));
	buf_add_u8(out, INK_RECORD);
	for (size_t i = 0; i < count; i++) {
		const struct ink_model *model = profile_ink(device->profile, i);
		buf_add_u8(out, (uint8_t)model->slot);
		buf_add_u8(out, (uint8_t)model->code);
		buf_add_u8(out, (uint8_t)ink_level(device, i));
		buf_add_u8(out, CAPACITY_CLASS);
	}
}

static void put_job(struct buf *out, const struct device *device)
{
	const char *name =
		device->activity == ACTIVITY_PRINTING ? device->task->record.document : "unknown";
	uint8_t data[5 + JOB_NAME_MAX] = { 0 };
	size_t size = strnlen(name, JOB_NAME_MAX);
	memcpy(data + 5, name, size);
	put_field(out, FIELD_JOB, data, 5 + size);
}

/* Entry format 2: path 0300 (roll), media type, size 63h (user defined), width in 0.1 mm, length 0
 * as it is a roll. */
static void put_media(struct buf *out, const struct device *device)
{
	const struct roll *roll = &device->roll;
	const uint8_t data[12] = { 0x02,
				   0x03,
				   0x00,
				   (uint8_t)roll->type_id,
				   0x63,
				   0x00,
				   (uint8_t)roll->width_tenth_mm,
				   (uint8_t)(roll->width_tenth_mm >> 8),
				   0x00,
				   0x00,
				   0x00,
				   0x01 };
	uint16_t centimetres = (uint16_t)(device->roll_mm / 10);
	const uint8_t left[3] = { 0x00, (uint8_t)centimetres, (uint8_t)(centimetres >> 8) };

	put_field(out, FIELD_ROLL, left, sizeof(left));
	/* Meaning unknown; recorded on every SureColor that was idle. */
	put_field(out, 0x24, (const uint8_t[4]){ 0 }, 4);
	put_field(out, 0x28, (const uint8_t[4]){ 0x08 }, 4);
	put_field(out, 0x39, (const uint8_t[2]){ 0 }, 2);
	put_field(out, FIELD_LOADED_MEDIA, data, sizeof(data));
}

void st2_build(const struct device *device, struct buf *out)
{
	const struct status *status = device->last;
	struct buf fields;

	if (device->profile->status_form == STATUS_FORM_LINES) {
		status_lines_build(device, out);
		return;
	}
	buf_init(&fields, ST2_MAX);
	put_byte(&fields, FIELD_STATUS, status->code);
	if (status->code == STATUS_ERROR)
		put_byte(&fields, FIELD_ERROR, status->error);
	if (status->warning_count)
		put_field(&fields, FIELD_WARNINGS, status->warnings, status->warning_count);
	if (device->activity == ACTIVITY_CLEANING)
		put_cleaning(&fields, device);
	put_boxes(&fields, device);
	put_inks(&fields, device);
	put_byte(&fields, FIELD_CANCEL, 0x01);
	put_job(&fields, device);
	put_media(&fields, device);
	put_field(&fields, FIELD_SERIAL, device->serial, strlen(device->serial));

	buf_add_text(out, "@BDC ST2\r\n");
	buf_add_le16(out, (uint16_t)fields.size);
	buf_add(out, fields.data, fields.size);
	buf_done(&fields);
}
