# embed.cmake: files as arrays of C. Run with -DOUT=FILE.c "-DPARTS=NAME=PATH;NAME=PATH"; an empty PATH is an empty array.
#
# Of a style sheet and a script what would be fetched from elsewhere is taken out: pictures of a style, maps of the source.
set(text "/* made by embed.cmake */\n#include \"report/page_parts.h\"\n")
foreach(part ${PARTS})
	string(REGEX MATCH "^[^=]*" name "${part}")
	string(REGEX REPLACE "^[^=]*=" "" path "${part}")
	set(bytes "")
	if(path)
		file(READ "${path}" body)
		string(REGEX REPLACE "url\\([^)]*\\)" "none" body "${body}")
		string(REGEX REPLACE "//# sourceMappingURL=[^\n]*" "" body "${body}")
		file(WRITE "${OUT}.part" "${body}")
		file(READ "${OUT}.part" hex HEX)
		string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
		string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
	endif()
	string(APPEND text "const unsigned char lu_page_${name}[] = {${bytes}0};\n"
		"const size_t lu_page_${name}_size = sizeof(lu_page_${name}) - 1;\n")
endforeach()
file(WRITE "${OUT}" "${text}")
