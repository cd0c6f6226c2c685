"""Write the mutants of the place in which this is run (`place.py`), and ask the types first."""

from __future__ import annotations

from pathlib import Path

from mutmut.__main__ import create_mutants
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.file_mutation import filter_mutants_with_type_checker
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir, walk_mutatable_files

REFUSED = 37  # as mutmut keeps it


def make() -> None:
    """mutmut's own first two steps; of functions that did not change it lets results stand."""
    set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    copy_src_dir()
    copy_also_copy_files()
    create_mutants(1)
    refused = filter_mutants_with_type_checker().keys()
    for path in walk_mutatable_files():
        data = SourceFileMutationData(path=path)
        data.load()
        data.exit_code_by_key.update(dict.fromkeys(data.exit_code_by_key & refused, REFUSED))
        data.save()


if __name__ == "__main__":
    make()
