#include "sim/printer/status_lines.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"

/* The lines, their order and framing are those of a recorded CW-C6500Au, idle with three inks low.
 * What they say in other states is ours (synthetic): no public document has them. */

__attribute__((format(printf, 2, 3))) static void put_line(struct buf *out, const char *format, ...)
{
	char text[160];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	buf_printf(out, "\x02%s\x03\r\n", text);
}

static const char *state_word(const struct device *device)
{
	static const struct {
		uint8_t code;
		const char *word;
	} words[] = {
		{ STATUS_IDLE, "IL" },     { STATUS_PRINTING, "PR" }, { STATUS_CLEANING, "CL" },
		{ STATUS_SLEEPING, "SL" }, { STATUS_PAUSED, "PA" },   { STATUS_ERROR, "ER" },
	};
	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (words[i].code == device->last->code)
			return words[i].word;
	return "BU";
}

static void put_error(struct buf *out, const struct device *device)
{
	if (device->last->has_error)
		put_line(out, "^S(SEA,E,%02X", device->last->error);
	else
		put_line(out, "^S(SEA,E,NE");
}

/* "WN,IC1,IM1": I for ink, its colour, 1 for low. */
static void put_warnings(struct buf *out, const struct device *device)
{
	const struct profile *profile = device->profile;
	const struct status *status = device->last;
	struct buf line;

	buf_init(&line, 128);
	buf_add_text(&line, "WN");
	for (size_t i = 0; i < status->warning_count; i++) {
		size_t ink = (size_t)status->warnings[i] - STATUS_INK_LOW;
		if (status->warnings[i] >= STATUS_INK_LOW && ink < profile->inks.count)
			buf_printf(&line, ",I%s1", profile_ink(profile, ink)->color);
		else if (status->warnings[i] == STATUS_BOX_NEARLY_FULL)
			buf_add_text(&line, ",MB1");
	}
	put_line(out, "%s", buf_text(&line));
	buf_done(&line);
}

static void put_levels(struct buf *out, const struct device *device)
{
	struct buf line;

	for (size_t i = 0; i < device->profile->boxes.count; i++)
		put_line(out, "MN,%02X", (unsigned)box_level(device, i));
	buf_init(&line, 128);
	buf_add_text(&line, "IQ");
	for (size_t i = 0; i < device->profile->inks.count; i++)
		buf_printf(&line, ",%02X", (unsigned)ink_level(device, i));
	put_line(out, "%s", buf_text(&line));
	buf_done(&line);
}

void status_lines_build(const struct device *device, struct buf *out)
{
	put_line(out, "^S(SMA,S,%s", state_word(device));
	put_error(out, device);
	put_warnings(out, device);
	put_line(out, "^S(CLM,P,ER");
	put_line(out, "^S(IMF,V,%.40s", device->profile->firmware.main);
	put_levels(out, device);
	put_line(out, "^S(IMP,S,%s", device->serial);
	/* Meaning unknown; as recorded. */
	put_line(out, "^S(SPA,P,F");
	put_line(out, "^S(SPA,S,F");
	put_line(out, "^S(SPA,O,NW");
	put_line(out, "^S(SEA,F,0000");
}
