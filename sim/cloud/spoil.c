#include "sim/cloud/spoil.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/json.h"

static void set(json_t *body, const char *member, json_t *value)
{
	json_object_set_new(body, member, value);
}

static void name_unknown_operation(json_t *body)
{
	set(body, "operation", json_string("format"));
}

static void name_shell_operation(json_t *body)
{
	set(body, "operation", json_string("clean; reboot"));
}

static void put_nul_in_operation(json_t *body)
{
	set(body, "operation", json_stringn("clean\0ed", strlen("clean") + 1 + strlen("ed")));
}

static void drop_operation(json_t *body)
{
	json_object_del(body, "operation");
}

static void drop_expiry(json_t *body)
{
	json_object_del(body, "expires");
}

static void make_expiry_a_number(json_t *body)
{
	set(body, "expires", json_integer(INT64_MAX));
}

static void make_expiry_no_time(json_t *body)
{
	set(body, "expires", json_string("never"));
}

static void make_serial_a_list(json_t *body)
{
	json_t *serial = json_pack("[O]", json_object_get(body, "serial"));
	set(body, "serial", serial);
}

static void add_member(json_t *body)
{
	set(body, "force", json_true());
}

/* clang-format off */
const struct spoil_kind spoil_kinds[] = {
	{ "empty", "no byte", .text = "" },
	{ "no-json", "words", .text = "clean, please" },
	{ "list", "a list", .text = "[\"clean\"]" },
	{ "half", "an end that is missing" },
	{ "bad-utf8", "bytes that are no UTF-8", .before = "\"note\":\"\xc3\x28\xff\"" },
	{ "twice", "an operation that is there twice", .before = "\"operation\":\"status\"" },
	{ "unknown-operation", "an operation that there is not", .change = name_unknown_operation },
	{ "shell", "an operation with a shell's words behind it", .change = name_shell_operation },
	{ "nul", "an operation with a zero in it", .change = put_nul_in_operation },
	{ "no-operation", "no operation", .change = drop_operation },
	{ "no-expiry", "no time at which it expires", .change = drop_expiry },
	{ "number-expiry", "a number as that time", .change = make_expiry_a_number },
	{ "wrong-expiry", "a word as that time", .change = make_expiry_no_time },
	{ "list-serial", "a list of serial numbers", .change = make_serial_a_list },
	{ "extra-member", "a member that nobody knows", .change = add_member },
	{ "deep", "20,000 lists in each other", .text = "[" },
};
/* clang-format on */

const char *const spoil_names[] = {
	"empty",
	"no-json",
	"list",
	"half",
	"bad-utf8",
	"twice",
	"unknown-operation",
	"shell",
	"nul",
	"no-operation",
	"no-expiry",
	"number-expiry",
	"wrong-expiry",
	"list-serial",
	"extra-member",
	"deep",
	NULL,
};
_Static_assert(COUNT_OF(spoil_names) == COUNT_OF(spoil_kinds) + 1, "a kind without a name");

static void repeat(const char *text, struct buf *out)
{
	bool deep = !strcmp(text, "[");

	for (int i = 0; i < (deep ? SPOIL_DEPTH : 1); i++)
		buf_add_text(out, text);
}

void spoil_command(const struct spoil_kind *kind, const uint8_t *command, size_t size,
		   struct buf *out)
{
	if (kind->text) {
		repeat(kind->text, out);
	} else if (kind->before) {
		buf_add_text(out, "{");
		buf_add_text(out, kind->before);
		buf_add_text(out, ",");
		buf_add(out, command + 1, size - 1);
	} else if (kind->change) {
		AUTO_JSON json_t *body =
			json_read_text((const char *)command, size, "command", NULL);
		kind->change(body);
		AUTO_FREE char *text = json_text(body);
		buf_add_text(out, text);
	} else {
		buf_add(out, command, size / 2);
	}
}
