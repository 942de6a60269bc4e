# rooms.cmake: the rooms of the source, from the ground up; who may include whom, and which libraries come in where.
#
# A room may include itself, landuse.h, the C library, and the rooms named for it, which stand above it here: so there is
# no circle. CMakeLists.txt links by this table, and tests/layers.cmake holds every include to it, sub-folders too.
set(rooms)
macro(lu_room name)
	cmake_parse_arguments(ROOM "" "HEADERS" "USES;LIBRARIES" ${ARGN})
	list(APPEND rooms ${name})
	set(uses_${name} ${ROOM_USES})
	set(headers_${name} "${ROOM_HEADERS}") # of outside libraries, a regular expression
	set(libraries_${name} ${ROOM_LIBRARIES}) # targets that CMakeLists.txt finds
endmacro()

# Status, memory, logging, durable files, hashes, threads, YAML, CSV, SVG.
lu_room(base HEADERS "openssl/evp[.]h|yaml[.]h"
	LIBRARIES PkgConfig::CRYPTO PkgConfig::YAML OpenMP::OpenMP_C)
# Networks: ONNX in and out, the graph, its plan, kernels and engines. Libraries have one door each: tests/layers.cmake.
lu_room(nn USES base LIBRARIES PkgConfig::OPENBLAS PkgConfig::PROTOBUF_C)
# Files of pixels and shapes: GDAL, PROJ and libtiff live here.
lu_room(raster USES base HEADERS "gdal.*[.]h|ogr.*[.]h|cpl_.*[.]h|proj[.]h|geodesic[.]h|tiff.*[.]h"
	LIBRARIES GDAL::GDAL PkgConfig::PROJ PkgConfig::TIFF)
# What a chip is: cut, filled, resized, recoloured. No files.
lu_room(chips USES base)
# The analysis grid: cells, their share of a county, their area on the ellipsoid, dates and pairs of dates.
lu_room(grid USES base raster chips HEADERS "geodesic[.]h" LIBRARIES PkgConfig::PROJ)
# Model packages, class schemes, legends, classifiers.
lu_room(models USES base nn raster chips HEADERS "jansson[.]h" LIBRARIES PkgConfig::JANSSON)
# Scores on disk, rows of maps, smoothing, tallies, cross-tabulation, zones, statistics as data.
lu_room(maps USES base nn raster chips grid models)
# Change between dates: significance, timelines, layers of candidates, pictures of patches.
lu_room(change USES base nn raster chips grid models maps)
# Accuracy assessment: samples, designs, estimators.
lu_room(accuracy USES base nn raster chips grid models maps change)
# Labelled sets of chips: where labels come from, splits, repeats.
lu_room(chipset USES base nn raster chips grid models maps HEADERS "omp[.]h|jansson[.]h"
	LIBRARIES PkgConfig::JANSSON OpenMP::OpenMP_C)
# Training and evaluation: features, heads, folds, calibration, the package that comes of it.
lu_room(learn USES base nn raster chips grid models maps chipset
	HEADERS "cblas[.]h|lbfgs[.]h|xgboost/.*|omp[.]h|jansson[.]h" LIBRARIES PkgConfig::OPENBLAS PkgConfig::JANSSON OpenMP::OpenMP_C)
# Figures as text, JSON, CSV, SVG and GeoPackage.
lu_room(report USES base nn raster chips grid models maps change accuracy chipset learn HEADERS "jansson[.]h"
	LIBRARIES PkgConfig::JANSSON)
# A county's job: its file, what it describes, its plan and its manifest.
lu_room(job USES base nn raster chips grid models maps change accuracy chipset learn report HEADERS "omp[.]h|jansson[.]h"
	LIBRARIES PkgConfig::JANSSON OpenMP::OpenMP_C)
# One file for each function of landuse.h.
lu_room(commands USES base nn raster chips grid models maps change accuracy chipset learn report job
	HEADERS "omp[.]h|jansson[.]h" LIBRARIES PkgConfig::JANSSON OpenMP::OpenMP_C)
