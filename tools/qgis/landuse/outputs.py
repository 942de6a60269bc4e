"""outputs.py: what a command left that belongs into the project, under which name, with the style that lies beside it."""
import json
import pathlib

from qgis.core import QgsProcessingContext, QgsProcessingLayerPostProcessorInterface


class Styled(QgsProcessingLayerPostProcessorInterface):
    """Processing loads layers bare: the style that the program wrote for a layer is asked for afterwards."""

    def postProcessLayer(self, layer, context, feedback):
        layer.loadDefaultStyle()
        layer.triggerRepaint()


STYLED = Styled()  # has to outlive every context


def _dates(folder):
    """Folders of pairs and what to call them, from the run's own figures."""
    try:
        figures = json.loads((folder / "statistics.json").read_text(encoding="utf-8"))
        return {f"{p['earlier']}_{p['later']}": f"{p['earlier']} to {p['later']}" for p in figures["pairs"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _maps(folder):
    """The maps of a folder of outputs, the latest at last, then changes, then places to look at."""
    pairs = _dates(folder)
    for path in sorted(folder.glob("*/landuse.tif")):
        yield str(path), f"Land use {path.parent.name}"
    if (folder / "landuse.tif").exists():
        yield str(folder / "landuse.tif"), "Land use"
    for path in sorted(folder.glob("*/change.tif")):
        yield str(path), f"Change {pairs.get(path.parent.name, path.parent.name)}"
    for path in sorted(folder.glob("*/*.gpkg")):
        if "_reviewed" not in path.stem:
            words = path.stem.replace("_", " ")
            yield f"{path}|layername={path.stem}", f"{words[0].upper()}{words[1:]} {pairs.get(path.parent.name, path.parent.name)}"
    if (folder / "zones.gpkg").exists():
        yield f"{folder / 'zones.gpkg'}|layername=zones", "Zones"


def _sample(path):
    yield f"{path}|layername=sample", f"Sample {path.stem}"


def _chips(folder):
    if (folder / "index.gpkg").exists():
        yield str(folder / "index.gpkg"), f"Chips of {folder.name}"


LAYERS = {"run": _maps, "classify": _maps, "change": _maps, "label": _chips, "sample": _sample}


def load(command, output, context):
    """Have Processing open what the command wrote to 'output'; the names of the layers."""
    layers = list(LAYERS[command](pathlib.Path(output))) if command in LAYERS else []
    for source, name in layers:
        details = QgsProcessingContext.LayerDetails(name, context.project(), name)
        details.setPostProcessor(STYLED)
        context.addLayerToLoadOnCompletion(source, details)
    return [name for _, name in layers]
