#!/usr/bin/env python3
"""Builds the image's program without Docker: from exactly the files that .dockerignore lets through, with the
Dockerfile's own COPY and RUN lines of its first stage.

    infra/build-as-docker.py [FOLDER]    leaves the program in FOLDER (a temporary one, removed again, when left out)

What .dockerignore lets through is said by the client that docker-compose builds with (python3-docker), not by us.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from docker.utils.build import exclude_paths

root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
dockerfile = "infra/Dockerfile"


def fail(why):
    sys.exit(f"{dockerfile}: {why}")


def context():
    """The files of a clean checkout that are sent to the builder."""
    with open(os.path.join(root, ".dockerignore")) as f:
        patterns = [line.strip() for line in f if line.strip() and not line.startswith("#")]
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root, check=True, capture_output=True)
    known = set(os.fsdecode(listed.stdout).split("\0"))
    return sorted(p for p in exclude_paths(root, patterns, dockerfile) if p in known and os.path.isfile(os.path.join(root, p)))


def first_stage():
    """The instructions of the first stage: (word, rest)."""
    with open(os.path.join(root, dockerfile)) as f:
        text = re.sub(r"\\\n", " ", "".join(line for line in f if not line.lstrip().startswith("#")))
    stage = []
    for line in text.splitlines():
        if not line.strip():
            continue
        word, rest = line.split(None, 1)
        if word == "FROM" and stage:
            return stage
        stage.append((word, rest.strip()))
    fail("there is no second stage")


def copy(files, rest, source):
    *names, target = rest.split()
    for name in names:
        found = [f for f in files if f == name or f.startswith(name.rstrip("/") + "/")]
        if not found:
            fail(f"COPY {name}: .dockerignore lets nothing of that name through")
        for f in found:
            # A folder's content goes into the target, a file goes under its name when the target is a folder.
            inside = os.path.relpath(f, name) if f != name else (os.path.basename(f) if target.endswith("/") else "")
            to = os.path.normpath(os.path.join(source, target, inside))
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copy2(os.path.join(root, f), to)


def build(source, app):
    files = context()
    for word, rest in first_stage():
        if word == "COPY":
            copy(files, rest, source)
        elif word == "RUN":
            command = re.sub(r"^(--\S+\s+)+", "", rest)
            command = re.sub(r"(?<![\w/])/app\b", app, command)
            print(f"+ {command}", flush=True)
            if subprocess.run(["/bin/sh", "-ec", command], cwd=source).returncode != 0:
                fail("RUN failed with the files that .dockerignore lets through")
        elif word not in ("FROM", "WORKDIR"):
            fail(f"{word}: {os.path.basename(__file__)} does not know this instruction")
    subprocess.run(["dotnet", os.path.join(app, "eventcalls.dll"), "--version"], check=True)


with tempfile.TemporaryDirectory(prefix="eventcalls-image-") as folder:
    build(os.path.join(folder, "source"), os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else os.path.join(folder, "app"))
