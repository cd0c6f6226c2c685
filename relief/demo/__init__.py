"""The demo: the half-year 2005H1 of an invented help centre, lived through the use cases."""

from relief.demo.figures import DemoStory
from relief.demo.stage import play

__all__ = ["DemoStory", "play"]
