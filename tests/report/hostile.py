"""A scenario that tries to break out of every place where its texts stand."""

from typing import Any

ATTACK = ("</script><script>window.hacked=1</script><!--<script> \"'><img src=x onerror=window.hacked=2> "
          "javascript:alert(1)")
TURNED = "\u202etxet\u202c \u2028\u2029 {{ 7 * 7 }} {% raw %} \\u003c & &lt;"
LONG = "x<b>" * 2560  # ten kB


def hostile() -> dict[str, Any]:
    """Return a small scenario whose every text is hostile."""
    return {
        "title": ATTACK, "question": f"{ATTACK} {TURNED}", "start": "2024-02-12", "end": "2024-08-29",
        "names": {"adversary": "<script>hacked=3</script>", "threat": "\"'><b>", "force": "</title>", "host": "<!--"},
        "theatres": {"iraq": {"label": f"{ATTACK}{TURNED}", "troops": 500, "attacks_per_day": 0.2, "sites": {
            "hub": {"label": LONG, "hub": True}}}},
        "talks": {"first_round": "2024-02-12"},
        "working_groups": {"all": {"label": ATTACK, "work_days": 40}},
        "phases": {"iraq": {"label": f"{ATTACK}{LONG}", "theatre": "iraq", "after": "agreement", "target": 0,
                            "over_days": 60}},
        "history": {"milestones": {"first": {"date": "2024-01-02", "text": ATTACK}}},
        "sources": {"phases.iraq.over_days": f"literature: {ATTACK}{TURNED}"},
    }
