"""Settings for the whole test run: one thread each, offline, same look everywhere."""

import os
import sys
from pathlib import Path

HERE = Path(__file__).parent
OFFLINE = str(HERE / "tests" / "offline")

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

# Child processes (kernels, snippets, servers) take the guard from PYTHONPATH; this one from
# the import.
if OFFLINE not in os.environ.get("PYTHONPATH", "").split(os.pathsep):
    os.environ["PYTHONPATH"] = os.pathsep.join(
        filter(None, [OFFLINE, os.environ.get("PYTHONPATH")])
    )
sys.path.insert(0, OFFLINE)
import sitecustomize  # noqa: E402

if Path(sitecustomize.__file__).parent != Path(OFFLINE):
    sys.modules.pop("sitecustomize")
    import sitecustomize
