"""The `conv` of a function: one call as EventCalls' webhook posts it, and what the function decides of it."""

import copy


class SipHeaders(dict):
    """Header names to one value each; names are looked up in any case."""

    def __init__(self, values):
        super().__init__(values)
        self._names = {name.lower(): name for name in values}

    def _name(self, name):
        return self._names.get(name.lower(), name) if isinstance(name, str) else name

    def __getitem__(self, name):
        return super().__getitem__(self._name(name))

    def __contains__(self, name):
        return super().__contains__(self._name(name))

    def get(self, name, default=None):
        return super().get(self._name(name), default)


class State:
    """What is kept for the rest of the call, as attributes; one that was never set reads as None."""

    def __init__(self, values):
        self.__dict__["_values"] = values

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._values.get(name)

    def __setattr__(self, name, value):
        self._values[name] = value

    def __delattr__(self, name):
        self._values.pop(name, None)

    __getitem__, __setitem__, __delitem__ = __getattr__, __setattr__, __delattr__

    def __contains__(self, name):
        return name in self._values

    def get(self, name, default=None):
        return self._values.get(name, default)


class Conversation:
    """One call. Beside what is here, `posted` is all that EventCalls sent."""

    def __init__(self, posted):
        self.posted = posted
        self.id = posted["id"]
        self.caller_number = posted.get("caller_number") or None
        self.callee_number = posted.get("callee_number") or None
        self.sip_headers = SipHeaders(posted.get("sip_headers", {}))
        self.current_flow = posted.get("current_flow", "start")
        self.last_transfer = posted.get("last_transfer")
        self._before = posted.get("state", {})
        self._after = copy.deepcopy(self._before)
        self.state = State(self._after)
        self.next_flow = None
        self.handoff = None

    def goto_flow(self, name):
        """Goes on in the function of that name when this one returns."""
        self.next_flow = name

    def exit_flow(self):
        """Leaves the flow; the call is in `start` again."""
        self.current_flow, self.next_flow = "start", None

    def call_handoff(self, destination=None, reason=None, utterance=None, sip_headers=None, route=None):
        """Hands the call off to a destination of `Handoffs`; without a name to the default one."""
        given = {"type": destination, "reason": reason, "utterance": utterance, "sip_headers": sip_headers, "route": route}
        self.handoff = {name: value for name, value in given.items() if value is not None}

    def changes(self):
        """What became of the state: what is new or other, and None for what is gone."""
        changed = {name: value for name, value in self._after.items() if name not in self._before or self._before[name] != value}
        return changed | {name: None for name in self._before if name not in self._after}
