/* action.h: the functions behind the table of device_do. Parameters have been checked for name,
 * type and range; 0 or a negative errno with what was expected. */
#ifndef SIM_PRINTER_ACTION_H
#define SIM_PRINTER_ACTION_H

#include <jansson.h>

#include "base/error.h"

struct device;

enum { ACTION_COUNT_MAX = 1000000000 };

/* The words that a parameter may be; NULL-terminated. */
extern const char *const action_cleanings[],
	*const action_results[], *const action_groups[], *const action_counters[];

typedef int action_run(struct device *device, const json_t *with, struct error *err);

action_run action_job, action_cancel, action_clean, action_jam, action_clear_jam, action_fail,
	action_repair, action_open_cover, action_close_cover, action_paper_out, action_load_paper,
	action_pause, action_resume, action_sleep, action_wake, action_power_off, action_power_on,
	action_ink, action_replace, action_box, action_remove_box, action_replace_box,
	action_setting, action_clock, action_diagnosis, action_reboot, action_address, action_board,
	action_drift, action_counter;

#endif
