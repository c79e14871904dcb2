/* directory.h: the printers of a fleet by address and by name: one probe each, however many. */
#ifndef SIM_PRINTER_DIRECTORY_H
#define SIM_PRINTER_DIRECTORY_H

#include <stddef.h>
#include <stdint.h>

struct device;

/* With the address at hand, who is not meant need not be looked at. */
struct address_slot {
	struct device *device; /* borrowed; NULL: free */
	uint32_t address;
};

struct directory {
	struct address_slot *by_address; /* open addressing */
	struct device **by_name;         /* likewise; borrowed */
	size_t mask, count;
};

void directory_init(struct directory *directory);
void directory_done(struct directory *directory);

/* Neither its address nor its name may be there already. */
void directory_add(struct directory *directory, struct device *device);
/* Gives the device another address, at which nobody is. */
void directory_move(struct directory *directory, struct device *device, uint32_t address);
struct device *directory_at(const struct directory *directory, uint32_t address); /* or NULL */
struct device *directory_named(const struct directory *directory, const char *name);

#endif
