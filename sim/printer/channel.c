#include "sim/printer/channel.h"

#include <string.h>

#include "base/cleanup.h"
#include "sim/printer/device.h"
#include "sim/printer/st2.h"

/* 1.3.6.1.4.1.1248.1.2.2.44.1.1.2.1 */
static const uint32_t channel[] = { 1, 3, 6, 1, 4, 1, 1248, 1, 2, 2, 44, 1, 1, 2, 1 };
static const uint8_t channel_ber[] = { 0x2b, 6, 1, 4, 1, 0x89, 0x60, 1, 2, 2, 44, 1, 1, 2, 1 };

/* Two letters, length of what follows in two bytes, the lower first. */
enum { HEAD = 4, COMMAND_MAX = 64, BYTE_MAX = 255, FORM_FEED = 0x0c };

/* A command as bytes; data is what stands behind the head. */
struct command {
	uint8_t bytes[COMMAND_MAX];
	size_t size;
};

static void tell_status(const struct device *device, struct buf *reply)
{
	st2_build(device, reply);
}

static void tell_device_id(const struct device *device, struct buf *reply)
{
	buf_add_text(reply, "@EJL ID\r\n");
	device_id_write(device, reply);
	buf_add_u8(reply, FORM_FEED);
}

static void tell_version(const struct device *device, struct buf *reply)
{
	buf_printf(reply, "vi:00:%s;%c", device->profile->firmware.main, FORM_FEED);
}

/* Setting the clock and the power-off timer, and what a nozzle check found: known, not to be had.
 */
static void refuse_time(const struct device *device, struct buf *reply)
{
	(void)device;
	buf_printf(reply, "ti:NA;%c", FORM_FEED);
}

static void refuse_timer(const struct device *device, struct buf *reply)
{
	(void)device;
	buf_printf(reply, "ot:NA;%c", FORM_FEED);
}

static void refuse_nozzles(const struct device *device, struct buf *reply)
{
	(void)device;
	buf_printf(reply, "nc:NA;%c", FORM_FEED);
}

/* Reading and writing memory alike: there is none here to be read or written. */
static void refuse_memory(const struct device *device, struct buf *reply)
{
	(void)device;
	buf_printf(reply, "||:41:NA;%c", FORM_FEED);
}

static const struct {
	char letters[2];
	int payload; /* -1: any, else the one byte it must be */
	void (*tell)(const struct device *device, struct buf *reply);
} commands[] = {
	{ { 's', 't' }, 1, tell_status },    { { 'd', 'i' }, 1, tell_device_id },
	{ { 'v', 'i' }, 0, tell_version },   { { 't', 'i' }, -1, refuse_time },
	{ { 'o', 't' }, -1, refuse_timer },  { { 'n', 'c' }, -1, refuse_nozzles },
	{ { '|', '|' }, -1, refuse_memory },
};

static bool read_command(const struct oid *name, struct command *command)
{
	*command = (struct command){ .size = name->count - COUNT_OF(channel) };
	if (command->size < HEAD || command->size > COMMAND_MAX)
		return false;
	for (size_t i = 0; i < command->size; i++) {
		uint32_t id = name->id[COUNT_OF(channel) + i];
		if (id > BYTE_MAX)
			return false;
		command->bytes[i] = (uint8_t)id;
	}
	return get_le16(command->bytes + 2) == command->size - HEAD;
}

static bool fits(const struct command *command, int payload)
{
	return payload < 0 ||
	       (command->size == HEAD + 1 && command->bytes[HEAD] == (uint8_t)payload);
}

bool channel_is_meant(struct span name)
{
	return name.size > sizeof(channel_ber) &&
	       !memcmp(name.data, channel_ber, sizeof(channel_ber));
}

bool channel_answer(const struct device *device, const struct oid *name, struct buf *reply)
{
	struct command command;

	if (name->count <= COUNT_OF(channel) || memcmp(name->id, channel, sizeof(channel)) != 0 ||
	    !device->profile->epson || device->frozen ||
	    device->profile->status_form != STATUS_FORM_ST2 || !read_command(name, &command))
		return false;
	buf_add_u8(reply, 0);
	for (size_t i = 0; i < COUNT_OF(commands); i++) {
		if (!memcmp(commands[i].letters, command.bytes, 2) &&
		    fits(&command, commands[i].payload)) {
			commands[i].tell(device, reply);
			return true;
		}
	}
	buf_add(reply, command.bytes, 2);
	buf_printf(reply, ":;%c", FORM_FEED);
	return true;
}
