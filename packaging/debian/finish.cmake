# finish.cmake: what Debian's policy wants in a package beyond what 'cmake --install' puts there; run by cpack in the folder that it packs.
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX})
set(here ${CMAKE_CURRENT_LIST_DIR})
file(GLOB_RECURSE pages ${root}/share/man/man1/*.1)
foreach(page ${pages})
	execute_process(COMMAND gzip -9nf ${page} COMMAND_ERROR_IS_FATAL ANY)
endforeach()
set(doc ${root}/share/doc/landuse)
file(MAKE_DIRECTORY ${doc} ${root}/share/lintian/overrides)
configure_file(${here}/copyright ${doc}/copyright COPYONLY NO_SOURCE_PERMISSIONS)
configure_file(${here}/lintian-overrides ${root}/share/lintian/overrides/landuse COPYONLY NO_SOURCE_PERMISSIONS)
# The pages lie where their links hold.
foreach(name README.md docs samples)
	file(CREATE_LINK ../../landuse/${name} ${doc}/${name} SYMBOLIC)
endforeach()
configure_file(${root}/share/landuse/CHANGELOG.md ${doc}/changelog COPYONLY NO_SOURCE_PERMISSIONS)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${doc}/changelog.Debian "landuse (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Made by the project itself; what changed is in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${now}
")
execute_process(COMMAND gzip -9nf ${doc}/changelog ${doc}/changelog.Debian COMMAND_ERROR_IS_FATAL ANY)
file(CHMOD ${doc}/changelog.gz ${doc}/changelog.Debian.gz PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
# Whatever umask the build had.
file(CHMOD_RECURSE ${root} DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
