"""What a player of "tune by hand" sees and touches: an ipywidgets view of the game."""

from __future__ import annotations

import html
from typing import Any

import ipywidgets as widgets

from tuneup_helpers.widgets.controls import Control, EventField
from tuneup_helpers.widgets.figure import ORANGE, draw_game, is_plane, place_of, point_at
from tuneup_helpers.widgets.game import REGRET, HandTuner, list_values, short_text
from tuneup_helpers.widgets.picture import image_tag, new_figure, save_png, still_bundle

__all__ = ["Board"]

# Shares of the map's width and height.
WHERE_CLICKED = (
    "(event.clientX - this.getBoundingClientRect().left) / this.getBoundingClientRect().width",
    "(event.clientY - this.getBoundingClientRect().top) / this.getBoundingClientRect().height",
)
PRESS_TRY = html.escape("this.closest('.tuneup-game').querySelector('.tuneup-try').click()")
ON_CLICKS = f'onclick="{EventField.handler(*WHERE_CLICKED)}" ondblclick="{PRESS_TRY}" '


class Board(widgets.HBox):
    """The controls, the log and the picture of one `HandTuner`.

    Parameters
    ----------
    game : HandTuner
        The game whose state is shown, and which is told what the player does.
    """

    def __init__(self, game: HandTuner):
        self.game = game
        width = f"{max(len(axis.name) for axis in game.table.axes) + 1}ch"
        self.controls = [
            Control(axis, game.start[axis.name], width, self._show_next_trial)
            for axis in game.table.axes
        ]
        self.try_button = widgets.Button(description="Try", button_style="primary", icon="check")
        self.try_button.add_class("tuneup-try")
        self.end_button = widgets.Button()
        self.try_button.on_click(self._spend_trial)
        self.end_button.on_click(self._end_or_restart)
        self.status, self.history = widgets.HTML(), widgets.HTML()
        note = widgets.HTML(f'<div style="line-height: 1.4">{REGRET}</div>')
        buttons = widgets.HBox([self.try_button, self.end_button])
        left = widgets.VBox(
            [*self.controls, buttons, self.status, note, self.history],
            layout={"width": "372px", "flex": "0 0 auto"},
        )
        # The mark of the next trial lies over the picture, so that it moves without a redraw,
        # and over both lies what is clicked.
        self.picture = widgets.HTML(layout={"grid_area": "1 / 1"})
        self.mark = widgets.HTML(layout={"grid_area": "1 / 1"})
        self.map = widgets.HTML(layout={"grid_area": "1 / 1"})
        self.clicked = EventField(self._move_to_click)
        right = widgets.GridBox(
            [self.picture, self.mark, self.map, self.clicked],
            layout={"flex": "1 1 300px", "align_items": "flex-start"},
        )
        right.add_class(EventField.BOX)
        super().__init__([left, right], layout={"flex_flow": "wrap", "grid_gap": "12px"})
        self.add_class("tuneup-game")
        self.update()

    def bundle(self, text: str, **kwargs) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return the output of a cell: this board, a still picture, a line of text."""
        live = widgets.Widget._repr_mimebundle_(self, **kwargs) or {}
        return still_bundle(text, self.png, self.game.describe(), live)

    def _spend_trial(self, _button):
        try:
            self.game.try_(**{control.axis.name: control.value for control in self.controls})
        except ValueError as error:
            self.game.announce(f"⚠ {error}. No trial spent.")

    def _end_or_restart(self, _button):
        if self.game.over:
            self.game.restart()
        else:
            self.game.reveal()

    def _move_to_click(self, across, down):
        """Set the controls to the point of the map that was clicked."""
        point = point_at(self._axes, across, down)
        if point is None or self.game.over:
            return
        for control, value in zip(self.controls, point, strict=True):
            control.enter(value)

    def update(self) -> None:
        """Show the state of the game."""
        game = self.game
        self.try_button.disabled = game.over
        self.end_button.description = "Play again" if game.over else "End and reveal"
        self.end_button.icon = "refresh" if game.over else "map-o"
        self.status.value = (
            f'<div role="status" style="line-height: 1.4">{html.escape(game.message)}</div>'
        )
        self.history.value = _log_table(game)
        figure = new_figure((5.6, 4.2))
        draw_game(game, figure)
        figure.canvas.draw()
        self.png, self._axes = save_png(figure.canvas), figure.axes[0]
        self.picture.value = image_tag(self.png, game.describe())
        playing = is_plane(game.table) and not game.over
        self.map.value = _layer(self._axes, "", ON_CLICKS) if playing else ""
        self._show_next_trial()

    def _show_next_trial(self):
        """Show where the next trial would be."""
        try:
            point = {control.axis.name: control.value for control in self.controls}
        except ValueError:
            point = {}  # what was typed is no number
        # The kernel answers a widget on the thread from which it last sent it something. This
        # keeps all of them on one, so that a click comes after the values set before it.
        for control in self.controls:
            control.send_from_here()
        self.clicked.send_state("tooltip")
        self.try_button.tooltip = f"Try {list_values(point)}"
        self.try_button.send_state("tooltip")
        shown = point and is_plane(self.game.table) and not self.game.over
        place = place_of(self._axes, tuple(point.values())) if shown else None
        self.mark.value = _layer(self._axes, _cross(*place)) if place else ""


def _layer(ax, content, attributes=""):
    """Write an HTML element that fits over the picture of a figure."""
    width, height = ax.figure.canvas.get_width_height()
    return (
        f'<svg width="{width}" height="{height}" viewBox="0 0 {width} {height}" {attributes}'
        f'style="max-width: 100%; height: auto; cursor: crosshair" aria-hidden="true">'
        f"{content}</svg>"
    )


def _cross(across, down):
    """Write an SVG cross at a place of a picture."""
    line = f'd="M{across - 9:.1f} {down:.1f}h18m-9 -9v18" fill="none"'
    return (
        f'<path {line} stroke="white" stroke-width="6"/>'
        f'<path {line} stroke="{ORANGE}" stroke-width="3"/>'
    )


def _log_table(game):
    """Write the trials as an HTML table."""
    if not game.trials:
        return ""
    style = "text-align: right; padding: 1px 5px"
    names = ["trial", *(axis.name for axis in game.table.axes), "score"]
    names = [html.escape(name).replace("_", "_<wbr>") for name in names]  # long ones may break
    head = "".join(f'<th scope="col" style="{style}">{name}</th>' for name in names)
    rows, best = [], game.best
    for number, trial in enumerate(game.trials, start=1):
        params, score = trial
        star, weight = (" ★", "bold") if trial == best else ("", "normal")
        cells = [str(number), *map(short_text, params.values()), f"{score:.3f}{star}"]
        row = "".join(f'<td style="{style}">{html.escape(cell)}</td>' for cell in cells)
        rows.append(f'<tr style="font-weight: {weight}; white-space: nowrap">{row}</tr>')
    return (
        '<table style="border-collapse: collapse; line-height: 1.3">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
    )
