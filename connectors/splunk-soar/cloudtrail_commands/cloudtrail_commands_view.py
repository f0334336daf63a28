"""The widget of actions on several trails: what was done, and what failed and why."""


def display_rows(provides, all_app_runs, context):
    context["results"] = [result_of(result) for _, results in all_app_runs for result in results]
    return "cloudtrail_commands_rows.html"


def result_of(result):
    """A table of what is no list or object, and the failures."""
    rows = result.get_data() or []
    columns = list(dict.fromkeys(name for row in rows for name, value in row.items() if not is_nested(value)))
    summary = result.get_summary() or {}
    return {
        "columns": columns,
        "rows": [[row.get(name, "") for name in columns] for row in rows],
        "failures": summary.get("failures", []),
        "message": result.get_message() or "",
    }


def is_nested(value):
    return isinstance(value, (list, dict))
