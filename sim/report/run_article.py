"""The article about one scenario."""

from sim.report import run_sections as sections
from sim.report.article import Article, made
from sim.report.run_answer import answer, how_to_read
from sim.report.scene import Scene
from sim.report.shared_sections import assumed, reproduce, trust
from sim.report.story import story
from sim.words.labels import one_line


def run_article(scene: Scene, command: str) -> Article:
    """Return the article about a run, given the command that makes it again."""
    told, how = story(scene), made(scene.title, command, scene.seed, scene.replications)
    found = [sections.plan(scene), sections.by_date(scene), sections.outcomes(scene), sections.on_the_way(scene),
             sections.drives(scene), sections.story_section(told), assumed(scene), trust(scene),
             reproduce(how, [scene.name])]
    return Article("run", scene.title, one_line(scene.scenario.question), answer(scene), how_to_read(scene), how,
                   [section for section in found if section], [scene], told)
