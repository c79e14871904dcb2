/* Wrongs of how an answer is sent, whatever it says. */
#include "base/ipv4.h"
#include "base/json.h"
#include "sim/printer/spoil.h"

bool spoil_address(const struct spoiling *spoiling, struct answer *answer)
{
	char text[IPV4_TEXT_MAX];
	uint32_t own = answer->from;

	if (!ipv4_parse(json_text_of(spoiling->with, "address", ""), &answer->from))
		answer->from = own ^ 1;
	buf_printf(spoiling->did, "from %s", ipv4_format(answer->from, text));
	return answer->from != own;
}

bool spoil_port(const struct spoiling *spoiling, struct answer *answer)
{
	uint16_t own = answer->from_port;

	answer->from_port = (uint16_t)json_int_of(spoiling->with, "port", 40161);
	buf_printf(spoiling->did, "from port %u", answer->from_port);
	return answer->from_port != own;
}

bool spoil_copies(const struct spoiling *spoiling, struct answer *answer)
{
	answer->copies = json_int_of(spoiling->with, "copies", 1);
	answer->apart_ms = (uint64_t)json_int_of(spoiling->with, "apartMs", 0);
	buf_printf(spoiling->did, "sent %d times", (int)answer->copies + 1);
	return true;
}

bool spoil_delay(const struct spoiling *spoiling, struct answer *answer)
{
	uint64_t ms = (uint64_t)json_int_of(spoiling->with, "ms", 0);

	answer->delay_ms += ms;
	buf_printf(spoiling->did, "%d ms later", (int)ms);
	return true;
}

bool spoil_lost(const struct spoiling *spoiling, struct answer *answer)
{
	answer->lost = true;
	buf_printf(spoiling->did, "the answer was thrown away");
	return true;
}
