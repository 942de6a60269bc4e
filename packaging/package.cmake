# package.cmake: what a package holds and is called; included by CMakeLists.txt. 'cpack -G DEB' in a build tree makes one for the
# release of Debian that it runs on; tools/package does so in a root folder of that release.

# Pages, samples and licence, laid out as in the repository, so that links between them hold.
install(FILES README.md CHANGELOG.md CITATION.cff LICENSE SECURITY.md DESTINATION ${CMAKE_INSTALL_DATADIR}/landuse)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DATADIR}/landuse FILES_MATCHING
	PATTERN "*.md" PATTERN "*.jpg" PATTERN "*.png")
install(FILES tests/bench/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/landuse/tests/bench)
install(FILES tests/fuzz/README.md DESTINATION ${CMAKE_INSTALL_DATADIR}/landuse/tests/fuzz)
install(DIRECTORY samples DESTINATION ${CMAKE_INSTALL_DATADIR}/landuse PATTERN out EXCLUDE)

set(CPACK_PACKAGE_NAME landuse)
set(CPACK_PACKAGE_VENDOR "The landuse maintainers")
set(CPACK_PACKAGE_CONTACT "The landuse maintainers <landuse@landuse.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "land-use maps and change statistics from aerial imagery")
# Lines of at most 79 characters: policy has no more in a description.
set(CPACK_PACKAGE_DESCRIPTION "Imagery of two or more dates goes in. Out come georeferenced maps of every
date with their confidence, change rasters for every pair of dates, statistics
whose figures add up to the county's own area, a report and a QGIS project.
.
The package has the program with its models, class schemes, man pages and
shell completion, the library liblanduse with its headers, a plugin for QGIS,
the sample county and the documentation.")
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
# Where the program looks for its models is compiled in.
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)

# The release, of the version's last part: Debian sorts 1.0.0-1~deb12 before 1.0.0-1~deb13, as an upgrade wants it.
set(release 1)
if(EXISTS /etc/os-release)
	file(STRINGS /etc/os-release id REGEX "^ID=")
	file(STRINGS /etc/os-release number REGEX "^VERSION_ID=")
	string(REGEX REPLACE "^ID=\"?([a-z]*)\"?$" "\\1" id "${id}")
	string(REGEX REPLACE "^VERSION_ID=\"?([0-9.]*)\"?$" "\\1" number "${number}")
	string(REPLACE debian deb id "${id}")
	if(id AND number)
		string(APPEND release "~${id}${number}")
	endif()
endif()
set(CPACK_DEBIAN_PACKAGE_RELEASE ${release})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates, gdal-bin")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "qgis, chromium, slurm-client, gcc, pkgconf")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/debian/triggers)
# Read since Debian 9, unlike zstd on older systems.
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/packaging/debian/finish.cmake)
include(CPack)
