# room(NAME [USES target...]): one folder is one static library, with its tests beside the code.
#   x.c       goes into the library NAME
#   x_test.c  is a Check program, test name <folder>.x, label "unit"
#   x_fuzz.c  is a libFuzzer program, fuzz/<folder>.x, built by the target `fuzz` when ECSP_FUZZ is on
# Files for special programs are named in PROGRAMS and left out of the library.
function(room name)
	cmake_parse_arguments(ROOM "" "" "USES;PROGRAMS" ${ARGN})
	file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} *.c)
	set(tests ${sources})
	list(FILTER tests INCLUDE REGEX "_test\\.c$")
	set(fuzzers ${sources})
	list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.c$")
	list(FILTER sources EXCLUDE REGEX "_(test|fuzz)\\.c$")
	if(ROOM_PROGRAMS)
		list(REMOVE_ITEM sources ${ROOM_PROGRAMS})
	endif()
	add_library(${name} STATIC ${sources})
	target_link_libraries(${name} PUBLIC ecsp_options ${ROOM_USES})
	file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
	string(REPLACE "/" "." prefix ${folder})
	foreach(test IN LISTS tests)
		string(REGEX REPLACE "_test\\.c$" "" noun ${test})
		set(program test-${prefix}.${noun})
		add_executable(${program} ${test})
		target_link_libraries(${program} PRIVATE ${name} PkgConfig::CHECK)
		set_target_properties(${program} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
		add_test(NAME ${prefix}.${noun} COMMAND ${program} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
		set_tests_properties(${prefix}.${noun} PROPERTIES LABELS unit TIMEOUT 60
			SKIP_RETURN_CODE 77) # what it compares with is not there; ctest names it
	endforeach()
	if(NOT ECSP_FUZZ)
		return()
	endif()
	foreach(fuzzer IN LISTS fuzzers)
		string(REGEX REPLACE "_fuzz\\.c$" "" noun ${fuzzer})
		set(program fuzz-${prefix}.${noun})
		add_executable(${program} EXCLUDE_FROM_ALL ${fuzzer})
		target_link_libraries(${program} PRIVATE ${name})
		target_link_options(${program} PRIVATE -fsanitize=fuzzer)
		set_target_properties(${program} PROPERTIES OUTPUT_NAME ${prefix}.${noun}
			RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
		add_dependencies(fuzz ${program})
	endforeach()
endfunction()
