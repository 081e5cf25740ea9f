"""What a back-test shows, in sentences that leave no forecaster out."""

from collections.abc import Iterator

from sim.evidence.backtest import CONSTANT, DATED, LABELS, MODEL, PLAIN, Backtest, Score
from sim.evidence.held_out import RECENT, Paired
from sim.evidence.models import SCATTERED
from sim.words.phrases import counted, listed, whole_percent


def sentences(result: Backtest) -> list[str]:
    """Return what a back-test shows, a line each."""
    return [_made(result), _order(result), *_against_rivals(result), *_regimes(result)]


def _made(result: Backtest) -> str:
    dates = counted(len(result.forecasts), "date")
    made = f"{result.made}, made on {dates}."
    if result.distinct == sum(len(forecast.counts) for forecast in result.forecasts):
        return made
    return f"{made} The same interval is forecast more than once, so only the distinct ones count as evidence."


def _order(result: Backtest) -> str:
    told = [f"{LABELS[name]} {_scores(result.scores[name])}" for name in result.by_crps]
    return f"CRPS and share inside the middle 90 %, best first: {', '.join(told)}."


def _against_rivals(result: Backtest) -> Iterator[str]:
    """Say how each simple rival does against the recommended model."""
    ours = result.scores[MODEL]
    gains = {name: result.scores[name].ahead_of(ours) for name in (CONSTANT, RECENT, SCATTERED)}
    told = [f"{LABELS[name].lower()} {_gain(ours, result.scores[name], gain)}" for name, gain in gains.items()]
    yield (f"Simple rivals against the recommended model, CRPS in a distinct interval with its standard error: "
           f"{', '.join(told)}.")
    models = dict.fromkeys(forecast.models[MODEL] for forecast in result.forecasts)
    yield f"The recommended model was, in order of the dates: {listed(models)}."


def _regimes(result: Backtest) -> Iterator[str]:
    """Say whether hand-dated regimes help to forecast."""
    if DATED not in result.scores:
        yield "Dated regimes are not tested; --regimes FILE forecasts with and without them."
        return
    dated, plain = result.scores[DATED], result.scores[PLAIN]
    chosen = sum(forecast.models[DATED] != forecast.models[PLAIN] for forecast in result.forecasts)
    wins = f"Hand-dated regimes win by AIC on {chosen} of {counted(len(result.forecasts), 'date')}"
    if chosen == 0:
        yield f"{wins}, so they change no forecast."
        return
    gain = plain.ahead_of(dated)
    word = "lose" if gain.difference > 0 else "win"
    yield (f"{wins} and {word} out of sample: CRPS with them {_scores(dated)}, without them {_scores(plain)}; in a "
           f"distinct interval, {abs(gain.mean):.2f} ± {gain.mean_error:.2f} {'more' if word == 'lose' else 'less'} "
           f"with them, {_noise(gain, dated.ahead_of(plain))}.")


def _scores(score: Score) -> str:
    return f"{score.crps:.2f} ({whole_percent(score.inside_90)})"


def _gain(ours: Score, theirs: Score, gain: Paired) -> str:
    """Say by how much a forecaster is better or worse than another."""
    word = "better" if gain.difference > 0 else "worse"
    return f"{word} by {abs(gain.mean):.2f} ± {gain.mean_error:.2f} ({_noise(gain, ours.ahead_of(theirs))})"


def _noise(gain: Paired, loss: Paired) -> str:
    return "beyond noise" if gain.beyond_noise or loss.beyond_noise else "within noise"
