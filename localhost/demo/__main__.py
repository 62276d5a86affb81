"""`python -m localhost.demo`."""

import sys

from localhost.demo.command import main

raise SystemExit(main(sys.argv[1:]))
