/* listener.h: the two faces behind the one TLS port: the web names and the MQTT name. */
#ifndef SIM_CLOUD_LISTENER_H
#define SIM_CLOUD_LISTENER_H

#include <stdint.h>

enum listener { LISTENER_HTTPS, LISTENER_MQTT, LISTENER_COUNT };

#define LISTENER_API     "api.ecsp.example"
#define LISTENER_SERVICE "service.ecsp.example"
#define LISTENER_BROKER  "mqtt.ecsp.example"

extern const char *const listener_names[LISTENER_COUNT + 1]; /* NULL-terminated */

/* By the name the client asked for (SNI; NULL if it sent none) or else by the address it connected
 * to (host order). */
enum listener listener_of(const char *sni, uint32_t address);

#endif
