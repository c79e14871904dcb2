/* identity.h: what makes one printer another: name, serial number, MAC, host name, community. */
#ifndef SIM_PRINTER_IDENTITY_H
#define SIM_PRINTER_IDENTITY_H

#include <stdint.h>

struct device;
struct device_options;

/* Profile and address of the device are known. What the options leave open follows from them. */
void identity_init(struct device *device, const struct device_options *options);

void identity_set_serial(struct device *device, const char *serial); /* copied */
void identity_set_mac(struct device *device, const uint8_t mac[6]);  /* and the host name with it */

#endif
