"""Client of CloudTrail commands, for SOAR connectors. Needs Python 3.9 or later and requests, and nothing else."""
import ssl
import time
import uuid
from urllib.parse import urljoin, urlsplit

import requests
import requests.adapters
import urllib3

# Statuses that say "try again" when a Retry-After stands beside them: AWS's ConflictException, key in use, quota, unavailable.
RETRY_STATUSES = (400, 409, 429, 503)
# How long the service may take for one HTTP request, in seconds: its own deadline is 60 by default.
READ_TIMEOUT = 90
CONNECT_TIMEOUT = 10
# A command that is expected to run longer than this, in seconds, is started as a job.
JOB_FROM = 15
# What CloudTrail lets through per second: requests, and for lookups events (two pages of 50).
PER_SECOND = {"read": 10, "write": 1, "lookup": 100}


class CommandError(Exception):
    """The command failed, or the service could not be used; the text is for people and holds no secret.

    `envelope` is the service's response where there was one, else None; `status` its HTTP status.
    """

    def __init__(self, message, envelope=None, status=None):
        super().__init__(message)
        self.envelope = envelope
        self.status = status


class BearerKey(requests.auth.AuthBase):
    """Sends the API key. As `auth`, so that neither a .netrc file nor a redirect can replace or carry it off."""

    def __init__(self, key):
        self._key = key

    def __call__(self, request):
        if self._key:
            request.headers["authorization"] = "Bearer " + self._key
        return request


class PrivateCa(requests.adapters.HTTPAdapter):
    """Trusts the certificate authorities of a PEM text besides the public ones."""

    def __init__(self, pem):
        self._context = ssl.create_default_context()
        self._context.load_verify_locations(cadata=pem)
        super().__init__()

    def init_poolmanager(self, *args, **kwargs):
        return super().init_poolmanager(*args, ssl_context=self._context, **kwargs)

    def proxy_manager_for(self, *args, **kwargs):
        return super().proxy_manager_for(*args, ssl_context=self._context, **kwargs)


class Client:
    """Runs commands.

    url         of the service, for example https://cloudtrail-commands.example.com
    api_key     of the service, not of AWS; may be empty where the service runs with AUTH=none
    verify      False trusts any certificate
    ca          PEM text of a private certificate authority
    use_proxy   whether HTTPS_PROXY and the other proxy and certificate variables of the environment apply
    budget      seconds that one run may take, with its waits and its job
    on_progress called with a line of text while a run waits
    """

    def __init__(self, url, api_key, verify=True, ca=None, use_proxy=True, budget=900, agent="python",
                 on_progress=lambda text: None, sleep=time.sleep):
        parts = urlsplit((url or "").strip())
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            raise CommandError("The server URL must be http(s)://host[:port], without user name or password.")
        try:
            (api_key or "").encode("ascii")
        except UnicodeEncodeError:
            raise CommandError("The API key must be ASCII: it looks like ctk_ and 43 more characters.") from None
        self._url = parts.scheme + "://" + parts.netloc + parts.path.rstrip("/") + "/"
        self._verify = verify
        self._budget = budget
        self._on_progress = on_progress
        self._sleep = sleep
        self._session = requests.Session()
        self._session.trust_env = use_proxy
        self._session.auth = BearerKey((api_key or "").strip())
        self._session.headers["user-agent"] = "cloudtrail-commands-" + agent
        if not verify:
            # it was asked for: every request would warn
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
        elif ca:
            try:
                self._session.mount("https://", PrivateCa(ca))
            except ssl.SSLError:
                raise CommandError("The CA certificate must be PEM text: -----BEGIN CERTIFICATE-----…") from None

    def run(self, command, body, quota):
        """Runs a command to its end, following its job if it became one; returns the envelope of a success.

        A run has one idempotency key, which all its attempts share; the next run has another.

        quota   the command's quota class: "read", "lookup" or "write"
        raises CommandError, also for returnData Failed
        """
        deadline = time.monotonic() + self._budget
        envelope, location, wait = self.start(command, body, quota, deadline)
        while location:
            self._wait(wait, deadline, "%s: %d of %d inputs are done" % (command, *progress_of(envelope)))
            envelope, location, wait = self.poll(location, deadline)
        return envelope

    def start(self, command, body, quota, deadline=None):
        """Sends a command: (envelope, None, 0), or as poll() if it may take long and was started as a job."""
        deadline = deadline or time.monotonic() + self._budget
        headers = {"idempotency-key": str(uuid.uuid4())} if quota == "write" else {}
        if expected_seconds(body, quota) > JOB_FROM:
            headers["prefer"] = "respond-async"
        # who tests a connection wants to know now
        attempts = 1 if command == "test-connection" else 4
        return self._outcome(self._send("POST", "commands/" + command, deadline, attempts, json=body, headers=headers))

    def poll(self, location, deadline=None):
        """Asks for a job: (envelope, None, 0) when finished, else (job document, location, seconds to wait)."""
        return self._outcome(self._send("GET", location, deadline or time.monotonic() + self._budget))

    def _send(self, method, path, deadline, attempts=4, **request):
        """Sends a request, again and again while the service says "later" or does not respond, until the deadline."""
        pause = 1
        while True:
            attempts -= 1
            try:
                response = self._session.request(
                    method, urljoin(self._url, path.lstrip("/")), verify=self._verify, allow_redirects=False,
                    timeout=(CONNECT_TIMEOUT, READ_TIMEOUT), **request)
            except requests.RequestException as error:
                problem = describe(error, self._url)
                lasting = isinstance(error, requests.exceptions.SSLError)
                if attempts < 1 or lasting or not isinstance(error, (requests.ConnectionError, requests.Timeout)):
                    raise CommandError(problem) from None
                # the same request has the same idempotency key: it is never carried out twice
                self._wait(pause, deadline, problem)
                pause *= 2
                continue
            wait = response.headers.get("retry-after", "")
            # a stored response stays the same however often its idempotency key is sent
            stored = "idempotency-replayed" in response.headers
            if stored or response.status_code not in RETRY_STATUSES or not wait.isdigit():
                return response
            if time.monotonic() + int(wait) > deadline:
                return response
            self._wait(int(wait), deadline, "HTTP %d, trying again in %s s" % (response.status_code, wait))

    def _outcome(self, response):
        """Reads a response: (document, location of a job that runs, seconds until it is worth asking again)."""
        try:
            envelope = response.json()
        except ValueError:
            envelope = None
        if not isinstance(envelope, dict) or "returnData" not in envelope:
            raise CommandError("HTTP %d from %s is not a response of CloudTrail commands. Hint: check the server URL, "
                               "and proxies on the way." % (response.status_code, self._url), status=response.status_code)
        if envelope["returnData"] == "Running":
            wait = response.headers.get("retry-after", "1")
            return envelope, "jobs/" + envelope["job"]["id"], int(wait) if wait.isdigit() else 1
        if envelope["returnData"] == "Failed":
            raise CommandError(error_text(envelope), envelope, response.status_code)
        return envelope, None, 0

    def _wait(self, seconds, deadline, why):
        if time.monotonic() + seconds > deadline:
            raise CommandError("The time of %d s is used up. %s." % (self._budget, why))
        self._on_progress(why)
        self._sleep(seconds)


def progress_of(job):
    """How many inputs of a job are done, and of how many."""
    return job["job"]["inputs"]["done"], job["job"]["inputs"]["total"]


def expected_seconds(body, quota):
    """How long a command takes at AWS's quotas when it has them alone; every region has its own."""
    count = body.get("limit", 50) if quota == "lookup" else len(body.get("trailNames") or [None] * 5)
    return count / PER_SECOND[quota]


def error_text(envelope):
    """The errors of an envelope for people: a line each, in D3's form, with the input and the hint."""
    lines = []
    for error in envelope["errors"]:
        where = error.get("input") or error.get("field")
        line = "%s Status Code: %s. Message: %s." % (
            error["failureIndicator"], error["statusCode"], error["message"].rstrip("."))
        lines.append(line + (" Input: %s." % where if where else "")
                     + (" Hint: %s" % error["hint"] if error.get("hint") else ""))
    return "\n".join(lines)


def warning_of(envelope):
    """A sentence that names the failed inputs of a Partially Successful command; empty for a Successful one."""
    failed = list(dict.fromkeys(error.get("input") or error.get("region") or "a page" for error in envelope["errors"]))
    return "Partially Successful, failed: %s.\n%s" % (", ".join(failed), error_text(envelope)) if failed else ""


def describe(error, url):
    """What went wrong on the way to the service, without the text of the exception, which may quote a proxy's URL."""
    cause, reason = error, ""
    while cause is not None:
        reason = getattr(cause, "strerror", None) or getattr(cause, "verify_message", None) or reason
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, requests.exceptions.SSLError):
        return ("The certificate of %s is not trusted%s. Hint: give the connector the private CA, or correct the "
                "server URL." % (url, ": " + reason if reason else ""))
    if isinstance(error, requests.exceptions.ProxyError):
        return "The proxy on the way to %s cannot be used." % url
    if isinstance(error, requests.exceptions.ReadTimeout):
        return "No response of %s within %d s." % (url, READ_TIMEOUT)
    return "%s cannot be reached%s. Hint: check the server URL, the network and the proxy." % (
        url, ": " + reason if reason else "")
