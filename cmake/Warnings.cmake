# One interface target carries what every file of ours is compiled with.
option(ECSP_WERROR "Treat warnings as errors" OFF)
option(ECSP_COVERAGE "Instrument for gcov" OFF)
option(ECSP_FUZZ "Build the x_fuzz.c programs (clang; see ci/fuzz)" OFF)
set(ECSP_SANITIZE "" CACHE STRING "Sanitizers, comma separated (address,undefined)")

add_library(ecsp_options INTERFACE)
target_include_directories(ecsp_options INTERFACE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR})
target_compile_definitions(ecsp_options INTERFACE _GNU_SOURCE ECSP_VERSION="${PROJECT_VERSION}")
target_compile_options(ecsp_options INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
	-Wformat=2 -Wimplicit-fallthrough -Wswitch-enum -Wundef -Wvla -Wwrite-strings
	-Wno-missing-field-initializers # tables name what they set
	$<$<BOOL:${ECSP_WERROR}>:-Werror>
	-fno-omit-frame-pointer -ffile-prefix-map=${PROJECT_SOURCE_DIR}=.
	-include ${PROJECT_SOURCE_DIR}/base/banned.h)
if(ECSP_SANITIZE)
	target_compile_options(ecsp_options INTERFACE -fsanitize=${ECSP_SANITIZE} -fno-sanitize-recover=all)
	target_link_options(ecsp_options INTERFACE -fsanitize=${ECSP_SANITIZE})
endif()
if(ECSP_COVERAGE)
	target_compile_options(ecsp_options INTERFACE --coverage -O0)
	target_link_options(ecsp_options INTERFACE --coverage)
endif()
if(ECSP_FUZZ)
	target_compile_options(ecsp_options INTERFACE -fsanitize=fuzzer-no-link)
	add_custom_target(fuzz)
endif()
