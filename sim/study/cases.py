"""The cases of a study: every policy in every future, as variants to play."""

from collections.abc import Sequence
from dataclasses import dataclass

from sim.model.catalogue import expand
from sim.model.setup import Model, set_up
from sim.model.variant import fixed
from sim.play.cast import Cast
from sim.study.asked import COVER
from sim.study.errors import StudyError
from sim.study.futures import Futures, futures_of
from sim.study.study import Goal, Study
from sim.words.completion import on_completion


@dataclass(frozen=True)
class Cases:
    """All cases of a study, by number: `sim.play.cast.Variants`.

    Attributes
    ----------
    policies
        Names of the policies.
    models
        Models by policy and variant.
    futures
        The futures.
    """

    policies: tuple[str, ...]
    models: tuple[tuple[Model, ...], ...]
    futures: Futures

    def __len__(self) -> int:
        return len(self.policies) * len(self.futures)

    def number(self, policy: int, future: int) -> int:
        """Return the number of a policy in a future."""
        return policy * len(self.futures) + future

    def case(self, number: int) -> tuple[int, int]:
        """Return the policy and the future of a case, given its number."""
        return divmod(number, len(self.futures))

    def model(self, number: int) -> Model:
        """Return a policy in a future, ready to be played."""
        policy, future = self.case(number)
        return fixed(self.models[policy][self.futures.variant[future]], self.futures.numbers(future))

    def family(self, number: int) -> int:
        """Return a number that cases share if they differ only in fixed numbers."""
        policy, future = self.case(number)
        return policy * max(map(len, self.models)) + int(self.futures.variant[future])

    def called(self, number: int) -> str:
        """Name a policy in a future for a reader."""
        policy, future = self.case(number)
        return f"{self.policies[policy]}, future {future}"


def cast_of(study: Study) -> tuple[Cases, Cast]:
    """Set up the policies and futures of a study, and choose the outcomes to measure."""
    models = tuple(tuple(set_up(file.scenario) for file in policy.variants) for policy in study.policies)
    cases = Cases(tuple(policy.name for policy in study.policies), models, futures_of(study))
    return cases, Cast(cases, study.design.seed, names_of(study.goals, [variants[0] for variants in models]))


def names_of(goals: Sequence[Goal], models: Sequence[Model]) -> tuple[str, ...]:
    """Return the outcomes to measure for goals: each goal itself, or the two parts of a rate.

    Where a goal is read at completion, before it or in the follow-up, what the horizon cuts off is measured too.

    Raises
    ------
    StudyError
        If some models do not have an outcome.
    """
    rates = {rate.name: (rate.numerator, rate.denominator) for rate in expand(models[0]).rates}
    made_of = {goal.name: rates.get(goal.name, (goal.name,)) for goal in goals}
    measured = [set(expand(model).names) for model in models]
    missing = [goal for goal, parts in made_of.items() if not all(names.issuperset(parts) for names in measured)]
    if missing:
        raise StudyError("\n".join(f"outcomes.{goal}: is not measured in every scenario of the study; leave it out"
                                   for goal in missing))
    cover = COVER if any(map(on_completion, made_of)) and all(names.issuperset(COVER) for names in measured) else ()
    return tuple(dict.fromkeys([*(name for parts in made_of.values() for name in parts), *cover]))
