# one_object.cmake: makes of all objects of the archive ARCHIVE one, in which hidden names are local, by LINKER, OBJCOPY, AR.
get_filename_component(folder ${ARCHIVE} DIRECTORY)
set(object ${folder}/landuse.o)
foreach(command "${LINKER};-r;--whole-archive;${ARCHIVE};-o;${object}" "${OBJCOPY};--localize-hidden;${object}"
	"${CMAKE_COMMAND};-E;rm;${ARCHIVE}" "${AR};qcD;${ARCHIVE};${object}" "${AR};sD;${ARCHIVE}"
	"${CMAKE_COMMAND};-E;rm;${object}")
	execute_process(COMMAND ${command} RESULT_VARIABLE failed)
	if(failed)
		message(FATAL_ERROR "${command}: ${failed}")
	endif()
endforeach()
