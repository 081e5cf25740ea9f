"""The commands about scenario files: `check`, `resolve`, `schema`, `new` and `outcomes`."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.errors import BAD_INPUT
from sim.cli.notices import doubts_of, say_changes, warn
from sim.cli.options import File, Files, Json, Set, shipped
from sim.cli.terminal import print_table
from sim.scenario.errors import ScenarioError
from sim.scenario.program import program
from sim.scenario.shipped import SCENARIOS


def check(
    files: Files,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
    as_json: Json = False,
) -> None:
    """Report everything that is wrong with scenario files, and warn of what can be doubted.

    Warnings are about settings without an effect, plans that lift and closing cannot keep, defaults measured in another
    war, and sources later than what the scenario may know.
    """
    from sim.scenario.load import load
    from sim.words.phrases import counted

    errors: dict[str, tuple[Any, ...]] = {}
    warnings: dict[str, tuple[Any, ...]] = {}
    for path in files:
        try:
            file = load(path)
            warnings[str(path)] = doubts_of(file)
            if file.scenario.precision or file.scenario.practical:
                from sim.api.run import check_precision

                check_precision([file], ())
            errors[str(path)] = ()
        except ScenarioError as error:
            errors[str(path)] = error.problems
    if as_json:
        report = {heading: {name: [asdict(problem) for problem in problems] for name, problems in by_file.items()}
                  for heading, by_file in (("files", errors), ("warnings", warnings))}
        typer.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        for of_file in warnings.values():
            warn(of_file)
        for name, problems in errors.items():
            for problem in problems:
                typer.echo(str(problem), err=True)
            if not problems:
                doubts = warnings[name] if strict else ()
                typer.echo(f"{name}: " + (f"with --strict, {counted(len(doubts), 'warning')} too many" if doubts
                                          else "no errors"))
    if any(errors.values()) or (strict and any(warnings.values())):
        raise typer.Exit(BAD_INPUT)


def resolve(file: File, set_: Set = None) -> None:
    """Print the complete scenario: every value, where it comes from and how sure it is."""
    from sim.scenario.load import load_all
    from sim.scenario.resolve import resolve_text

    (scenario,) = load_all([file], set_)
    say_changes(scenario)
    typer.echo(resolve_text(scenario), nl=False)


def schema() -> None:
    """Print the JSON Schema of scenario files, for editors."""
    from sim.scenario.jsonschema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def new(
    name: Annotated[str | None, typer.Argument(
        metavar="NAME", help="Name of the new file; the name of the copied one when left out.")] = None,
    from_: Annotated[str | None, typer.Option(
        "--from", metavar="NAME", help="Copy a scenario or a study that comes with the program, such as "
        "gradual.")] = None,
) -> None:
    """Write a commented scenario file to start from."""
    if name is None and from_ is None:
        raise typer.BadParameter("give the name of the new file, e.g. my_plan, or --from with what to copy")
    from sim.scenario.read import KNOWN_BY
    from sim.scenario.starter import write_copy, write_starter

    if from_ is None:
        path, play, base = write_starter(name or ""), "run", ""
    else:
        path, kind, base = write_copy(from_, name or from_)
        play = KNOWN_BY[kind.what][0]
    typer.echo(f"Wrote {path}. Change it, then: {program()} {play} {path}")
    if base:
        typer.echo(f"It extends {base}.")


def outcomes(
    file: Annotated[Path | None, typer.Argument(
        metavar="[FILE]", callback=shipped(SCENARIOS), help="List the outcomes of this scenario.")] = None,
    as_json: Json = False,
) -> None:
    """List every outcome: its name, unit, definition, and whether low or high is better."""
    from sim.rules.outcomes import BY_NAME
    from sim.scenario.called import called_first
    from sim.words.labels import names_of, outcome_label
    from sim.words.layout import table

    entries: list[tuple[str, Any]] = list(BY_NAME.items())
    scenario = None
    if file is not None:
        from sim.model.catalogue import expand
        from sim.model.setup import set_up
        from sim.scenario.load import load

        scenario = load(file).scenario
        catalogue = expand(set_up(scenario))
        entries = [(item.name, item.outcome) for item in catalogue.outcomes]
        entries += [(rate.name, rate.ratio) for rate in catalogue.rates]
    names = names_of(scenario)
    if as_json:
        typer.echo(json.dumps({"outcomes": {name: {
            "label": outcome_label(name, scenario), "definition": called_first(entry.definition, names),
            "unit": entry.unit, "better": entry.better} for name, entry in entries}}, indent=2, ensure_ascii=False))
    else:
        print_table(table(("Name", "Outcome", "Unit", "Better", "Definition"), [
            (name, outcome_label(name, scenario), entry.unit, entry.better, called_first(entry.definition, names))
            for name, entry in entries]))
