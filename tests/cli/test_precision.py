import json
import re

import pytest

QUICK = ("--no-figures", "--quiet", "--clock", "compiled")


@pytest.mark.exhaustive
def test_replications_are_added_until_the_precision_holds(shell):
    done = shell("run", "short.toml", *QUICK, "--precision", "attacks_total=0.4", "--precision", "completed=0.02")
    assert done.returncode == 0
    (folder,) = (path.parent for path in shell.folder.rglob("summary.json"))
    summary = json.loads((folder / "summary.json").read_text())
    account = summary["precision"]
    assert account["looks"][:3] == [1000, 1300, 1700]
    assert account["looks"][-1] == account["replications"] == summary["replications"]
    assert account["held"] is True
    low, high = summary["outcomes"]["attacks_total"]["ci95"]
    assert account["targets"]["attacks_total"]["half_width"] == (high - low) / 2 <= 0.4
    met = account["looks"].index(account["targets"]["attacks_total"]["met_since"])
    assert len(account["looks"]) - met >= 3
    lines = done.stdout.splitlines()
    n = f"{summary['replications']:,}"
    first = lines.index(
        f"Precision reached, and confirmed by two further checks, at {n} replications (at most 100,000):")
    assert re.fullmatch(r"  attacks_total: ± 0\.\d+, asked for ± 0\.4", lines[first + 1])
    same = shell("run", "short.toml", *QUICK, "--replications", summary["replications"], "--out", "same", "--json")
    assert json.loads(same.stdout)["outcomes"] == summary["outcomes"]


@pytest.mark.exhaustive
def test_a_precision_out_of_reach_ends_at_the_most_and_is_said(shell):
    done = shell("run", "short.toml", *QUICK, "--precision", "attacks_total=0.001", "--max-replications", 1500,
                 "--json")
    account = json.loads(done.stdout)["precision"]
    assert (account["looks"], account["met"], account["held"]) == ([1000, 1300, 1500], False, False)
    table = shell("run", "short.toml", *QUICK, "--precision", "attacks_total=0.001", "--max-replications", 1500).stdout
    assert "Precision not reached reliably at 1,500 replications (at most 1,500):\n" in table
    assert re.search(r"^  attacks_total: ± \S+, asked for ± 0.001, not met$", table, re.MULTILINE)


@pytest.mark.exhaustive
def test_the_scenario_may_say_it_and_a_number_of_replications_goes_before(shell):
    (shell.folder / "exact.toml").write_text('extends = "short.toml"\n[precision]\nattacks_total = "5%"\n')
    done = shell("run", "exact.toml", *QUICK, "--json")
    target = json.loads(done.stdout)["precision"]["targets"]["attacks_total"]
    assert target["asked"] == "5%"
    table = shell("run", "exact.toml", *QUICK).stdout
    reached = re.search(r"^  attacks_total: ± (\S+)%, asked for ± 5%$", table, re.MULTILINE)
    assert float(reached[1]) == pytest.approx(100 * target["half_width"] / target["estimate"], rel=0.005)
    plain = shell("run", "exact.toml", *QUICK, "--replications", 50, "--json")
    assert json.loads(plain.stdout)["replications"] == 50
    assert "precision" not in json.loads(plain.stdout)
    assert len({path.name for path in (shell.folder / "results" / "exact").iterdir()}) == 1  # one identity


def test_all_faults_of_a_precision_are_reported_before_anything_is_run(shell):
    (shell.folder / "exact.toml").write_text('extends = "short.toml"\n[precision]\nattack_total = 2\n')
    done = shell("run", "short.toml", "exact.toml", *QUICK, "--precision", "completed=1%", "--precision", "killed")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("--precision completed: ")
    assert lines[1].startswith("--precision killed: must be written NAME=HALF-WIDTH")
    assert lines[2].startswith("exact.toml:3: precision.attack_total: ")
    assert "attacks_total" in lines[2]
    assert shell.files() == ["exact.toml", "short.toml"]


def test_a_share_of_what_may_be_zero_is_an_error(shell):
    done = shell("run", "short.toml", *QUICK, "--set", "theatres.iraq.attacks_per_day=0.000001", "--precision",
                 "attacks_total=1%")
    assert done.returncode == 2
    assert done.stderr.startswith(
        "attacks_total: 1% of the mean cannot be reached, since the mean may be zero: at 1,000")
    assert len(done.stderr.splitlines()) == 1
    assert shell.files() == ["short.toml"]


def test_options_that_contradict_each_other_are_refused(shell):
    done = shell("run", "short.toml", "--precision", "killed=1", "--replications", 5)
    assert done.returncode == 2
    assert "give --precision or --replications, not both; --max-replications limits a precision" in done.stderr
    done = shell("run", "short.toml", "--cluster", "tcp://127.0.0.1:1", "--workers", 5)
    assert "--workers has no effect on a cluster that is running; leave it out" in done.stderr
