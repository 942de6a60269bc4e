#!/bin/sh
# qgis_plugin.sh: the plugin for QGIS is right for Qt 5 and Qt 6 alike: its imports and enums, by a walk of its syntax.
set -eu
exec /usr/bin/python3 tests/support/qt_both.py tools/qgis/landuse/*.py tests/support/qgis_*.py tests/support/plugin_look.py docs/pictures.py
