"""The figure of chances by date shows the replications."""

import numpy as np
import pytest

from sim.estimate.intervals import wilson
from sim.figures import by_date

from .drawn import beyond, panel


def test_curves_are_the_shares_of_replications_by_the_end_of_each_day(rich):
    figure = by_date(rich)
    for title, name in (("Planned drawdown complete", "completed"), ("Timeline agreed", "agreed"),
                        ("Resurgence", "resurgence"), ("Hand-over (Syria)", "handover_day.syria")):
        ax = panel(figure, title)
        (line,) = ax.lines
        days = rich.column({"completed": "completion_day", "agreed": "agreement_day",
                            "resurgence": "resurgence_day"}.get(name, name))
        x = line.get_xdata() - line.get_xdata()[0] + 1
        assert list(line.get_ydata()) == [pytest.approx((days < upto).mean()) for upto in x]
        assert x[-1] == rich.model.parameters.horizon
        low, high = wilson(int(np.isfinite(days).sum()), len(days))
        (text,) = [text.get_text() for text in ax.texts]
        assert text == (f"{100 * np.isfinite(days).mean():.3g} % ({100 * low:.3g} – {100 * high:.3g}) by 31 Dec 2027")
        assert beyond(ax) == []
