"""Files that people bring: workbooks, CSV, columns and cells, with every fault and its place."""
