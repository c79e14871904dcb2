/* listener.h: the two faces behind the one TLS port: the web names and the MQTT name. */
#ifndef SIM_CLOUD_LISTENER_H
#define SIM_CLOUD_LISTENER_H

#include <stdint.h>

enum listener { LISTENER_HTTPS, LISTENER_MQTT, LISTENER_COUNT };

#define LISTENER_DOMAIN  "ecsp.example"
#define LISTENER_API     "api." LISTENER_DOMAIN
#define LISTENER_SERVICE "service." LISTENER_DOMAIN
#define LISTENER_BROKER  "mqtt." LISTENER_DOMAIN

/* Regions have names of their own: api.eu.ecsp.example, mqtt.eu.ecsp.example. */
#define LISTENER_EU "eu"
#define LISTENER_CN "cn"

extern const char *const listener_names[LISTENER_COUNT + 1]; /* NULL-terminated */

/* By the name the client asked for (SNI; NULL if it sent none) or else by the address it connected
 * to (host order). */
enum listener listener_of(const char *sni, uint32_t address);

#endif
