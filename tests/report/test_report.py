"""From sources to a report, and where it is written."""

import os

import pytest

import sim
from sim.comparison.errors import ComparisonError
from sim.play.errors import FolderError
from sim.report.file import is_report


def known(report):
    """Return the data of a report, without what a folder of results does not say: in which file values stood."""
    document = report.document()
    for scenario in document["scenarios"]:
        del scenario["toml"]
        for control in scenario["controls"]:
            del control["mark"], control["source"]
    return document


def test_a_folder_of_a_run_gives_the_same_page_as_the_run(small, tmp_path) -> None:
    played = sim.run(small, 60, out=tmp_path / "r", figures=False)
    assert known(sim.report(tmp_path / "r")) == known(sim.report(played))


def test_a_folder_of_a_comparison_gives_the_same_page(small, tmp_path) -> None:
    other = sim.load(small, {"phases.iraq.over_days": 90})
    compared = sim.compare([small, other], replications=60, out=tmp_path / "c", figures=False)
    assert known(sim.report(tmp_path / "c")) == known(sim.report(compared))


def test_runs_with_different_seeds_are_not_put_together(small, tmp_path) -> None:
    for seed in (1, 2):
        sim.run(small, 20, seed, out=tmp_path / str(seed), figures=False)
    with pytest.raises(ComparisonError, match="the runs have different seeds \\(1, 2\\)"):
        sim.report(tmp_path / "1", tmp_path / "2")


def test_results_have_replications_and_seed_already(small) -> None:
    played = sim.run(small, 20, 3)
    for more in ({"replications": 10}, {"seed": 1}):
        with pytest.raises(ValueError, match="results have the replications and the seed with which they were played"):
            sim.report(played, **more)


def test_what_is_explored_is_there_at_once_or_as_it_was_played(small) -> None:
    assert sim.explore(small).article.made.replications == 1000
    made = sim.explore(sim.run(small, 20, 3)).article.made
    assert (made.replications, made.seed) == (20, 3)


def test_a_scenario_beside_a_run_is_played_as_the_run_was(small) -> None:
    played = sim.run(small, 20, 3)
    made = sim.report(sim.load(small, {"phases.iraq.over_days": 90}), played).article.made
    assert (made.replications, made.seed) == (20, 3)


def test_runs_are_compared_with_as_many_replications_as_both_have(small, tmp_path) -> None:
    sim.run(small, 30, out=tmp_path / "a", figures=False)
    sim.run(sim.load(small, {"phases.iraq.over_days": 90}), 20, out=tmp_path / "b", figures=False)
    assert sim.report(tmp_path / "a", tmp_path / "b").article.made.replications == 20


def test_a_folder_without_results_is_refused(tmp_path) -> None:
    with pytest.raises(FolderError, match="holds no results of this program"):
        sim.report(tmp_path)


def test_the_users_own_file_is_never_replaced(of_run, tmp_path) -> None:
    mine = tmp_path / "mine.html"
    mine.write_text("<p>mine", encoding="utf-8")
    with pytest.raises(FolderError, match="exists and is not a report of this program"):
        of_run.write(mine)
    assert mine.read_text(encoding="utf-8") == "<p>mine"


def test_an_earlier_report_is_replaced(of_run, of_two, tmp_path) -> None:
    path = of_two.write(tmp_path / "new" / "folder" / "page.html")
    assert of_run.write(path) == path
    assert path.read_text(encoding="utf-8") == of_run.html()
    assert is_report(path)
    assert [one.name for one in path.parent.iterdir()] == ["page.html"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes of this kind")
def test_a_pipe_is_refused_and_not_read(of_run, tmp_path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FolderError, match="not a report"):
        of_run.write(tmp_path / "pipe")


def test_a_folder_is_no_file(of_run, tmp_path) -> None:
    with pytest.raises(FolderError, match=r"is a folder; name a file with --out, such as .*report\.html"):
        of_run.write(tmp_path)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no full device here")
def test_a_failed_write_leaves_nothing(of_run, tmp_path, monkeypatch) -> None:
    import errno

    def full(self, *arguments, **keywords):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(OSError, match="No space left"):
        of_run.write(tmp_path / "new" / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_in_a_notebook_it_shows_itself_as_a_frame(of_run) -> None:
    import html

    text = of_run._repr_html_()
    assert text.startswith('<iframe srcdoc="')
    inside = text.removeprefix('<iframe srcdoc="').partition('"')[0]
    assert html.unescape(inside) == of_run.html()


def test_the_same_results_give_the_same_page(result) -> None:
    assert sim.report(result).html() == sim.report(result).html()


def test_the_name_is_the_function_though_there_is_a_room(result) -> None:
    import importlib

    importlib.import_module("sim.report.html")
    assert sim.report is sim.__getattribute__("report")
    assert callable(sim.report)


@pytest.mark.exhaustive
def test_figures_bring_the_page_and_it_can_be_left_out(small, tmp_path) -> None:
    for folder, wanted in (("with", True), ("without", False)):
        sim.run(small, 20, out=tmp_path / folder, report=wanted, say=lambda line: None)
        assert (tmp_path / folder / "report.html").exists() == wanted
    said = []
    sim.run(small, 20, out=tmp_path / "without", say=said.append)
    assert said[-1] == "report.html is added; it shows all 20 replications."
    assert is_report(tmp_path / "without" / "report.html")


@pytest.mark.exhaustive
def test_the_users_own_report_in_a_folder_of_results_stays(small, tmp_path) -> None:
    sim.run(small, 20, out=tmp_path / "r", report=False, say=lambda line: None)
    (tmp_path / "r" / "report.html").write_text("mine", encoding="utf-8")
    sim.run(small, 20, out=tmp_path / "r", say=lambda line: None)
    assert (tmp_path / "r" / "report.html").read_text(encoding="utf-8") == "mine"


@pytest.mark.exhaustive
def test_a_page_that_cannot_be_made_does_not_fail_the_run(small, tmp_path, monkeypatch) -> None:
    def fails(*arguments, **keywords):
        raise RuntimeError("no page today")

    monkeypatch.setattr("sim.api.report.html", fails)
    said: list[str] = []
    assert sim.run(small, 20, out=tmp_path / "r", say=said.append).replications == 20
    assert said == ["There is no report.html: no page today. Everything else is as it should be."]
    assert sorted((tmp_path / "r").glob("report*")) == []
