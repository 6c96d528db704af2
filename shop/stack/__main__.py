"""`DEMO=1 python -m shop.stack`: what `make demo` runs."""

import sys

from shop.stack import demo
from shop.stack.processes import StackError

if __name__ == "__main__":
    try:
        demo.run()
    except StackError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit(130)
