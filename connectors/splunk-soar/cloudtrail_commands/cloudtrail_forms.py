"""What the connectors share: values of a form become a body, an envelope becomes rows."""
import json


def body_of(fields, values, connection=None):
    """The body of a command from what a person or a playbook put into a form. What is empty is left out.

    fields      name of each field -> (kind, nullable): kind is text, choice, boolean, number, list or json
    values      name of each field -> value; a text, or what the platform made of one
    connection  the connection of the platform's settings, where the form names none
    raises ValueError, which names the field and the rule
    """
    body = {}
    for name, (kind, nullable) in fields.items():
        value = values.get(name)
        if nullable and isinstance(value, str) and value.strip().lower() == "null":
            body[name] = None
        elif value is not None and value != "":
            body[name] = form_value(name, kind, value)
    # the word stands in place of a list
    if body.get("regions") == ["all"]:
        body["regions"] = "all"
    if connection and "connection" not in body:
        body["connection"] = connection
    return body


def form_value(name, kind, value):
    """One value of a form. A list may be JSON, or texts with commas between them."""
    text = value.strip() if isinstance(value, str) else value
    if kind == "boolean":
        words = {"true": True, "yes": True, "false": False, "no": False}
        if str(text).lower() not in words:
            raise ValueError("%s must be true or false" % name)
        return words[str(text).lower()]
    if kind == "number":
        try:
            # 50.0, as some platforms pass 50; 50.5 is the service's to refuse
            return int(float(text)) if float(text).is_integer() else float(text)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("%s must be a number" % name) from None
    if kind in ("list", "json") and isinstance(text, str):
        if text[:1] in ("[", "{") or kind == "json":
            try:
                text = json.loads(text)
            except ValueError:
                raise ValueError("%s must be JSON" % name) from None
        else:
            text = [item.strip() for item in text.split(",") if item.strip()]
    if kind == "list":
        return text if isinstance(text, list) else [text]
    return text if kind == "json" else str(text)


def rows_of(envelope):
    """The successful rows with AWS's own names (TrailARN, S3BucketName) and their Region; of a dry run, the planned calls."""
    return [dict(aws_names(data_of(row)), Region=row["region"])
            for row in envelope["contextData"] if row["result"] == "Successful" and data_of(row)]


def data_of(row):
    """What a row holds: its data, or what a dry run would send."""
    return row.get("data") or (dict(row["dryRun"], dryRun=True) if row.get("dryRun") else {})


def aws_names(value):
    """camelCase to the names that AWS uses. Events of `cloudTrailEvent` are AWS's own, and stay as they are."""
    if isinstance(value, list):
        return [aws_names(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {aws_name(name): member if name == "cloudTrailEvent" else aws_names(member) for name, member in value.items()}


def aws_name(name):
    """trailArn is TrailARN, snsTopicArn is SnsTopicARN; other ARNs are Arn at AWS too."""
    special = {"trailArn": "TrailARN", "snsTopicArn": "SnsTopicARN"}
    return special.get(name, name[:1].upper() + name[1:])


def one_value(name, value):
    """The text of a field that takes one, from a platform that passes lists: ["audit"] is audit."""
    if isinstance(value, str) and value.strip().startswith("["):
        value = form_value(name, "list", value)
    if not isinstance(value, list):
        return value
    if len(value) > 1:
        raise ValueError("%s takes one value, and %d were given" % (name, len(value)))
    return value[0] if value else None
