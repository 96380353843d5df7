"""The controls of one hyperparameter: a field to type in and a slider, or a menu.

ipywidgets gives its sliders no name that a screen reader could say, and has no event for a
click on a picture. Here both are plain HTML in an `ipywidgets.HTML`, and an `EventField`
brings what happens there to Python.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
import traitlets

from tuneup_helpers.replay import Axis
from tuneup_helpers.widgets.game import round_on

__all__ = ["Control", "EventField", "Slider"]


class EventField(widgets.Text):
    """A field that nobody sees; event handlers of HTML elements write numbers into it.

    The field and the widget with the element are children of one box of the class `BOX`.

    Parameters
    ----------
    heard : callable
        What is called with the numbers.
    """

    BOX = "tuneup-events"

    def __init__(self, heard: Callable[..., None]):
        super().__init__(layout={"display": "none"})
        self.add_class("tuneup-event")
        self._heard = heard
        self.observe(self._hear, "value")

    def _hear(self, change):
        *numbers, _time = map(float, change.new.split())
        self._heard(*numbers)

    @classmethod
    def handler(cls, *expressions: str) -> str:
        """Write a handler for an attribute such as ``onclick``.

        Parameters
        ----------
        *expressions : str
            JavaScript with numbers as values; ``this`` is the element.

        Returns
        -------
        str
            Escaped for HTML.
        """
        # With the time, saying the same twice is two events.
        script = (
            f"const field = this.closest('.{cls.BOX}').querySelector('.tuneup-event input'); "
            f"field.value = [{', '.join(expressions)}, event.timeStamp].join(' '); "
            "field.dispatchEvent(new Event('change', {bubbles: true}))"
        )
        return html.escape(script)


class Slider(widgets.HBox):
    """A slider that has a name, along the scale of an axis.

    Parameters
    ----------
    axis : Axis
        The hyperparameter; it gives name, range and scale.
    value : float
        Where the slider stands at first.

    Attributes
    ----------
    value : float
        Where it stands, in the units of the axis.
    min, max, step : float
        Its ends and its step; exponents of ten on a logarithmic axis.
    """

    value = traitlets.Float()

    def __init__(self, axis: Axis, value: float):
        self.axis, self._log = axis, axis.scale == "log"
        self.min, self.max = self._scaled(axis.low), self._scaled(axis.high)
        whole = axis.kind == "int" and not self._log
        self.step = 1 if whole else (self.max - self.min) / 100
        self._written, self._steps = 0, None
        self.page = widgets.HTML(layout={"width": "100%"})
        self.moved = EventField(self._follow_browser)
        super().__init__(
            [self.page, self.moved], layout={"flex": "1 1 auto", "width": "auto"}, value=value
        )
        self.add_class(EventField.BOX)

    def _scaled(self, value):
        return math.log10(value) if self._log else float(value)

    @traitlets.validate("value")
    def _stay_in_range(self, proposal):
        return min(max(proposal.value, self.axis.low), self.axis.high)

    @traitlets.observe("value")
    def _follow_value(self, change):
        """Move the slider on the page, unless it stands there already."""
        steps = round((self._scaled(change.new) - self.min) / self.step)
        if steps != self._steps:
            self._steps = steps
            self._write()

    def _follow_browser(self, steps):
        """Take over where the slider was moved to; it must not be written again meanwhile."""
        self._steps = int(steps)
        at = self.min + self._steps * self.step
        self.value = 10**at if self._log else at

    @property
    def _count(self):
        return round((self.max - self.min) / self.step)

    def _write(self):
        self._written += 1  # a change, also where the browser has moved in between
        at = f"{self.min!r} + this.value * {self.step!r}"
        number = f"10 ** ({at})" if self._log else at
        number = f"Math.round({number})" if self.axis.kind == "int" else f"({number})"
        say = f"this.setAttribute('aria-valuetext', {number}.toPrecision(3) * 1); "
        shown = round_on(self.axis, self.value)
        self.page.value = (
            f'<input type="range" min="0" max="{self._count}" value="{self._steps}" '
            f'aria-label="{html.escape(self.axis.name)}" aria-valuetext="{shown:g}" '
            f'oninput="{html.escape(say)}{EventField.handler("this.value")}" '
            # JupyterLab would take the arrow keys, to select another cell.
            f'data-lm-suppress-shortcuts="true" data-written="{self._written}" '
            'style="width: 100%; margin: 0; vertical-align: middle">'
        )


class Control(widgets.HBox):
    """One hyperparameter: a field to type in and a slider, or a menu for categories.

    The field holds the value; the slider follows it where it can.

    Parameters
    ----------
    axis : Axis
        The hyperparameter.
    value : object
        The value at first.
    label_width : str
        How wide the name is, so that the controls of a game stand in line.
    changed : callable
        What is called, without arguments, when the field has changed.
    """

    def __init__(self, axis: Axis, value: Any, label_width: str, changed: Callable[[], None]):
        self.axis, self._changed = axis, changed
        label = {"description": axis.name, "style": {"description_width": label_width}}
        self.slider = None
        if axis.kind == "categorical":
            self.field = widgets.Dropdown(options=axis.values, value=value, **label)
            super().__init__([self.field])
        else:
            self.field = widgets.Text(
                _number_text(value),
                continuous_update=False,
                tooltip=f"{axis.name}: type a value from {axis.low:g} to {axis.high:g}",
                layout={"width": f"calc({label_width} + 96px)", "flex": "0 0 auto"},
                **label,
            )
            self.slider = Slider(axis, value)
            self.slider.observe(self._take_from_slider, "value")
            super().__init__([self.field, self.slider])
        self._following = False
        self.field.observe(self._follow_field, "value")

    def _take_from_slider(self, change):
        if not self._following and self._steps_to(change.new) > 0.5 + 1e-6:
            self.enter(change.new)

    def _steps_to(self, position):
        """Count the slider's steps from what was typed; a slider can stand at steps only."""
        scale = math.log10 if self.axis.scale == "log" else float
        try:
            typed = min(max(self.value, self.axis.low), self.axis.high)
        except ValueError:
            return math.inf
        return abs(scale(typed) - scale(position)) / self.slider.step

    def _follow_field(self, _change):
        if self.slider is not None:
            self._following = True
            try:
                self.slider.value = self.value
            except ValueError:
                pass  # no number: said when Try is pressed
            finally:
                self._following = False
        self._changed()

    def enter(self, number: float) -> None:
        """Write a number into the field, rounded as people would."""
        self.field.value = _number_text(round_on(self.axis, number))

    def send_from_here(self) -> None:
        """Send something to each widget of the page that answers, from this thread."""
        self.field.send_state("tooltip")
        if self.slider is not None:
            self.slider.moved.send_state("tooltip")

    @property
    def value(self):
        """The value entered; what is not a number is refused, the range is the table's matter."""
        if self.slider is None:
            return self.field.value
        text = self.field.value.strip()
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise ValueError(
                f"{self.axis.name} must be a number such as 0.01 or 1e-2, got {text!r}"
            )
        whole = self.axis.kind == "int" and number.is_integer()
        return int(number) if whole else number


def _number_text(number):
    return str(number).removesuffix(".0")
