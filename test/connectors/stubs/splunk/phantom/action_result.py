"""Splunk SOAR's ActionResult; made for these tests, from its documentation."""


class ActionResult:
    def __init__(self, param=None):
        self._param = param or {}
        self._data = []
        self._summary = {}
        self._status = None
        self._message = ""

    def add_data(self, row):
        self._data.append(row)

    def get_data(self):
        return self._data

    def get_data_size(self):
        return len(self._data)

    def set_summary(self, summary):
        self._summary = summary

    def get_summary(self):
        return self._summary

    def set_status(self, status, message=""):
        # the platform fills places in a message
        self._status, self._message = status, message.format()
        return status

    def get_message(self):
        return self._message

    def get_dict(self):
        return {"status": "success" if self._status else "failed", "message": self._message, "data": self._data,
                "summary": self._summary, "parameter": self._param}
