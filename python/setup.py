"""The version is that of the source tree; a library that was built in it goes beside the module."""
import os
import re
import shutil
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

tree = Path(__file__).resolve().parent.parent
library = Path(os.environ.get("LIBDCC", tree / "build" / "libdcc.so.0"))


def version():
    """As configure.ac has it."""
    text = (tree / "configure.ac").read_text()
    return re.search(r"AC_INIT\(\[dcc\], \[(.*?)\]\)", text).group(1)


class BuildWithLibrary(build_py):
    """Where there is none yet, the module looks for it when it is imported."""

    def run(self):
        super().run()
        if library.is_file():
            shutil.copy(library, Path(self.build_lib) / "dcc" / "libdcc.so.0")


class PlatformDistribution(Distribution):
    """With the library it is for this machine only."""

    def has_ext_modules(self):
        return library.is_file()


setup(version=version(), cmdclass={"build_py": BuildWithLibrary}, distclass=PlatformDistribution)
