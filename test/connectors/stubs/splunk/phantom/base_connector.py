"""Splunk SOAR's BaseConnector; made for these tests, from its documentation."""


class BaseConnector:
    def __init__(self):
        self.progress = []
        self.results = []
        self.status = (True, "")

    def prepare(self, config, identifier):
        self._config, self._identifier = config, identifier

    def get_config(self):
        return self._config

    def get_action_identifier(self):
        return self._identifier

    def add_action_result(self, result):
        self.results.append(result)
        return result

    def save_progress(self, text):
        self.progress.append(text.format())

    def set_status(self, status, message=""):
        self.status = (status, message.format())
        return status
