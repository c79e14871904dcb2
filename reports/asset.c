#include "reports/asset.h"

/* clang-format off */
#define EMBED(symbol, path)                     \
	__asm__(".section .rodata\n"            \
		".global " #symbol "\n"         \
		".type " #symbol ", %object\n"  \
		#symbol ":\n"                   \
		".incbin \"" path "\"\n"        \
		".byte 0\n"                     \
		".size " #symbol ", . - " #symbol "\n" \
		".text\n")
/* clang-format on */

EMBED(asset_style, "reports/report.css");
EMBED(asset_script, "reports/report.js");
