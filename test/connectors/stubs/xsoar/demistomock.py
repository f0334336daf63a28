"""What Cortex XSOAR gives an integration as `demisto`; made for these tests, from its documentation."""
state = {"params": {}, "command": "", "args": {}, "results": [], "log": []}


def params():
    return state["params"]


def command():
    return state["command"]


def args():
    return state["args"]


def results(entry):
    state["results"].append(entry)


def debug(text):
    state["log"].append(str(text))


info = error = debug
