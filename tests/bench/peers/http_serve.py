"""The product's server without the scheduler beside it, for the http job."""

from __future__ import annotations

import sys

from relief.web.serving import serve

if __name__ == "__main__":
    serve("127.0.0.1", int(sys.argv[1]), workers=2)
