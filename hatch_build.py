"""Compiles the hot parts (`monitor/**/*.pyx`), for hatchling: into a wheel, or in place for `pip install -e`.

Plain Python beside each does the same. Where nothing can be compiled the build says why and goes on without:
it costs speed. MONITOR_COMPILE decides: `auto` (the default), `no`, or `must`, which makes that an error.
"""

import atexit
import os
import shutil
import sysconfig
from collections.abc import Iterable
from contextlib import chdir
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WISHES = ("auto", "no", "must")
FLAGS = ["-O2", "-g0"]
"""For every machine of the architecture; what only a debugger needs would be ten times the rest."""


class NotCompiledError(Exception):
    """Why nothing was compiled, in a few words."""


class Compiling(BuildHookInterface[Any]):
    """hatchling calls it before it packs a wheel, which is the version `editable` for `pip install -e`."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile, as is wished; a wheel with something compiled in it is for this platform only."""
        root, work = Path(self.root), Path(mkdtemp(prefix="monitor-compiles-"))
        atexit.register(shutil.rmtree, work, ignore_errors=True)  # the wheel is packed from it meanwhile
        in_place = version == "editable"
        for old in built(root) if in_place else ():  # where something fails below, plain Python is left
            old.unlink()
        for path in self._wished(root, work):
            if in_place:
                shutil.copy(work / path, root / path)
            else:
                build_data["force_include"][str(work / path)] = str(path)
                build_data.update(pure_python=False, infer_tag=True)

    def _wished(self, root: Path, work: Path) -> list[Path]:
        wish = os.environ.get("MONITOR_COMPILE") or "auto"
        if wish not in WISHES:
            self.app.abort(f"MONITOR_COMPILE is {wish!r}; it may be {', '.join(WISHES)}")
        sources = [path.relative_to(root) for path in sources_in(root) if path.suffix == ".pyx"]
        if wish == "no" or not sources:
            return []
        try:
            return compile_all(root, sources, work)
        except NotCompiledError as why:
            said = f"Not compiled: {', '.join(path.name for path in sources)}: {why}."
            if wish == "must":
                self.app.abort(f"{said} MONITOR_COMPILE=must makes this an error.")
            self.app.display_warning(f"{said} It only costs speed.")
            return []


def sources_in(root: Path) -> list[Path]:
    """All that is compiled, and what it includes."""
    return sorted(path for kind in ("pyx", "pxd") for path in root.glob(f"monitor/**/*.{kind}"))


def built(root: Path) -> list[Path]:
    """What was compiled in place: for this Python, or of a source that is gone."""
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    return [
        path
        for path in sorted(root.glob("monitor/**/*.so"))
        if path.name.endswith(suffix) or not path.with_name(f"{path.name.split('.')[0]}.pyx").exists()
    ]


def stale(root: Path) -> list[Path]:
    """What was compiled in place, but not of the sources as they are now."""
    mark = fingerprint(root).encode()
    return [path for path in built(root) if mark not in path.read_bytes()]


def fingerprint(root: Path) -> str:
    """One for all sources, as they may include each other; every binary carries it."""
    texts = (f"{path.relative_to(root)}\n".encode() + path.read_bytes() for path in sources_in(root))
    return "monitor sources 1 " + sha256(b"\0".join(texts)).hexdigest()


def compile_all(root: Path, sources: Iterable[Path], work: Path) -> list[Path]:
    """Compile the sources into `work`, all or none; returns where there, and in the tree, each stands."""
    _look_for_tools()
    # setuptools first: it brings the distutils that Cython asks for.
    from setuptools import Distribution, Extension, errors
    from setuptools.command.build_ext import build_ext

    from Cython.Build import cythonize  # isort: skip
    from Cython.Compiler.Errors import CompileError as TranslationError  # isort: skip

    modules = {".".join(path.with_suffix("").parts): str(path) for path in sources}
    parts = [Extension(name, [path], extra_compile_args=FLAGS) for name, path in modules.items()]
    try:
        with chdir(root):  # so that a traceback names a source as it stands in the tree
            parts = cythonize(parts, build_dir=str(work / "c"), force=True, quiet=True)
            _mark(parts, fingerprint(root))
            command = build_ext(Distribution({"ext_modules": parts}))
            command.build_lib, command.build_temp, command.parallel = str(work), str(work / "o"), True
            command.ensure_finalized()
            command.run()
    except TranslationError as error:
        raise NotCompiledError("Cython finds an error, see above") from error
    except (errors.CompileError, errors.LinkError) as error:
        raise NotCompiledError("the C compiler fails, see above") from error
    except (errors.BaseError, OSError) as error:
        raise NotCompiledError(str(error)) from error
    return [Path(command.get_ext_filename(name)) for name in modules]


def _look_for_tools() -> None:
    """What is missing, said before a compiler says it on a page of its own."""
    for tool in ("Cython", "setuptools"):
        if not find_spec(tool):
            raise NotCompiledError(f"{tool} is not installed")
    compiler = [*(os.environ.get("CC") or sysconfig.get_config_var("CC") or "").split(), "cc"][0]
    if not shutil.which(compiler):
        raise NotCompiledError(f"there is no C compiler ({compiler})")
    header = Path(sysconfig.get_path("include"), "Python.h")
    if not header.exists():
        raise NotCompiledError(f"the headers of Python are missing ({header})")


def _mark(parts: Iterable[Any], mark: str) -> None:
    """Write the fingerprint into each source as it was translated, so that no linker leaves it out."""
    for part in parts:
        with Path(part.sources[0]).open("a", encoding="utf-8") as translated:
            kept = '__attribute__((used, visibility("default")))'
            translated.write(f'\n{kept} const char monitor_sources[] = "{mark}";\n')
