#!/usr/bin/env python3
"""Runs the functions of a folder as EventCalls' webhook: FOLDER/NAME.py has a function NAME(conv).

A new call runs start_function; conv.goto_flow("NAME") goes on in NAME; after a failed transfer transfer_failed runs, and for a
command that names a flow the function of that name.
"""

import argparse
import hmac
import json
import os
import pathlib
import sys
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from conv import Conversation

START = "start_function"
FIRST = {"call_started": START, "transfer_failed": "transfer_failed", "refer_received": "refer_received"}
MOST_FLOWS = 32
MOST_BYTES = 1 << 20


class FunctionError(Exception):
    """There is no decision; the message says why."""


def load(folder):
    """The functions by their names, each of a module of its own."""
    functions = {}
    for path in sorted(pathlib.Path(folder).glob("*.py")):
        scope = {"__name__": path.stem, "__file__": str(path)}
        exec(compile(path.read_text(encoding="utf-8"), str(path), "exec"), scope)
        if not callable(scope.get(path.stem)):
            raise SystemExit(f"{path} has no function {path.stem}(conv).")
        functions[path.stem] = scope[path.stem]
    if not functions:
        raise SystemExit(f"There are no functions: no *.py in {folder}.")
    return functions


def decide(functions, posted):
    """The decision of one call, as EventCalls takes it."""
    conv = Conversation(posted)
    name = first(posted, conv.current_flow)
    gone_to = []
    while True:
        returned = run(functions, name, conv)
        decision = {} if returned is None else {"utterance": returned} if isinstance(returned, str) else returned
        if not isinstance(decision, dict):
            raise FunctionError(f"{name} returned {type(returned).__name__}; a dictionary, a text or nothing is expected")
        if conv.handoff is not None and not decision.get("handoff"):
            decision = decision | {"handoff": conv.handoff}
        flow, conv.next_flow = decision.get("goto_flow") or decision.get("flow") or conv.next_flow, None
        if flow is not None:
            conv.current_flow = flow
        if flow is None or decision.get("handoff") or decision.get("hangup"):
            break
        if flow in gone_to or len(gone_to) == MOST_FLOWS:
            raise FunctionError(f"the flows go in a circle: {', '.join(gone_to)}, {flow}")
        gone_to.append(flow)
        name = flow

    own = {key: value for key, value in decision.items() if key not in ("flow", "goto_flow")}
    return own | {"flow": conv.current_flow, "state": conv.changes() | (decision.get("state") or {})}


def first(posted, flow):
    """The function that is run first."""
    event = posted.get("event")
    if event == "flow_requested":
        return START if flow == "start" else flow
    if event not in FIRST:
        raise FunctionError(f"nothing here knows of the event {event}; there are {', '.join(FIRST)} and flow_requested")
    return FIRST[event]


def run(functions, name, conv):
    if name not in functions:
        raise FunctionError(f"there is no function {name}; there are {', '.join(functions)}")
    try:
        return functions[name](conv)
    except Exception as error:
        traceback.print_exc()
        last = traceback.extract_tb(error.__traceback__)[-1]
        raise FunctionError(f"{name} raised {type(error).__name__}: {error} ({os.path.basename(last.filename)}:{last.lineno})") from error


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    functions = {}
    authorization = None

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        if length > MOST_BYTES:
            self.close_connection = True
            return self.refuse(413, "the conversation is too long")
        body = self.rfile.read(length)
        if self.authorization and not hmac.compare_digest(self.headers.get("Authorization", "").encode(), self.authorization.encode()):
            return self.refuse(401, "the Authorization is not the one expected")
        try:
            answer = json.dumps(decide(self.functions, json.loads(body)), allow_nan=False).encode()
        except FunctionError as error:
            return self.refuse(500, str(error))
        except (TypeError, ValueError, KeyError) as error:
            return self.refuse(500, f"no decision that is JSON: {error}")
        self.answer(200, None, answer, "application/json")

    def refuse(self, status, why):
        # The reason phrase is what EventCalls records: one line of ASCII.
        line = "".join(c if " " <= c <= "~" else "?" for c in why)[:300]
        print(why, file=sys.stderr, flush=True)
        self.answer(status, line, why.encode(), "text/plain; charset=utf-8")

    def answer(self, status, reason, body, kind):
        self.send_response(status, reason)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *arguments):
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", help="the folder of functions")
    arguments.add_argument("--host", default="127.0.0.1")
    arguments.add_argument("--port", type=int, default=8088, help="0 for any")
    given = arguments.parse_args()
    # What functions print is seen at once, also in a log.
    sys.stdout.reconfigure(line_buffering=True)
    Handler.functions = load(given.folder)
    Handler.authorization = os.environ.get("WEBHOOK_AUTHORIZATION")
    with Server((given.host, given.port), Handler) as server:
        print(f"listening on http://{given.host}:{server.server_address[1]}/decide", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
