"""What the tests of the stack start, ask and wait for."""

from pathlib import Path

#: The folder of the repository.
REPOSITORY = Path(__file__).resolve().parents[3]
