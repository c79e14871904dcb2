/* mqtt_wire.h: the data types of MQTT (1.5) as bytes, for the files of the codec. */
#ifndef SIM_CLOUD_MQTT_WIRE_H
#define SIM_CLOUD_MQTT_WIRE_H

#include "base/buf.h"
#include "sim/cloud/mqtt_breach.h"
#include "sim/cloud/mqtt_property.h"

/* What is left to read. The first breach stays; after it everything reads as nothing. */
struct mqtt_cursor {
	const uint8_t *at;
	size_t left;
	enum mqtt_breach breach;
};

void mqtt_cursor_fail(struct mqtt_cursor *cursor, enum mqtt_breach breach);

struct mqtt_bytes mqtt_take(struct mqtt_cursor *cursor, size_t size);
uint8_t mqtt_take_u8(struct mqtt_cursor *cursor);
uint16_t mqtt_take_u16(struct mqtt_cursor *cursor);
uint32_t mqtt_take_u32(struct mqtt_cursor *cursor);
uint32_t mqtt_take_variable(struct mqtt_cursor *cursor); /* 1.5.5 of 5.0 */
struct mqtt_bytes mqtt_take_binary(struct mqtt_cursor *cursor);
struct mqtt_bytes mqtt_take_text(struct mqtt_cursor *cursor);
/* type: enum mqtt_type or MQTT_PROPERTIES_OF_WILL */
void mqtt_take_properties(struct mqtt_cursor *cursor, unsigned type,
			  struct mqtt_properties *properties);

void mqtt_add_variable(struct buf *out, uint32_t number);
void mqtt_add_binary(struct buf *out, struct mqtt_bytes bytes); /* or text */
void mqtt_add_properties(struct buf *out, const struct mqtt_properties *properties);

#endif
