"""Look-ups: exact, folded, alike; countries by word; a theatre's own places first."""

from __future__ import annotations

from pathlib import Path

import pytest

from whoholds.errors import ConfigurationError
from whoholds.places.fuzzy import base_forms
from whoholds.places.gazetteer import StackedGazetteer, theatre_layer
from whoholds.theatre import Theatre

COUNTRIES = [
    ("Ukraine", "UA", "literal"),
    ("Ukrainian", "UA", "demonym"),
    ("Ukrainians", "UA", "demonym"),
    ("U.S.", "US", "literal"),
    ("American", "US", "demonym"),
    ("Kyiv", "UA", "government"),
    ("Kremlin", "RU", "government"),
    ("Україна", "UA", "literal"),
]
NO_COUNTRIES = ["Sudzha", "Kursk Oblast", "Black Sea", "brigade", "", "Texas"]
FUZZY = [("Chasov Yar", 312), ("Kupjansk", 313), ("Судже", 306), ("Pokrovske", 310), ("Kuryansk", 313)]
NOT_FUZZY = ["Vladivostok", "Zzyzx", "Qom", "brigade"]


@pytest.mark.parametrize(("word", "country", "role"), COUNTRIES)
def test_words_name_states(small: StackedGazetteer, word: str, country: str, role: str) -> None:
    found = small.country_of(word)
    assert found is not None
    assert (found.country, found.role) == (country, role)


@pytest.mark.parametrize("word", NO_COUNTRIES)
def test_other_words_name_none(small: StackedGazetteer, word: str) -> None:
    assert small.country_of(word) is None


@pytest.mark.parametrize(("name", "number"), FUZZY)
def test_spellings_alike_find_the_place(small: StackedGazetteer, name: str, number: int) -> None:
    assert small.find_fuzzy(name)[0].id == f"geonames:{number}"


@pytest.mark.parametrize("name", NOT_FUZZY)
def test_names_unlike_find_nothing(small: StackedGazetteer, name: str) -> None:
    assert small.find_fuzzy(name, likeness=0.8) == ()


def test_the_largest_namesake_comes_first(small: StackedGazetteer) -> None:
    assert [p.id for p in small.find("Paris")] == ["geonames:303", "geonames:307"]
    assert small.find("Kursk")[0].kind == "admin" or small.find("Kursk")[0].id == "geonames:304"


def make_theatre(folder: Path, table: str) -> Theatre:
    (folder / "places.csv").write_text(table, "utf-8")
    return Theatre.model_validate(
        {
            "id": "border",
            "name": "Border",
            "parties": [{"id": "RU", "name": "Russia"}, {"id": "UA", "name": "Ukraine"}],
            "area": {"bbox": [33.0, 50.0, 38.0, 53.0], "countries": ["RU", "UA"]},
            "gazetteers": ["places.csv"],
            "folder": folder,
        }
    )


TABLE = """name,name_ru,lon,lat,kind,region,radius_km
Sudzha,Суджа,35.271,51.191,town,Kursk Oblast,1.5
Gornal,Горналь,35.235,51.073,village,Kursk Oblast,4
Gornal monastery,,35.222,51.077,monastery,Kursk Oblast,4
Loknya,Локня,35.1,51.3,village,Kursk Oblast,2
Loknya,Локня,34.5,51.0,village,Sumy Oblast,2
"""


def test_a_theatres_places_come_first_and_keep_known_ids(small: StackedGazetteer, tmp_path: Path) -> None:
    layer = theatre_layer(make_theatre(tmp_path, TABLE), small)
    stacked = StackedGazetteer([layer, *small.layers])
    assert [p.id for p in stacked.find("Sudzha")] == ["geonames:306"]
    assert stacked.find("Горналь")[0].id == "border:gornal"
    assert [p.id for p in stacked.find("Loknya")] == ["border:loknya", "border:loknya-sumy-oblast"]
    monastery = stacked.get("border:gornal-monastery")
    assert monastery is not None
    assert monastery.kind == "facility"
    gornal = stacked.get("border:gornal")
    assert gornal is not None
    assert (gornal.country, gornal.admin1, gornal.radius_m) == ("RU", "RU.41", 4000.0)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,lon\nA,1\n", "columns lat"),
        ("name,lon,lat\nA,x,1\n", "line 2"),
        ("name,lon,lat\nA,1,95\n", "on the globe"),
        ("name,lon,lat\n,1,5\n", "needs a name"),
    ],
)
def test_a_wrong_table_is_named_in_one_line(
    small: StackedGazetteer, tmp_path: Path, table: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        theatre_layer(make_theatre(tmp_path, table), small)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("words", "number"),
    [("Судже", 306), ("Суджей", 306), ("Курском", 304), ("Курска", 304), ("Покровске", 310)],
)
def test_cases_of_cyrillic_names_are_found(small: StackedGazetteer, words: str, number: int) -> None:
    assert small.find(words) == ()
    assert small.find_fuzzy(words, limit=1)[0].id == f"geonames:{number}"


@pytest.mark.parametrize("key", ["sudzha", "ле", "سودجا", ""])
def test_other_scripts_and_short_words_have_no_cases(key: str) -> None:
    assert base_forms(key) == []
