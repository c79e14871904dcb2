#include "sim/printer/directory.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "sim/printer/device.h"

enum { FIRST_SIZE = 16 };

static size_t hash_address(uint32_t address)
{
	return (size_t)((address * 0x9e3779b97f4a7c15u) >> 32);
}

static size_t hash_name(const char *name)
{
	uint64_t sum = 0xcbf29ce484222325u; /* FNV-1a */
	for (; *name; name++)
		sum = (sum ^ (uint8_t)*name) * 0x100000001b3u;
	return (size_t)(sum ^ sum >> 32);
}

static void put(struct device **slots, size_t mask, size_t hash, struct device *device)
{
	while (slots[hash & mask])
		hash++;
	slots[hash & mask] = device;
}

static void put_address(struct directory *directory, struct device *device)
{
	size_t slot = hash_address(device->address);

	while (directory->by_address[slot & directory->mask].device)
		slot++;
	directory->by_address[slot & directory->mask] =
		(struct address_slot){ device, device->address };
}

static void resize(struct directory *directory, size_t size)
{
	struct directory next = { .by_address = alloc_zero(size, sizeof(struct address_slot)),
				  .by_name = alloc_zero(size, sizeof(struct device *)),
				  .mask = size - 1,
				  .count = directory->count };

	for (size_t i = 0; directory->by_address && i <= directory->mask; i++) {
		struct device *device = directory->by_address[i].device;
		if (!device)
			continue;
		put_address(&next, device);
		put(next.by_name, next.mask, hash_name(device->name), device);
	}
	directory_done(directory);
	*directory = next;
}

void directory_init(struct directory *directory)
{
	*directory = (struct directory){ 0 };
	resize(directory, FIRST_SIZE);
}

void directory_done(struct directory *directory)
{
	free(directory->by_address);
	free(directory->by_name);
}

void directory_add(struct directory *directory, struct device *device)
{
	if (++directory->count * 3 > directory->mask * 2)
		resize(directory, (directory->mask + 1) * 2);
	put_address(directory, device);
	put(directory->by_name, directory->mask, hash_name(device->name), device);
}

/* Open addressing has no holes: as printers seldom move, all are put in anew. */
void directory_move(struct directory *directory, struct device *device, uint32_t address)
{
	device->address = address;
	resize(directory, directory->mask + 1);
}

struct device *directory_at(const struct directory *directory, uint32_t address)
{
	size_t slot = hash_address(address) & directory->mask;
	const struct address_slot *at = &directory->by_address[slot];

	while (at->device && at->address != address) {
		slot = (slot + 1) & directory->mask;
		at = &directory->by_address[slot];
	}
	return at->device;
}

struct device *directory_named(const struct directory *directory, const char *name)
{
	size_t slot = hash_name(name) & directory->mask;
	struct device *device = directory->by_name[slot];

	while (device && strcmp(device->name, name) != 0) {
		slot = (slot + 1) & directory->mask;
		device = directory->by_name[slot];
	}
	return device;
}
