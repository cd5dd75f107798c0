r"""LaTeX to PDF, by the TeX of the machine, with nothing of the machine in reach of the page.

The engines, in this order: `latexmk` with `pdflatex`, `pdflatex` alone, `lualatex`, `tectonic`. Only pdfTeX keeps
TeX's rules for files on its own. LuaTeX's Lua opens any file of the user, even in its safer mode, and hyperref needs
Lua, so it cannot be taken away; Tectonic reads absolute paths. For these two the text of the page is searched first,
and a page that holds a command which could open a file, run Lua or build such a command is refused.

A page may come from strangers. Each run has a folder of its own, no shell, no user settings, TeX's paranoid rules for
reading and writing (nothing above the folder, nothing by absolute path), and a time limit that ends the whole family of
processes. The date is fixed and the trailer empty, so the same page gives the same bytes.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from derive.errors import RenderError, TexFailed, TexMissing

# `\pdfobj file {/any/path}` copies a file into the PDF without asking TeX's rules (pdfTeX 1.40, found by test_pdf). It
# is taken away under both of its names, and with it the command that would bring a primitive back.
_GUARD = (
    r"\let\pdfobj\undefined\let\pdfprimitive\undefined"
    r"\expandafter\let\csname tex_pdfobj:D\endcsname\undefined"
    r"\expandafter\let\csname tex_primitive:D\endcsname\undefined "
)
# LuaTeX: no dates and no random identifier in the file (bits 32, 64, 512).
_LUA_DATES = r"\pdfvariable suppressoptionalinfo \numexpr 32+64+512\relax "
_BEGIN = r"\begin{document}"
_REACHING = re.compile(
    r"\\(?:(?:lua|tex_)[A-Za-z_:]*|begin\s*\{(?:filecontents|luacode)"
    r"|(?:input|include|InputIfFileExists|IfFileExists|usepackage|RequirePackage|verbatiminput|lstinputlisting|includepdf"
    r"|openin|openout|read|readline|write|immediate|directlua|latelua|pdfextension|pdfvariable|special|everyjob"
    r"|catcode|csname|scantokens|makeatletter|ExplSyntaxOn)(?![A-Za-z]))|\^\^"
)
LARGEST_FILE = 256 * 1024 * 1024
_FLAGS = ("-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", "-file-line-error")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\Z")


@dataclass(frozen=True)
class Engine:
    """A way to run TeX: its name, and the commands, each run once in this order."""

    name: str
    programs: tuple[str, ...]

    def commands(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The command lines for the file `name.tex`."""
        if self.name == "latexmk":
            return ((self.programs[0], "-norc", "-pdf", "-silent", *_FLAGS, f"{name}.tex"),)
        if self.name == "lualatex":
            return ((self.programs[0], "--safer", "--nosocket", *_FLAGS, f"{name}.tex"),) * 2
        if self.name == "tectonic":
            return ((self.programs[0], "--untrusted", "--chatter", "minimal", f"{name}.tex"),)
        return ((self.programs[0], *_FLAGS, f"{name}.tex"),) * 2


def find_engine() -> Engine | None:
    """The first engine on this machine, or None."""
    latexmk, pdflatex = shutil.which("latexmk"), shutil.which("pdflatex")
    if pdflatex:
        return Engine("latexmk", (latexmk, pdflatex)) if latexmk else Engine("pdflatex", (pdflatex,))
    for name in ("lualatex", "tectonic"):
        found = shutil.which(name)
        if found:
            return Engine(name, (found,))
    return None


def fenced(tex: str, engine: Engine) -> str:
    """The page as the engine gets it: what its own rules do not forbid is taken away or refused.

    Raises:
        RenderError: for LuaTeX or Tectonic, a command in the text that could reach a file.
    """
    if engine.name in ("latexmk", "pdflatex"):
        return _GUARD + tex
    reaching = _REACHING.search(tex.partition(_BEGIN)[2])
    if reaching:
        raise RenderError(f"{engine.name} is not trusted with {reaching.group()} in the text of a page; pdflatex is")
    if engine.name == "lualatex":
        return _LUA_DATES + tex
    return tex


def compile_pdf(
    tex: str, files: Mapping[str, bytes], name: str, seconds: float = 60, engine: Engine | None = None
) -> bytes:
    """The PDF of a LaTeX page.

    Args:
        tex: The whole page.
        files: What it includes, {file name: content}; names without folders.
        name: The page's file name without ending.
        seconds: When to give up.
        engine: A way to run TeX; the first that is found, if None.

    Raises:
        TexMissing: There is no engine.
        TexFailed: TeX ended without a PDF, or took too long.
        RenderError: A file name that could leave the folder.
    """
    engine = engine or find_engine()
    if engine is None:
        raise TexMissing(
            "no TeX was found; on Debian or Ubuntu install it with: apt-get install texlive-latex-extra lmodern latexmk"
        )
    for file in (name, *files):
        if not _FILE_NAME.match(file):
            raise RenderError(f"{file!r} is not a plain file name of letters, digits, '-', '_' and '.'")
    with tempfile.TemporaryDirectory(prefix="derive-tex-") as folder:
        build = Path(folder).resolve()
        (build / f"{name}.tex").write_text(fenced(tex, engine), encoding="utf-8")
        for file, content in files.items():
            (build / file).write_bytes(content)
        output = ""
        for command in engine.commands(name):
            code, output = _run(command, build, seconds)
            if code != 0:
                break
        made = build / f"{name}.pdf"
        if code != 0 or not made.exists():
            log = build / f"{name}.log"
            text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else output
            raise TexFailed(f"TeX made no PDF of {name}.tex:\n{why(text)}")
        return made.read_bytes()


def _environment(build: Path) -> dict[str, str]:
    """What TeX sees: where programs are, a home that is the build folder, strict rules, a fixed date."""
    home = str(build)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "HOME": home,
        "TMPDIR": home,
        "TEXMFHOME": home,
        "TEXMFVAR": home,
        "TEXMFCONFIG": home,
        "openin_any": "p",
        "openout_any": "p",
        "shell_escape": "f",
        "max_print_line": "1000",
        "SOURCE_DATE_EPOCH": "0",
        "FORCE_SOURCE_DATE": "1",
    }


def _run(command: tuple[str, ...], build: Path, seconds: float) -> tuple[int, str]:
    """Run one command in the folder; its exit code and what it said."""
    with subprocess.Popen(
        command, cwd=build, env=_environment(build), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True, text=True, errors="replace",
    ) as process:
        _limit_files(process.pid)
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TexFailed(f"TeX was still at work after {seconds:g} seconds and was stopped") from None
        finally:
            _stop(process)
    return process.returncode, output


def _limit_files(pid: int) -> None:
    """No file of the run grows past LARGEST_FILE, where the system can say so of another process (Linux)."""
    try:
        import resource
    except ImportError:  # Windows
        return
    if hasattr(resource, "prlimit"):
        try:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (LARGEST_FILE, LARGEST_FILE))
        except ProcessLookupError:
            return


def _stop(process: subprocess.Popen[str]) -> None:
    """End the process and all it started; they share a process group that is theirs alone."""
    if not hasattr(os, "killpg"):  # Windows
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def why(log: str, most: int = 8) -> str:
    r"""The lines of a TeX log that say what went wrong.

    Example:
        >>> print(why("This is pdfTeX\n./a.tex:3: Undefined control sequence.\nl.3 \\nonsense\n"))
        ./a.tex:3: Undefined control sequence.
        l.3 \nonsense
    """
    lines = log.splitlines()
    starts = [i for i, line in enumerate(lines) if line.startswith("!") or re.match(r"\S+\.\w+:\d+: ", line)]
    if not starts:
        return "\n".join(line for line in lines[-most:] if line.strip())
    found = []
    for i in starts[:2]:
        found.append(lines[i])
        found += [line for line in lines[i + 1 : i + 8] if line.startswith("l.")]
    return "\n".join(found[:most])
