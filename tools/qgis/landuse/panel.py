"""panel.py: a panel to judge places by eye and keys: pictures side by side, one key a class, and nothing that leads the eye."""
import functools

from qgis.core import QgsProject
from qgis.PyQt.QtCore import QEvent, QSize, Qt
from qgis.PyQt.QtGui import QPixmap
from qgis.PyQt.QtWidgets import (QCheckBox, QComboBox, QDockWidget, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QProgressBar,
                                 QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget)

from .places import Places, PlacesError, kind_of, leading_layers

KEYS = "1234567890QWERTYUIOPASDFGHJKLZXCVBNM"
PICTURE_PX = 220
CONTEXT = 6  # the map shows so many times the place's size


class Picture(QLabel):
    """A picture that keeps its shape in whatever room there is."""

    def __init__(self):
        super().__init__()
        self.whole = QPixmap()
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumSize(120, 120)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)

    def sizeHint(self):
        return QSize(PICTURE_PX, PICTURE_PX)

    def show_file(self, path):
        self.whole = QPixmap(path) if path else QPixmap()
        self.draw()

    def draw(self):
        if self.whole.isNull():
            self.clear()
            self.setText("no picture")
        else:
            self.setPixmap(self.whole.scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio,
                                             Qt.TransformationMode.SmoothTransformation))

    def resizeEvent(self, event):
        super().resizeEvent(event)
        self.draw()


class Panel(QDockWidget):
    """'iface' may be None: then there is no map to follow on."""

    def __init__(self, iface=None):
        super().__init__("Label places")
        self.setObjectName("LandusePlaces")
        self.iface = iface
        self.places = None
        self.at = 0
        self.before = None  # of a pair the class that was keyed first
        self.keys = {}  # key: value
        self.buttons = []
        self._build()
        self.project = QgsProject.instance()
        self.project.layersAdded.connect(self.list_layers)
        self.project.layersRemoved.connect(self.list_layers)
        self.project.readProject.connect(self._count_maps)
        self.project.layerTreeRoot().visibilityChanged.connect(self._count_maps)
        self.list_layers()

    def close_project(self):
        self.project.layersAdded.disconnect(self.list_layers)
        self.project.layersRemoved.disconnect(self.list_layers)
        self.project.readProject.disconnect(self._count_maps)
        self.project.layerTreeRoot().visibilityChanged.disconnect(self._count_maps)
        self._leave()

    # What it looks like

    def _button(self, text, act, tip):
        button = QPushButton(text)
        # Keys go to the panel, whatever was clicked.
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setToolTip(tip)
        button.clicked.connect(lambda: act())
        return button

    def _build(self):
        body = QWidget()
        body.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(body)
        self.body = body
        self.layers = QComboBox()
        self.layers.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.layers.currentIndexChanged.connect(lambda _: self._choose_layer())
        self.progress = QProgressBar()
        self.head = QLabel()
        self.told = QLabel()
        self.told.setWordWrap(True)
        self.picture_row = QHBoxLayout()
        self.choice_box = QWidget()
        self.choice_grid = QGridLayout(self.choice_box)
        self.choice_grid.setContentsMargins(0, 0, 0, 0)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.choice_box)
        self.remark = QLineEdit()
        self.remark.setPlaceholderText("Remark (Enter goes back to the keys)")
        self.remark.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.remark.editingFinished.connect(self._save_remark)
        self.remark.returnPressed.connect(lambda: self.body.setFocus())
        steps = QHBoxLayout()
        for text, act, tip in (("Previous", functools.partial(self.step, -1), "Left: the place before, by number"),
                               ("Next", functools.partial(self.step, 1), "Right: the next place, by number"),
                               ("Next open", self.next_open, "Space: the next place that has no judgement"),
                               ("Clear", self.clear, "Delete: no judgement"),
                               ("Undo", self.undo, "Ctrl+Z: take the last judgement back")):
            steps.addWidget(self._button(text, act, tip))
        self.follow = QCheckBox("Follow on the map")
        self.follow.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.follow.toggled.connect(lambda _: self.show_on_map())
        self.hide_maps = self._button("", self._hide_maps, "What maps say of a place leads the eye")
        below = QHBoxLayout()
        below.addWidget(self.follow)
        below.addWidget(self.hide_maps)
        column = QVBoxLayout(body)
        for part in (self.layers, self.progress, self.head):
            column.addWidget(part)
        column.addLayout(self.picture_row, 3)
        column.addWidget(self.told)
        column.addWidget(scroll, 2)
        column.addWidget(self.remark)
        column.addLayout(steps)
        column.addLayout(below)
        self.setWidget(body)

    # Which layer

    def list_layers(self, *_):
        """Every layer of the project that has places to judge, those with none at the end; the chosen one stays chosen if it has some."""
        chosen = self.layers.currentData() if self.places is not None and self.places.order else None
        found = [layer for layer in self.project.mapLayers().values() if kind_of(layer) is not None]
        self.layers.blockSignals(True)
        self.layers.clear()
        for layer in sorted(found, key=lambda layer: (layer.featureCount() == 0, layer.name())):
            self.layers.addItem(layer.name(), layer.id())
        self.layers.setCurrentIndex(max(0, self.layers.findData(chosen)))
        self.layers.blockSignals(False)
        if self.layers.currentData() != chosen or self.places is None:
            self._choose_layer()

    def choose(self, layer):
        self.layers.setCurrentIndex(self.layers.findData(layer.id()))

    def _leave(self):
        if self.places is not None:
            try:
                self.places.layer.attributeValueChanged.disconnect(self._written)
            except (RuntimeError, TypeError):
                pass  # the layer has gone
        self.places = None

    def _choose_layer(self):
        self._leave()
        layer = self.project.mapLayer(self.layers.currentData() or "")
        said = "Open a sample or candidates of change (new_development.gpkg) in the project." if layer is None else ""
        if layer is not None:
            try:
                self.places = Places(layer)
                layer.attributeValueChanged.connect(self._written)
            except PlacesError as wrong:
                said = str(wrong)
        self.at, self.before = 0, None
        self._make_choices()
        self._make_pictures()
        self._first_open()
        self.show_place()
        self._tell(said)
        self._count_maps()

    def _written(self, *_):
        """By the panel, or by somebody in a form or a table."""
        if self.places is not None:
            self.places.refresh()
            self._count()

    def _make_choices(self):
        for button in self.buttons:
            self.choice_grid.removeWidget(button)
            button.deleteLater()
        self.buttons, self.keys = [], {}
        choices = self.places.singles if self.places is not None else []
        columns = 1 if len(choices) <= 4 else 2
        for i, (value, name) in enumerate(choices):
            key = KEYS[i] if i < len(KEYS) else ""
            self.keys[key] = value
            button = self._button(f"{key}   {name}".replace("&", "&&"), functools.partial(self.key_class, value), f"Key {key}")
            button.setStyleSheet("text-align: left; padding: 3px 8px")
            button.setCheckable(True)
            self.choice_grid.addWidget(button, i // columns, i % columns)
            self.buttons.append(button)
        self.choice_grid.setRowStretch(len(choices), 1)

    def _make_pictures(self):
        while self.picture_row.count():
            old = self.picture_row.takeAt(0).widget()
            old.setParent(None)
            old.deleteLater()
        self.pictures = []
        for _ in self.places.pictures if self.places is not None else []:
            box = QWidget()
            column = QVBoxLayout(box)
            column.setContentsMargins(0, 0, 0, 0)
            title, picture = QLabel(), Picture()
            title.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(title)
            column.addWidget(picture, 1)
            self.picture_row.addWidget(box)
            self.pictures.append((title, picture))

    # What it shows

    def fid(self):
        return self.places.order[self.at] if self.places is not None and self.places.order else None

    def _count(self):
        count, done = (self.places.count(), self.places.done()) if self.places is not None else (0, 0)
        self.progress.setMaximum(max(1, count))
        self.progress.setValue(done)
        self.progress.setFormat(f"{done} of {count} done")
        self._mark()

    def _mark(self):
        """Which judgement the place has; of a pair, after the first key, the class before."""
        value = self.places.values.get(self.fid()) if self.places is not None else None
        singles = {value} if value is not None and value < 100 else set()
        if self.places is not None and self.places.has_pairs and value is not None and value >= 100:
            singles = {value // 100, value % 100}
        if self.before is not None:
            singles = {self.before}
        for button, (single, _) in zip(self.buttons, self.places.singles if self.places is not None else []):
            button.setChecked(single in singles)

    def show_place(self):
        self._count()
        fid = self.fid()
        place = self.places.place(fid) if fid is not None else {}
        for part in (self.remark, self.choice_box):
            part.setEnabled(bool(place))
        self.remark.setText(place.get("remark") or "")
        self.remark.setModified(False)
        if not place:
            self.head.setText("")
            return
        value = self.places.values.get(fid)
        judged = "not judged" if value is None else self.places.name_of(value)
        self.head.setText(f"No. {place[self.places.number]}: {judged}")
        for (title, picture), (name, path) in zip(self.pictures, self.places.pictures_of(place)):
            title.setText(name)
            picture.show_file(path)
        first = "Key the class before, then the class after (the same twice: no change)."
        self._tell("" if not self.places.has_pairs else first if self.before is None
                   else f"Before: {self.places.name_of(self.before)}. And after?")
        self.show_on_map()

    def _tell(self, text):
        self.told.setText(text)
        self.told.setVisible(bool(text))

    def _count_maps(self, *_):
        """How much of the map leads the eye."""
        leading = leading_layers(self.project, self.places.layer) if self.places is not None and self.iface is not None else []
        self.hide_maps.setVisible(bool(leading))
        self.hide_maps.setText(f"Hide {len(leading)} layers of classes on the map")

    def show_on_map(self):
        fid = self.fid()
        if self.iface is None or fid is None or not self.follow.isChecked():
            return
        extent, canvas = self.places.extent(fid), self.iface.mapCanvas()
        node = self.project.layerTreeRoot().findLayer(self.places.layer.id())
        if node is not None:
            node.setItemVisibilityCheckedParentRecursive(True)
        if extent is not None:
            extent.scale(CONTEXT)
            canvas.setExtent(canvas.mapSettings().layerExtentToOutputExtent(self.places.layer, extent))
            canvas.refresh()

    def _hide_maps(self):
        for layer in leading_layers(self.project, self.places.layer):
            self.project.layerTreeRoot().findLayer(layer.id()).setItemVisibilityChecked(False)

    # What it does

    def _go(self, at):
        self._save_remark()
        self.at, self.before = at, None
        self.show_place()

    def step(self, by):
        if self.fid() is not None and 0 <= self.at + by < self.places.count():
            self._go(self.at + by)

    def _first_open(self):
        if self.places is not None:
            self.at = next((i for i, fid in enumerate(self.places.order) if self.places.values[fid] is None), 0)

    def next_open(self):
        """The next one without a judgement, from the beginning after the last."""
        if self.fid() is None:
            return
        order = [(self.at + 1 + i) % self.places.count() for i in range(self.places.count())]
        at = next((i for i in order if self.places.values[self.places.order[i]] is None), None)
        if at is None:
            self._tell("Every place has been judged.")
        else:
            self._go(at)

    def key_class(self, value):
        """A class was keyed or clicked: a judgement, or the first half of a pair."""
        if self.fid() is None:
            return
        if self.places.has_pairs and self.before is None:
            self.before = value
            self.show_place()
        else:
            self._judge(self.places.pair(self.before, value) if self.places.has_pairs else value)

    def clear(self):
        if self.fid() is not None:
            self._judge(None, stay=True)

    def _judge(self, value, stay=False):
        self._save_remark()
        self.before = None
        try:
            self.places.judge(self.fid(), value)
        except PlacesError as wrong:
            self.show_place()
            self._tell(str(wrong))
            return
        if not stay and self.at + 1 < self.places.count():
            self.at += 1
        self.show_place()

    def undo(self):
        """Half a pair first; else the last judgement, and to its place."""
        if self.places is None:
            return
        if self.before is not None:
            self._go(self.at)
            return
        try:
            fid = self.places.undo()
        except PlacesError as wrong:
            self._tell(str(wrong))
            return
        if fid is None:
            self._tell("Nothing to undo.")
        elif fid in self.places.order:
            self._go(self.places.order.index(fid))

    def _save_remark(self):
        if self.fid() is None or not self.remark.isModified() or self.places.remark is None:
            return
        self.remark.setModified(False)
        try:
            self.places.say(self.fid(), self.remark.text().strip())
        except PlacesError as wrong:
            self._tell(str(wrong))

    def _act_of(self, event):
        """What a key does here, or None."""
        key, text = event.key(), event.text().upper()
        acts = {Qt.Key.Key_Right: functools.partial(self.step, 1), Qt.Key.Key_Left: functools.partial(self.step, -1),
                Qt.Key.Key_Space: self.next_open, Qt.Key.Key_Delete: self.clear, Qt.Key.Key_Escape: self._drop_half}
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return self.undo if key == Qt.Key.Key_Z else None
        if key in acts:
            return acts[key]
        return functools.partial(self.key_class, self.keys[text]) if text and text in self.keys else None

    def event(self, event):
        # QGIS has shortcuts of its own, Ctrl+Z among them: where the panel has the focus its keys go first.
        if event.type() == QEvent.Type.ShortcutOverride and self._act_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event):
        act = self._act_of(event)
        if act is None:
            event.ignore()
        else:
            act()

    def _drop_half(self):
        self.before = None
        self.show_place()
