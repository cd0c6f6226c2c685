"""Which step leads where: the only place that knows the library `transitions`.

One machine per definition, built once and only read afterwards. An event is triggered on a light
carrier that holds nothing but a state: the library never sees a row, so it cannot reset one.
"""

from __future__ import annotations

from transitions import Machine, MachineError

from relief.engine.definitions.definition import Definition


class _Carrier:
    """What an event is triggered on."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class CaseMachine:
    """The states and steps of one definition."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._machine = Machine(
            model=None,
            states=[state.id for state in definition.states],
            initial=None,
            auto_transitions=False,
        )
        for action in definition.actions:
            for source in action.sources:
                self._machine.add_transition(action.id, source, action.to or None)

    def knows(self, state: str) -> bool:
        """False for a state that the definition does not have (a row changed by hand)."""
        return state in self._machine.states

    def after(self, state: str, action: str) -> str | None:
        """The state that an action leads to, or None where it cannot be taken from this one."""
        event = self._machine.events.get(action)
        if event is None or not self.knows(state):
            return None
        carrier = _Carrier(state)
        try:
            event.trigger(carrier)
        except MachineError:
            return None
        return carrier.state
