"""The command line of the checker."""

import argparse
import json
import sys
from pathlib import Path

from . import __doc__ as description
from . import house, live, schema


def main() -> int:
    """Prints every fault; the exit code says whether there was one."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--prometheus", help="ask every query here, as http://127.0.0.1:9090")
    parser.add_argument("dashboards", nargs="+", type=Path)
    arguments = parser.parse_args()
    found = 0
    for path in arguments.dashboards:
        dashboard = json.loads(path.read_text())
        faults = [*schema.faults(dashboard), *house.faults(dashboard)]
        if arguments.prometheus:
            faults += live.faults(dashboard, arguments.prometheus)
        for fault in faults:
            print(f"{path}: {fault}")
        found += len(faults)
        if not faults:
            print(f"{path}: {sum(panel['type'] != 'row' for panel in dashboard['panels'])} panels, no fault")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
