"""The learner's own copy of the lessons, my_course/, kept up to date without losing a word of hers.

Used by course.py; standard library only.

What counts as her change is the text of the cells. A page that she only ran, folded or tagged is
replaced when a newer version comes, and moved to my_course/older/, since its outputs are hers. A
page with another text is never touched: the newer version is put beside it. What is not in the
record is hers, so that a lost record costs a second copy and never a word.
"""

import contextlib
import hashlib
import json
import os
import re
import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LESSONS = ROOT / "notebooks"
COPY = ROOT / "my_course"
RECORD = COPY / ".course.json"
OLDER = "older"


class Trouble(Exception):
    """What keeps us from going on, and what to do about it, in one line."""


def say(line):
    """Print a line at once."""
    print(line, flush=True)


def check_writable(folder):
    """Say what to do where nothing can be written."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise Trouble(cannot_write(folder, error)) from None


def cannot_write(path, error):
    """Put an OSError into words."""
    return (
        f"{path} cannot be written ({error.strerror}). Make room or, if the course is in a "
        "read-only place, copy it to a folder of your own and start it there."
    )


def digest(content):
    """Return a short checksum of bytes."""
    return hashlib.sha256(content).hexdigest()


def read_json(path):
    """Read a JSON object; an empty one if it is missing or damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path, content):
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise Trouble(cannot_write(path, error)) from None


@dataclass
class Page:
    """A file of the course, read: what is compared, and what a learner gets.

    `essence` is what a person writes (the cells' text); `form` is that and all that goes with it
    (tags, folded cells); neither has outputs. `content` is the file for the copy.
    """

    content: bytes
    essence: str
    form: str
    has_outputs: bool = False


def read_page(path, version=""):
    """Read a file; ValueError if it calls itself a notebook and is none."""
    content = path.read_bytes()
    if path.suffix != ".ipynb":
        return Page(content, digest(content), digest(content))
    try:
        notebook = json.loads(content)
        cells, had = notebook["cells"], False
        for cell in cells:
            if cell["cell_type"] == "code":
                had = had or bool(cell.get("outputs"))
                cell.update(outputs=[], execution_count=None)
            cell["source"] = "".join(cell["source"]).splitlines(keepends=True)
        # JupyterLab adds an empty cell when the last one is run: nobody wrote it.
        written = [(c["cell_type"], "".join(c["source"]), c.get("attachments")) for c in cells]
        essence = [part for part in written if part[1].strip() or part[2]]
        notebook["metadata"]["language_info"] = {}
        form = digest(dump(notebook))
        notebook["metadata"]["language_info"] = language(version)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"{path.name} is not a notebook ({error})") from None
    return Page(dump(notebook), digest(dump(essence)), form, had)


def dump(value):
    """Write JSON as Jupyter does, to the byte."""
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def language(version):
    """Return what Jupyter fills in when a notebook is opened, so that opening changes nothing."""
    return {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
        "version": version,
    }


def lesson_files():
    """Map the name of each file of the course, below notebooks/, to its path."""
    paths = sorted(path for path in LESSONS.rglob("*") if path.is_file())
    names = {path.relative_to(LESSONS).as_posix(): path for path in paths}
    kept = {
        name: path
        for name, path in names.items()
        if path.suffix != ".toml"  # settings of tools
        and not any(part.startswith((".", "__pycache__")) for part in name.split("/"))
    }
    if not start_page(kept):
        raise Trouble(f"{LESSONS} has no start page: restore it with `git checkout -- notebooks`")
    return kept


def start_page(names):
    """Return the first lesson of chapter 00."""
    return min((n for n in names if re.fullmatch(r"00\w*\.ipynb", n)), default=None)


def free_name(path, label):
    """Return a name beside a file that nobody has: `03a_grid (label).ipynb`."""
    number = 1
    while True:
        more = f" {number}" if number > 1 else ""
        free = path.with_name(f"{path.stem} ({label}{more}){path.suffix}")
        if not os.path.lexists(free):
            return free
        number += 1


def set_aside(path, target):
    """Move a file of the learner's to a free name."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(path, target)
    except OSError as error:
        raise Trouble(cannot_write(target, error)) from None


@dataclass
class Copy:
    """The learner's folder, the record of what was put there, and what there is to tell.

    The record maps a file's name to the page as it was copied (`essence`, `form`), to the newest
    version that was put beside it (`offered`), and, for such a version, to its lesson (`of`).
    """

    version: str
    record: dict = field(default_factory=dict)
    new: list = field(default_factory=list)
    renewed: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    set_aside: int = 0

    def __enter__(self):
        """Read the record; what does not look like one counts as missing."""
        files = read_json(RECORD).get("files")
        for name, entry in files.items() if isinstance(files, dict) else ():
            if isinstance(entry, dict) and {"essence", "form"} <= entry.keys():
                self.record[name] = entry
        return self

    def __exit__(self, *trouble):
        """Keep the record, also of what was done before something went wrong."""
        text = dump({"files": self.record})
        if read_json(RECORD) != json.loads(text):
            write(RECORD, text)

    def state(self, name):
        """Say what became of a file since it was copied, as (state, page).

        `missing`; `untouched`; `run`: cells were run, folded or tagged, none was edited;
        `changed`: something was written in it, or nobody knows.
        """
        if not os.path.lexists(COPY / name):
            return "missing", None
        entry = self.record.get(name, {})
        try:
            page = read_page(COPY / name, self.version)
        except (OSError, ValueError):
            return "changed", None
        if page.essence != entry.get("essence"):
            return "changed", page
        alike = page.form == entry["form"] and not page.has_outputs
        return ("untouched" if alike else "run"), page

    def put(self, name, page, **more):
        """Write a page and note it."""
        write(COPY / name, page.content)
        self.record[name] = {"essence": page.essence, "form": page.form, **more}

    def update(self, name, page):
        """Bring one file up to date without losing anything of the learner's."""
        if (COPY / name).is_dir():
            self.lines.append(f"{name}: a folder of yours has this name, so the lesson is left out")
            return
        state, mine = self.state(name)
        if state == "missing":
            if name not in self.record:
                self.new.append(name)
            self.put(name, page)
        elif mine and mine.essence == page.essence:
            # Today's text. Tags and the Python in use may be newer; what she did to the view stays.
            known = {"essence": page.essence, "form": page.form}
            same = mine.form == page.form or state == "untouched"
            if same and not mine.has_outputs and (COPY / name).read_bytes() != page.content:
                write(COPY / name, page.content)
            self.record[name] = known
        elif state == "untouched":
            self.put(name, page)
            self.renewed.append(name)
        elif state == "run":
            self.keep_older(name)
            self.put(name, page)
            self.renewed.append(name)
        else:
            self.offer(name, page)

    def keep_older(self, name):
        """Move a page that was only run to older/, where nothing ever touches it."""
        path = COPY / OLDER / name
        set_aside(COPY / name, free_name(path, f"{datetime.now():%Y-%m-%d %H%M}"))
        self.set_aside += 1

    def offer(self, name, page):
        """Put a newer version beside a file that she changed, once."""
        entry = self.record.get(name, {})
        if page.essence in (entry.get("essence"), entry.get("offered")):
            return
        beside = None
        for other, noted in self.record.items():
            if noted.get("of") == name:
                state, _ = self.state(other)
                if state == "run":
                    self.keep_older(other)
                if state != "changed":
                    beside = other
                    break
        if beside is None:
            beside = free_name(COPY / name, "new version").relative_to(COPY).as_posix()
        self.put(beside, page, of=name)
        # Unknown is what she has changed where the record was lost.
        unknown = {"essence": "", "form": ""}
        self.record[name] = {**unknown, **entry, "offered": page.essence}
        self.lines.append(
            f"{name}: you changed it, so it stays; the new version is beside it, as "
            f"{Path(beside).name!r}"
        )

    def drop(self, name):
        """Let go of a file that the course no longer has, or of a version put beside it."""
        state, _ = self.state(name)
        entry = self.record.pop(name)
        if state == "run":
            self.keep_older(name)
        elif state == "untouched":
            try:
                (COPY / name).unlink()
            except OSError as error:
                self.record[name] = entry
                raise Trouble(cannot_write(COPY / name, error)) from None
        elif state == "changed" and "of" not in entry:
            self.lines.append(f"{name}: no longer in the course; you changed it, so it stays")

    def tell(self, first):
        """Say what was done, a line for each kind."""
        lessons = [name for name in self.new if name.endswith(".ipynb") and "/" not in name]
        if first:
            say(f"Made my_course/, your own copy of {len(lessons)} notebooks and their solutions.")
        elif lessons:
            say(f"New in my_course/: {shorten(lessons)}.")
        renewed = [name for name in self.renewed if name.endswith(".ipynb")]
        if renewed:
            say(f"Replaced by newer versions: {shorten(renewed)}.")
        if self.set_aside:
            say(
                f"{self.set_aside} of the pages that were replaced you had run: "
                f"they are kept in my_course/{OLDER}/."
            )
        for line in self.lines:
            say(line)


def shorten(names, most=6):
    """Join names; many are counted."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(name.removesuffix(".ipynb") for name in names[:most]) + more


def update_copy(version):
    """Bring my_course/ up to date and return its start page."""
    files = lesson_files()
    first = not COPY.exists()
    if COPY.exists() and not COPY.is_dir():
        raise Trouble(f"{COPY} is a file: move it away, the copy of the lessons goes there.")
    damaged = []
    with Copy(version) as copy:
        for name, path in files.items():
            try:
                page = read_page(path, version)
            except (OSError, ValueError) as error:
                damaged.append(
                    f"notebooks/{name} could not be read, so it was left out ({error}); "
                    "restore it with `git checkout -- notebooks`"
                )
            else:
                copy.update(name, page)
        for name in sorted(copy.record):
            gone = "of" in copy.record[name] and not os.path.lexists(COPY / name)
            if gone or copy.record[name].get("of", name) not in files:
                copy.drop(name)
    copy.tell(first)
    for line in damaged:
        say(line)
    return start_page(files)


def find_lesson(wanted, names):
    """Return the one notebook that is meant by `05a`, `05`, `clinic`, `solutions/05a`."""
    asked = wanted.strip().replace("\\", "/").removeprefix("./").lower()
    asked = asked.removeprefix("notebooks/").removeprefix("my_course/").removesuffix(".ipynb")
    folder, _, stem = asked.rpartition("/")
    lessons = [name for name in names if name.endswith(".ipynb")]
    there = {n: Path(n).stem.lower() for n in lessons if n.rpartition("/")[0].lower() == folder}
    tests = (
        lambda known: known == stem,
        lambda known: known.startswith(f"{stem}_"),
        lambda known: re.sub(r"^\d\d[a-z]?_", "", known) == stem,
        lambda known: known.startswith(stem),
        lambda known: stem in known,
    )
    hits = next(filter(None, ([n for n in there if test(there[n])] for test in tests)), [])
    if len(hits) == 1 and stem:
        return hits[0]
    if hits and stem:
        raise Trouble(f"{wanted!r} may be any of these:\n  " + "\n  ".join(hits))
    raise Trouble(f"There is no lesson {wanted!r}. There are:\n  " + "\n  ".join(lessons))


def fresh(wanted, version):
    """Start a lesson afresh; what the learner made of it is kept beside it."""
    files = lesson_files()
    name = find_lesson(wanted, files)
    try:
        page = read_page(files[name], version)
    except (OSError, ValueError) as error:
        raise Trouble(f"{error}: restore it with `git checkout -- notebooks`") from None
    with Copy(version) as copy:
        path = COPY / name
        state, mine = copy.state(name)
        kept = None
        if state in ("run", "changed") and not (mine and path.read_bytes() == page.content):
            kept = free_name(path, f"kept {datetime.now():%Y-%m-%d %H%M}")
            check_writable(path.parent)
            set_aside(path, kept)
        copy.put(name, page)
        for other in sorted(copy.record):
            if copy.record[other].get("of") == name and copy.state(other)[0] == "untouched":
                copy.drop(other)  # the version that was put beside it is the same
    say(f"my_course/{name} is as the course has it.")
    if kept:
        say(f"Yours is kept beside it, as {kept.name!r}.")
        say("If it is open in JupyterLab: File > Reload Notebook from Disk.")
