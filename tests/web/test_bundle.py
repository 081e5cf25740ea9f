"""What is bundled carries the licences of the libraries in it, and nothing that would end the element it stands in."""

import pytest

from tools import page

ISC = "ISC License\n\n{owner}\n\nPermission is given.\n"


def test_licences_name_every_owner_and_say_the_same_terms_once(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "WEB", tmp_path)
    for package, owner in {"one": "Copyright 2001 A", "@more/two": "Copyright 2002 B\nCopyright C"}.items():
        folder = tmp_path / "node_modules" / package
        folder.mkdir(parents=True)
        (folder / "LICENSE").write_text(ISC.format(owner=owner))
    text = page.licences(["@more/two", "one"])
    assert text == ("/*!\n@more/two: Copyright 2002 B; Copyright C\none: Copyright 2001 A\n\n"
                    "ISC License\n\n\nPermission is given.\n*/\n")


@pytest.mark.parametrize("name", page.ENTRIES)
def test_a_part_of_the_page_does_not_end_its_element(name: str) -> None:
    text = (page.FOLDER / name).read_text(encoding="utf-8").lower()
    assert "</script" not in text
    assert "</style" not in text
    assert "<!--" not in text
    assert "sourcemappingurl" not in text
