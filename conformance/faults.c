#include "conformance/faults.h"

#include <string.h>

#include "base/cleanup.h"
#include "base/form.h"
#include "sim/cloud/cloud.h"
#include "sim/printer/fleet.h"
#include "sim/world/world.h"

const char *faults_at(size_t index)
{
	const char *const *const lists[] = { device_faults, cloud_faults, world_faults };

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t k = 0; lists[i][k]; k++)
			if (index-- == 0)
				return lists[i][k];
	return NULL;
}

bool faults_known(const char *name)
{
	for (size_t i = 0; faults_at(i); i++)
		if (!strcmp(faults_at(i), name))
			return true;
	return false;
}

const char *faults_nearest(const char *name)
{
	const char *names[128] = { NULL };
	for (size_t i = 0; i < COUNT_OF(names) - 1 && faults_at(i); i++)
		names[i] = faults_at(i);
	return form_nearest(name, names);
}
