"""Command lines of the benchmarks."""

import argparse


class Parser(argparse.ArgumentParser):
    """Errors in one line, as all commands here have them."""

    def __init__(self):
        super().__init__(add_help=False, allow_abbrev=False)

    def error(self, message):
        self.exit(2, f"bench: {message}; try 'scripts/bench --help'\n")


def positive(text):
    """An argument that is a whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"'{text}': expected a whole number from 1 on")
    return int(text)
