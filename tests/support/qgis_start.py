"""A QGIS without a screen and with a profile of its own, to be imported before anything else of QGIS; its start is most of a test's cost."""
import os
import sys
import tempfile

os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HOME"] = tempfile.mkdtemp()
os.environ.setdefault("XDG_RUNTIME_DIR", os.environ["HOME"])
from qgis.analysis import QgsNativeAlgorithms  # noqa: E402
from qgis.core import QgsApplication  # noqa: E402

application = QgsApplication([], True)
application.initQgis()
natives = QgsNativeAlgorithms()
QgsApplication.processingRegistry().addProvider(natives)


def run_and_leave(act):
    """QGIS may crash while it closes, which would hide what failed: leave by the code alone."""
    try:
        act()
    except BaseException:
        import traceback
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    print("QGIS: all as it should be", flush=True)
    os._exit(0)
