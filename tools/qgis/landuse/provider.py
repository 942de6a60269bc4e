"""provider.py: the program's commands for the Processing toolbox."""
from processing.core.ProcessingConfig import ProcessingConfig, Setting
from qgis.core import Qgis, QgsMessageLog, QgsProcessingProvider
from qgis.PyQt.QtGui import QIcon

from .algorithms import ICON, TOOLBOX, CommandAlgorithm
from .program import ProgramError, commands_built_with, commands_of, find

SETTING = "LANDUSE_PROGRAM"


def setting():
    return (ProcessingConfig.getSetting(SETTING) or "").strip()


class Provider(QgsProcessingProvider):
    def id(self):
        return "landuse"

    def name(self):
        return "Land use"

    def icon(self):
        return QIcon(ICON)

    def load(self):
        ProcessingConfig.settingIcons[self.name()] = self.icon()
        ProcessingConfig.addSetting(Setting(self.name(), SETTING, "The program landuse, where it is not found by itself", "",
                                            valuetype=Setting.FILE))
        ProcessingConfig.readSettings()
        self.refreshAlgorithms()
        return True

    def unload(self):
        ProcessingConfig.removeSetting(SETTING)

    def canBeActivated(self):
        return True

    def warningMessage(self):
        try:
            commands_of(find(setting()))
        except ProgramError as wrong:
            return str(wrong)
        return ""

    def loadAlgorithms(self):
        try:
            commands = commands_of(find(setting()))
        except ProgramError as wrong:
            QgsMessageLog.logMessage(str(wrong), "landuse", Qgis.MessageLevel.Warning)
            commands = commands_built_with()
        for name in TOOLBOX:
            if name in commands:
                self.addAlgorithm(CommandAlgorithm(commands[name], setting))
