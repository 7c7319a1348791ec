"""Fuzz the served API with schemathesis, once signed in as the operator and once as nobody.

    scripts/with-server.sh target/debug/vitrine python3 scripts/fuzz-api/run.py

Finds the server in VITRINE_BASE_URL and its one-time link in VITRINE_SETUP_URL; schemathesis stands in the same folder
as this Python. All default checks are on: no server error, no undocumented status or content type, no answer that
differs from its schema, no wrong method or missing authorisation let through.

The contract refuses by meaning as well as by shape: a page with a cursor, an unknown id in a body, a password that is
too common are well-formed and a 422. So the check that well-formed requests are accepted takes those refusals too;
what is refused must still be documented.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from pathlib import Path

BASE = os.environ["VITRINE_BASE_URL"].rstrip("/")
API = BASE + "/api/v1"
EXAMPLES = int(os.environ.get("VITRINE_FUZZ_EXAMPLES", "5"))
SEED = os.environ.get("VITRINE_FUZZ_SEED", "1")

# A stream has no end to wait for.
STREAMS = r"^/api/v1/events$"
# These would end the session that asks, or the account.
ENDS = r"^/api/v1/(auth/(logout|logout-all|sessions/\{id\}/revoke)|user)$"

REFUSALS = ["2xx", "3xx", 400, 401, 402, 403, 404, 409, 412, 415, 422, 424, 428, 429, 501, 503]

# A fresh server is not connected to anything outside, and answers 503 `not_configured` here.
NOT_CONFIGURED = ["/api/v1/auth/oidc/login"]

# Rows to ask for: path of the list, body of one more.
ROWS = [
    ("/projects", {"name": "Fuzzed", "description": "Made before the run"}),
]


def call(method, path, body=None, token=None):
    request = urllib.request.Request(API + path, method=method)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    data = None
    if body is not None:
        request.add_header("Content-Type", "application/json")
        data = json.dumps(body).encode()
    with urllib.request.urlopen(request, data, timeout=30) as response:
        text = response.read()
        return json.loads(text) if text else None


def set_up():
    link = urllib.parse.urlparse(os.environ["VITRINE_SETUP_URL"])
    token = urllib.parse.parse_qs(link.query)["token"][0]
    body = {
        "token": token,
        "email": "fuzz@example.com",
        "password": "a bright empty room 42",
        "full_name": "Fuzz",
        "sample_project": True,
    }
    return call("POST", "/setup", body)["access_token"]


def make_rows(token):
    for path, body in ROWS:
        call("POST", path, body, token)
    # One staging of a sample photo, so that images are asked for too.
    project = call("GET", "/projects?sort=created_at", token=token)["items"][0]["id"]
    original = call("GET", f"/projects/{project}/originals", token=token)["items"][0]["id"]
    call("POST", "/images", {"project_id": project, "original_id": original, "room_type": "bedroom"}, token)


def known_ids(document, token):
    """Ids for the parameters of paths, taken from the list that stands before each."""
    ids = {}
    for path in sorted(document["paths"], key=len):
        for match in re.finditer(r"/\{(\w+)\}", path):
            above = path[: match.start()]
            filled = fill(above, ids)
            is_listed = "get" in document["paths"].get(above, {})
            if match[1] in ids.get(path, {}) or filled is None or not is_listed:
                continue
            answer = call("GET", filled.removeprefix("/api/v1"), token=token)
            items = answer.get("items") if isinstance(answer, dict) else None
            if not items or "id" not in items[0]:
                continue
            for other in document["paths"]:
                if other.startswith(path[: match.end()]):
                    ids.setdefault(other, {})[match[1]] = items[0]["id"]
    return ids


def fill(path, ids):
    for name, value in ids.get(path, {}).items():
        path = path.replace("{" + name + "}", value)
    return None if "{" in path else path


def config(workspace, ids):
    lines = [
        "[checks.positive_data_acceptance]",
        f"expected-statuses = {json.dumps(REFUSALS)}",
        # A stale If-Match is refused before the body is looked at.
        "[checks.negative_data_rejection]",
        'expected-statuses = ["4xx"]',
    ]
    for path in NOT_CONFIGURED:
        lines += [
            "[[operations]]",
            f'include-path = "{path}"',
            'checks.not_a_server_error.expected-statuses = ["2xx", "3xx", "4xx", 503]',
        ]
    if workspace:
        # Any other is a 404 before anything else happens.
        lines += ["[parameters]", f'"header.X-Workspace-Id" = "{workspace}"']
    for path, values in ids.items():
        inline = ", ".join(f'"path.{name}" = "{value}"' for name, value in values.items())
        lines += ["[[operations]]", f'include-path = "{path}"', f"parameters = {{ {inline} }}"]
    return "\n".join(lines) + "\n"


def fuzz(name, settings, token, options, folder):
    """Runs schemathesis once; answers how many operations passed and failed."""
    file = folder / f"{name}.toml"
    file.write_text(settings)
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "--config-file", str(file),
        "run", API + "/openapi.json",
        "--max-examples", str(EXAMPLES),
        "--seed", SEED,
        "--workers", "2",
        "--continue-on-failure",
        "--suppress-health-check", "all",
        "--request-timeout", "30",
        "--no-color",
        *options,
    ]  # fmt: skip
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, cwd=folder)
    print(f"=== {name}\n{done.stdout}{done.stderr}")
    tested = re.search(r"Tested: (\d+)", done.stdout)
    tested = int(tested[1]) if tested else 0
    failed = len(set(re.findall(r"^_{3,} ([A-Z]+ /\S+) _{3,}$", done.stdout, re.M)))
    if done.returncode != 0 or not tested:
        failed = max(failed, 1)
    return max(tested - failed, 0), failed


def main():
    token = set_up()
    make_rows(token)
    document = call("GET", "/openapi.json")
    workspace = call("GET", "/auth/me", token=token)["workspaces"][0]["id"]
    every = ["--phases", "examples,coverage,fuzzing"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        results = [
            # Rows that are there, before the next pass changes and deletes what it finds.
            fuzz(
                "operator, rows that exist",
                config(workspace, known_ids(document, token)),
                token,
                ["--phases", "fuzzing", "--mode", "positive", "--include-path-regex", r"\{", "--exclude-path-regex", ENDS],
                folder,
            ),
            fuzz("anonymous", config(None, {}), None, [*every, "--exclude-path-regex", STREAMS], folder),
            fuzz("operator", config(workspace, {}), token, [*every, "--exclude-path-regex", f"{STREAMS}|{ENDS}"], folder),
        ]
    passed, failed = (sum(each) for each in zip(*results))
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
