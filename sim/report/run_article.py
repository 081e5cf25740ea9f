"""The article about one scenario: sections in order. `run_answer` has the answer on top."""

from sim.report.article import Article, Section, made
from sim.report.scene import Scene
from sim.report.story import story
from sim.words.labels import one_line


def run_article(scene: Scene, command: str) -> Article:
    """Return the article about a run, given the command that makes it again."""
    sections: list[Section] = []
    return Article(
        "run", scene.title, one_line(scene.scenario.question), [], [],
        made(scene.title, command, scene.seed, scene.replications), sections, [scene], story(scene))
