#include "agents/common/identity.h"

#include <string.h>
#include <sys/utsname.h>

#include "agents/common/text.h"
#include "base/cleanup.h"
#include "base/file.h"

/* A09: distributions name their server flavour in VARIANT_ID (os-release(5)). */
static const char *product_type(void)
{
	AUTO_FREE char *release = file_read("/etc/os-release", 65536, NULL, NULL);
	const char *variant = release ? strstr(release, "\nVARIANT_ID=") : NULL;

	if (!variant)
		return "workstation";
	variant += strlen("\nVARIANT_ID=");
	size_t size = strcspn(variant, "\n");
	return memmem(variant, size, "server", 6) ? "server" : "workstation";
}

static void add_text(cJSON *object, const char *name, const char *value)
{
	AUTO_FREE char *clean = text_clean(value, strlen(value));

	if (*clean)
		cJSON_AddStringToObject(object, name, clean);
}

cJSON *identity_json(const char *id, const char *type, bool on_pc)
{
	struct utsname machine;
	cJSON *identity = cJSON_CreateObject();

	cJSON_AddStringToObject(identity, "id", id);
	cJSON_AddStringToObject(identity, "type", type);
	cJSON_AddStringToObject(identity, "version", ECSP_VERSION);
	if (!on_pc || uname(&machine) < 0)
		return identity;
	add_text(identity, "hostname", machine.nodename);
	add_text(identity, "os", machine.sysname);
	add_text(identity, "osVersion", machine.release);
	cJSON_AddStringToObject(identity, "osProductType", product_type());
	return identity;
}
