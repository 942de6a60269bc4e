#!/usr/bin/python3
"""Python for QGIS that runs with Qt 5 and with Qt 6: usage: qt_both.py FILE.py...

Qt comes from qgis.PyQt alone. An enum is named with its type, Qt.Key.Key_Left: Qt 6 has no other form, Qt 5 takes it. What Qt 6 has
dropped (exec_) is not called.
"""
import ast
import re
import sys

FOREIGN = re.compile(r"(PyQt[456]|PySide[26]?|sip)(\.|$)")
CLASS = re.compile(r"Q[A-Za-z]+$")  # Qt, QEvent, Qgis, QgsProcessing
DROPPED = {"exec_", "print_", "toPlainText_"}


def faults(path, source):
    tree = ast.parse(source, path)
    inner, called = set(), set()  # attributes that another attribute is taken of, that are called
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            inner.add(node.value)
        elif isinstance(node, ast.Call):
            called.add(node.func)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, f"import {a.name}: Qt comes from qgis.PyQt") for a in node.names if FOREIGN.match(a.name))
        elif isinstance(node, ast.ImportFrom) and FOREIGN.match(node.module or ""):
            yield node.lineno, f"from {node.module} import: Qt comes from qgis.PyQt"
        elif isinstance(node, ast.Attribute):
            base = node.value.id if isinstance(node.value, ast.Name) else ""
            # Neither a type that has a member taken, nor a class within that is made, nor a constant of QGIS in capitals.
            is_member = node.attr[0].isupper() and not node.attr.isupper() and node not in inner and node not in called
            if (CLASS.match(base) or base == "self") and is_member:
                yield node.lineno, f"{base}.{node.attr}: name its enum, {base}.TYPE.{node.attr}"
            if node.attr in DROPPED:
                yield node.lineno, f".{node.attr}: Qt 6 has none"


WRONG = ["import PyQt5.QtCore", "from PyQt6.QtCore import Qt", "from PyQt5 import sip", "x = Qt.Key_Left", "f(Qgis.Warning)",
         "x = QgsProcessing.TypeRaster", "d.exec_()", "x = self.Accepted"]
RIGHT = ["from qgis.PyQt.QtCore import Qt", "x = Qt.Key.Key_Left", "f(Qgis.MessageLevel.Warning)", "x = QgsProcessingContext.LayerDetails(1)",
         "x = Qgis.QGIS_VERSION", "d.exec()", "x = self.places"]
for text in WRONG:
    assert list(faults("", text)), f"passed over: {text}"
for text in RIGHT:
    assert not list(faults("", text)), f"a false alarm: {text}"
found = [f"{path}:{line}: {text}" for path in sys.argv[1:] for line, text in faults(path, open(path, encoding="utf-8").read())]
print("\n".join(found) or f"{len(sys.argv) - 1} files: right for Qt 5 and Qt 6")
sys.exit(1 if found or len(sys.argv) < 2 else 0)
