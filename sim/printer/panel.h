/* panel.h: the in-device panel of docs/printer-extension.md: JSON lines on a unix socket. */
#ifndef SIM_PRINTER_PANEL_H
#define SIM_PRINTER_PANEL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct device;
struct panel;

enum { PANEL_LINE_MAX = 1 << 20 };

/* Takes listening_fd over. Never NULL. */
struct panel *panel_new(struct device *device, int listening_fd);
void panel_free(struct panel *panel);   /* NULL is fine; hangs up on everybody */
void panel_notify(struct panel *panel); /* status, error or warnings changed; NULL is fine */

/* One request line (without its newline) to one answer; *watch becomes true when it asks to be told
 * of changes. Caller owns. */
json_t *panel_answer(struct device *device, const char *line, size_t size, bool *watch);

/* The "device" object. Caller owns. */
json_t *panel_device(const struct device *device);

/* Members status, error and warnings. */
void panel_add_state(const struct device *device, json_t *object);

#endif
