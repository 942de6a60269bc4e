# rooms.cmake: the rooms of the source, from the ground up; who may include whom, and which libraries come in where.
#
# A room may include itself, landuse.h and its parts (src/landuse), the C library, and the rooms named for it, which stand
# above it here: so there is no circle. CMakeLists.txt links by this table, and tests/layers.cmake holds every include to it,
# sub-folders too.
#
# A room may have sub-rooms, which may include what their room may, the headers that stand in the room itself, and the
# sub-rooms named for them, which stand above them here. Other rooms see only the headers that stand in the room itself,
# and those see no sub-room.
set(rooms)
macro(lu_room name)
	cmake_parse_arguments(ROOM "" "HEADERS" "USES;LIBRARIES" ${ARGN})
	list(APPEND rooms ${name})
	set(uses_${name} ${ROOM_USES})
	set(headers_${name} "${ROOM_HEADERS}") # of outside libraries, a regular expression
	set(libraries_${name} ${ROOM_LIBRARIES}) # targets that CMakeLists.txt finds
	set(subrooms_${name})
endmacro()
macro(lu_subroom room name)
	cmake_parse_arguments(ROOM "" "HEADERS" "USES" ${ARGN})
	list(APPEND subrooms_${room} ${name})
	set(uses_${room}_${name} ${ROOM_USES})
	set(headers_${room}_${name} "${ROOM_HEADERS}")
endmacro()

# Status, memory, logging, durable files, hashes, threads, YAML, CSV, SVG.
lu_room(base HEADERS "omp[.]h|openssl/evp[.]h|yaml[.]h"
	LIBRARIES PkgConfig::CRYPTO PkgConfig::YAML OpenMP::OpenMP_C)
# Networks: ONNX in and out, the graph, its plan, kernels and engines. Libraries have one door each, a sub-room.
lu_room(nn USES base LIBRARIES PkgConfig::OPENBLAS PkgConfig::PROTOBUF_C)
# Which kernel runs a layer, how many chips travel together, what stays in a cache: the table, from shapes and processor.
lu_subroom(nn choices)
# Loops over plain arrays, family_type_isa.c: no isa is plain C, the reference. They know no graph.
lu_subroom(nn kernels USES choices)
# Values, and nodes that make values from values.
lu_subroom(nn graph)
# The operators: one row each, with its shape rule and reference kernel; inference and interpreting by them.
lu_subroom(nn ops USES kernels graph)
# ONNX files: read, changed, written.
lu_subroom(nn onnx USES graph ops HEADERS "onnx/onnx[.]pb-c[.]h")
# Rewrites that make a graph smaller.
lu_subroom(nn passes USES graph ops)
# From a graph to steps and buffers; sessions that run them; what an engine is.
lu_subroom(nn plan USES choices kernels graph ops passes)
# The engine that is always there, and what others are compared with.
lu_subroom(nn blas USES graph ops passes plan HEADERS "cblas[.]h")
# The fast engine: oneDNN's primitives and our own kernels (omp.h only tells oneDNN that a session has one thread).
lu_subroom(nn onednn USES choices kernels graph ops passes plan HEADERS "oneapi/dnnl/dnnl.*[.]h|omp[.]h")
# Which engines there are.
lu_subroom(nn engines USES plan blas onednn)
# From a network in floats to one in integers.
lu_subroom(nn quantize USES graph ops onnx passes plan engines)
# Files of pixels and shapes: GDAL, PROJ and libtiff live here.
lu_room(raster USES base HEADERS "gdal.*[.]h|ogr.*[.]h|cpl_.*[.]h|proj[.]h|geodesic[.]h|tiff.*[.]h|jansson[.]h"
	LIBRARIES GDAL::GDAL PkgConfig::PROJ PkgConfig::TIFF PkgConfig::JANSSON)
# Imagery by place and date: items of a STAC catalogue, in files or across a network.
lu_room(catalog USES base raster HEADERS "jansson[.]h|curl/curl[.]h" LIBRARIES PkgConfig::JANSSON)
# What a chip is: cut, filled, resized, recoloured. No files.
lu_room(chips USES base)
# The analysis grid: cells, their share of a county, what of them imagery covers, their area on the ellipsoid, dates and
# pairs of dates.
lu_room(grid USES base raster chips HEADERS "geodesic[.]h" LIBRARIES PkgConfig::PROJ)
# Model packages, class schemes, legends, classifiers.
lu_room(models USES base nn raster chips HEADERS "jansson[.]h" LIBRARIES PkgConfig::JANSSON)
# Normalised dates, scores on disk, rows of maps, smoothing, tallies, cross-tabulation, zones, statistics as data.
lu_room(maps USES base nn raster chips grid models)
# Change between dates: significance, timelines, layers of candidates, pictures of patches.
lu_room(change USES base nn raster chips grid models maps)
# Accuracy assessment: samples, designs, estimators.
lu_room(accuracy USES base nn raster chips grid models maps change)
# Labelled sets of chips: where labels come from, splits, repeats.
lu_room(chipset USES base nn raster chips grid models maps HEADERS "jansson[.]h"
	LIBRARIES PkgConfig::JANSSON)
# Training and evaluation: features, heads, folds, calibration, the package that comes of it.
lu_room(learn USES base nn raster chips grid models maps chipset
	HEADERS "cblas[.]h|lbfgs[.]h|xgboost/.*|jansson[.]h" LIBRARIES PkgConfig::OPENBLAS PkgConfig::JANSSON OpenMP::OpenMP_C)
# Figures as text, JSON, CSV, SVG and GeoPackage.
lu_room(report USES base nn raster catalog chips grid models maps change accuracy chipset learn HEADERS "jansson[.]h"
	LIBRARIES PkgConfig::JANSSON)
# A county's job: its file, the county that it describes, the names of its outputs.
lu_room(job USES base nn raster catalog chips grid models maps change accuracy chipset learn report HEADERS "jansson[.]h"
	LIBRARIES PkgConfig::JANSSON)
# Runs of a job: the plan and its shards, the manifest, what changed since, what is stale, which alarms fired.
lu_room(runs USES base nn raster catalog chips grid models maps change accuracy chipset learn report job HEADERS "jansson[.]h"
	LIBRARIES PkgConfig::JANSSON)
# One file for each function of landuse.h. Nobody else starts a program (spawn.h: a job's 'notify' and 'token_command').
lu_room(commands USES base nn raster catalog chips grid models maps change accuracy chipset learn report job runs
	HEADERS "jansson[.]h|spawn[.]h" LIBRARIES PkgConfig::JANSSON OpenMP::OpenMP_C)
