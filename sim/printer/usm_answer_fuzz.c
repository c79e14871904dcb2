#include "sim/printer/usm_answer.h"

#include <string.h>

#include "sim/printer/device.h"
#include "sim/printer/fuzzbed.h"

/* The first byte says how the rest goes in: as a datagram, or as the PDU of a message that is
 * sealed with the right keys, so that what lies behind the digest is reached too. */

static const struct usm_user_options options[] = {
	{ "open", USM_AUTH_NONE, USM_PRIV_NONE, NULL, NULL, USM_NO_AUTH },
	{ "aes", USM_AUTH_SHA256, USM_PRIV_AES128, "authentic", "concealed", USM_AUTH_PRIV },
	{ "des", USM_AUTH_MD5, USM_PRIV_DES, "authentic", "concealed", USM_NO_AUTH },
};
enum { OPEN, AES, DES, RAW, WAYS };

static void seal_and_send(struct device *device, size_t way, const uint8_t *data, size_t size)
{
	static const enum usm_level levels[] = { USM_NO_AUTH, USM_AUTH_PRIV, USM_AUTH_PRIV };
	static struct usm *client;
	uint8_t id[USM_ENGINE_SIZE], room[V3_AROUND + 4096 + USM_PAD_MAX];
	const struct usm_engine engine = usm_engine_of(device, id);

	if (!client)
		client = usm_new(device->users, 1);
	const struct usm_session session = usm_session_of(client, way, &engine);
	struct v3_envelope envelope = usm_envelope(client, &engine, &session, levels[way]);
	envelope.flags |= V3_REPORTABLE;
	size = size < 4096 ? size : 4096;
	memcpy(room + V3_AROUND, data, size);
	const struct span whole = v3_message_seal(&envelope, room + V3_AROUND, size);
	fuzz_send(161, whole.data, whole.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct device *device;

	fuzz_fleet(&device);
	if (!device->users)
		device->users = usm_users_new(options, sizeof(options) / sizeof(options[0]), NULL);
	if (!size)
		return 0;
	if (data[0] % WAYS == RAW)
		fuzz_send(161, data + 1, size - 1);
	else
		seal_and_send(device, data[0] % WAYS, data + 1, size - 1);
	return 0;
}
