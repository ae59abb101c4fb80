#!/usr/bin/env python3
"""Makes the images that the tests need out of what is installed on this machine, under the names that docker-compose.yml and infra/Dockerfile
ask for.

    infra/containers/images.py [WORD…]    only those whose names hold one of the words

Only for an engine that ends with the tests (with-docker.sh): what stands behind the names is Debian's version, not the public one.
"""
import concurrent.futures
import glob
import json
import os
import re
import subprocess
import sys
import tarfile

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.dirname(os.path.dirname(here))

# What a shell script of an entry point or a Dockerfile uses.
base = ["base-files", "base-passwd", "dash", "coreutils", "util-linux", "sed", "grep", "mawk", "debianutils", "hostname", "procps", "libc-bin"]
# Nobody runs these in a server, and they are most of its size: scripts for Debian's clusters, and PostgreSQL's just-in-time compiler.
without = re.compile(r"perl|libllvm|libz3|^postgresql-(client-)?common$|^debconf|^ucf$|^ssl-cert$|^cdebconf")
unneeded = re.compile(r"^/usr/share/(doc|man|locale|info|lintian|bash-completion)/|llvmjit|/bitcode/")
# Of the SDK and of restored packages: translations, F#, what test runs need, and the archives that the packages were unpacked from.
unbuilt = re.compile(r"\.resources\.dll$|/sdk/[^/]+/(FSharp|Containers|TestHost|Extensions)/|\.nupkg$")


def packages(names):
    """The installed packages that these need, themselves included."""
    told = subprocess.run(
        ["apt-cache", "depends", "--recurse", "--installed", "--no-recommends", "--no-suggests", "--no-conflicts", "--no-breaks", "--no-replaces", "--no-enhances",
         *names, *base], check=True, capture_output=True, text=True).stdout
    found = {line.strip() for line in told.splitlines() if re.match(r"[a-z0-9]", line)}
    installed = set(subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package}\n${db:Status-Status} ${Package}:${Architecture}\n"],
                                   check=True, capture_output=True, text=True).stdout.splitlines())
    return sorted(p for p in found if not without.search(p) and f"installed {p}" in installed)


def files_of(names):
    """Their files and folders, by the path that is no link."""
    listed = subprocess.run(["dpkg-query", "-L", *packages(names)], check=True, capture_output=True, text=True).stdout.splitlines()
    paths = {real(p) for p in listed if p.startswith("/") and p != "/." and not unneeded.search(p) and os.path.lexists(p)}
    # What the packages' scripts have made of them.
    paths |= {real(p) for p in ["/bin", "/sbin", "/lib", "/lib64", "/etc/passwd", "/etc/group", "/etc/nsswitch.conf", "/etc/ld.so.cache", "/etc/ssl/certs",
                                *glob.glob("/etc/ssl/certs/*"), *glob.glob("/etc/alternatives/*")] if os.path.lexists(p)}
    for link in glob.glob("/usr/bin/*"):
        if os.path.islink(link) and os.readlink(link).startswith("/etc/alternatives/") and os.path.realpath(link) in paths:
            paths.add(link)
    return paths


def real(path):
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def below(folder):
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            yield os.path.join(parent, name)


def put(tar, path, name=None, **changes):
    info = tar.gettarinfo(path, arcname=(name or path).lstrip("/"))
    if info is None:
        return  # a socket
    # Two names of one file would be a link to what another layer may not have.
    if info.islnk():
        info.type, info.size = tarfile.REGTYPE, os.lstat(path).st_size
    for key, value in changes.items():
        setattr(info, key, value)
    if info.isreg():
        with open(path, "rb") as file:
            tar.addfile(info, file)
    else:
        tar.addfile(info)


def folder(tar, name, mode=0o755):
    info = tarfile.TarInfo(name.lstrip("/"))
    info.type, info.mode = tarfile.DIRTYPE, mode
    tar.addfile(info)


def image(tag, paths, more=(), settings=()):
    """Imports an image of these files, and more under other names."""
    changes = [word for setting in settings for word in ("-c", setting)]
    client = subprocess.Popen(["docker", "import", *changes, "-", tag], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    with tarfile.open(fileobj=client.stdin, mode="w|", bufsize=1 << 20) as tar:
        for name, mode in [("/tmp", 0o1777), ("/run", 0o755), ("/root", 0o700), ("/proc", 0o555), ("/sys", 0o555), ("/dev", 0o755)]:
            folder(tar, name, mode)
        for path in sorted(paths):
            if path.split("/")[1] not in ("tmp", "run", "root", "proc", "sys", "dev"):
                put(tar, path)
        for path, name, changes in more:
            put(tar, path, name, **changes)
    client.stdin.close()
    if client.wait() != 0:
        sys.exit(f"{tag}: docker import failed")


def server(tag, package, script, port, *settings):
    image(tag, files_of([package]), [(os.path.join(here, script), "/usr/local/bin/docker-entrypoint.sh", {"mode": 0o755})],
          ["ENV LANG=C.UTF-8", f"ENV PATH={os.pathsep.join([*sorted(glob.glob('/usr/lib/postgresql/*/bin')), '/usr/lib/rabbitmq/bin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'])}",
           'ENTRYPOINT ["docker-entrypoint.sh"]', f"EXPOSE {port}", *settings])


def dotnet():
    found = os.path.realpath(subprocess.run(["sh", "-c", "command -v dotnet"], check=True, capture_output=True, text=True).stdout.strip())
    return os.path.dirname(found)


def nuget():
    """The restored packages that the program is built of: (file, name in the image)."""
    cache = os.environ.get("NUGET_PACKAGES") or os.path.expanduser("~/.nuget/packages")
    wanted = set()
    for lock in glob.glob(os.path.join(root, "src/*/packages.lock.json")):
        with open(lock) as f:
            for framework in json.load(f)["dependencies"].values():
                wanted |= {(name.lower(), p["resolved"].lower()) for name, p in framework.items() if "resolved" in p}
    # What compiles ahead belongs to the SDK and stands in no lock.
    with open(os.path.join(root, "src/EventCalls.Host/obj/project.assets.json")) as f:
        for framework in json.load(f)["project"]["frameworks"].values():
            wanted |= {(p["name"].lower(), p["version"].strip("[]").split(",")[0]) for p in framework.get("downloadDependencies", [])}
    for name, version in sorted(wanted):
        package = os.path.join(cache, name, version)
        if not os.path.isdir(package):
            sys.exit(f"{name} {version} is not restored: dotnet restore EventCalls.sln")
        for path in below(package):
            if not unbuilt.search(path):
                yield path, "/usr/share/nuget/packages" + path[len(cache):], {}


def runtime(tag, sdk):
    """The .NET of this machine where the public images have theirs, with the SDK or without."""
    home, more = dotnet(), []
    for path in below(home):
        name = path[len(home):].lstrip("/")
        if sdk and not unbuilt.search(path) or name.split("/")[0] in ("dotnet", "host", "shared", "LICENSE.txt"):
            more.append((path, "/usr/share/dotnet/" + name, {}))
    if sdk:
        more += list(nuget())
        more.append((os.path.join(here, "NuGet.Config"), "/root/.nuget/NuGet/NuGet.Config", {}))
    image(tag, files_of(["libstdc++6", "libssl3", "zlib1g", "ca-certificates", "tzdata"]), more,
          ["ENV PATH=/usr/share/dotnet:/usr/sbin:/usr/bin:/sbin:/bin", "ENV DOTNET_ROOT=/usr/share/dotnet", "ENV APP_UID=1654", "ENV HOME=/root" if sdk else "ENV LANG=C.UTF-8",
           "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1", "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1", "ENV DOTNET_NOLOGO=1", "ENV NUGET_CERT_REVOCATION_MODE=offline"])


def names():
    """The names that are asked for: of the servers, and of the stages."""
    with open(os.path.join(root, "docker-compose.yml")) as f:
        servers = re.findall(r"^\s+image: ((?:rabbitmq|postgres):\S+)$", f.read(), re.M)
    with open(os.path.join(root, "infra/Dockerfile")) as f:
        stages = re.findall(r"^FROM (\S+)", f.read(), re.M)
    return servers + stages


with concurrent.futures.ThreadPoolExecutor(2) as two:
    makes = []
    for name in (n for n in names() if not sys.argv[1:] or any(word in n for word in sys.argv[1:])):
        if name.startswith("rabbitmq:"):
            makes.append(two.submit(server, name, "rabbitmq-server", "rabbitmq.sh", 5672, "ENV HOME=/var/lib/rabbitmq", "VOLUME /var/lib/rabbitmq"))
        elif name.startswith("postgres:"):
            makes.append(two.submit(server, name, "postgresql-" + re.search(r"\d+", sorted(glob.glob("/usr/lib/postgresql/*"))[-1]).group(), "postgres.sh", 5432,
                                    "VOLUME /var/lib/postgresql/data"))
        else:
            makes.append(two.submit(runtime, name, "/sdk:" in name))
    for make in makes:
        make.result()
