"""What Splunk SOAR gives an app as `phantom.app`; made for these tests, from its documentation."""
APP_SUCCESS = True
APP_ERROR = False
