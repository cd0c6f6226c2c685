"""The procedures of this program: workflow files, with the kinds, guards and effects of all
features."""
