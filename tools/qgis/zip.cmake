# zip.cmake: SOURCES, and what PROGRAM says of its commands, into the folder landuse beside ZIP, and that into ZIP.
get_filename_component(folder ${ZIP} DIRECTORY)
file(COPY ${SOURCES} DESTINATION ${folder}/landuse)
execute_process(COMMAND ${PROGRAM} help --json OUTPUT_FILE ${folder}/landuse/commands.json RESULT_VARIABLE code)
if(NOT code EQUAL 0)
	message(FATAL_ERROR "${PROGRAM} help --json: ${code}")
endif()
file(GLOB files RELATIVE ${folder} LIST_DIRECTORIES false ${folder}/landuse/*)
file(REMOVE ${ZIP})
# A zip knows no year before 1980.
execute_process(COMMAND ${CMAKE_COMMAND} -E tar cf ${ZIP} --format=zip "--mtime=2000-01-01 00:00:00 UTC" ${files}
	WORKING_DIRECTORY ${folder} RESULT_VARIABLE code)
if(NOT code EQUAL 0)
	message(FATAL_ERROR "${ZIP}: ${code}")
endif()
