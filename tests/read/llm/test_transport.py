"""The wire: what is sent, what is tried again, how long is waited, what is given up, what it costs."""

from __future__ import annotations

import json
import logging

import pytest
from tests.read.llm.conftest import World
from tests.read.llm.server import Reply, chat, claim, claims, endpoint

from whoholds.errors import ConfigurationError
from whoholds.model import Reading, Rejection

TEXT = "Rebels took Arbin. The army left Borsk on Monday."
GOOD = claims(claim("Rebels took Arbin"))
PASSING = {
    "too many": Reply(status=429),
    "broken": Reply("<html>oh no</html>", status=500),
    "overloaded": Reply({"error": {"message": "busy"}}, status=503),
    "dropped": Reply(drop=True),
}


def test_a_request_has_the_model_the_schema_and_the_text(world: World) -> None:
    with endpoint([GOOD]) as server:
        world.reading(world.reader(server, key="s3cret"), TEXT)
    (body,) = server.asked
    assert body["model"] == "tiny"
    assert body["temperature"] == 0
    assert body["max_tokens"] == 4096
    schema = body["response_format"]["json_schema"]["schema"]
    assert schema["properties"]["claims"]["items"]["properties"]["actor_party"]["enum"] == [
        "NOR",
        "FLS",
        None,
    ]
    assert TEXT in body["messages"][-1]["content"]
    assert "2031-05-14" in body["messages"][-1]["content"]
    assert server.keys == ["Bearer s3cret"]


def test_the_rules_say_how_certain_english_words_are(world: World) -> None:
    with endpoint([GOOD]) as server:
        reader = world.reader(server)
        english, russian = world.reading(reader, TEXT), world.reading(reader, TEXT, lang="ru")
    assert {("took", 3), ("left", 3)} <= {(f.span.exact, f.value) for f in english.factuality}
    assert russian.factuality == ()


def test_without_a_key_none_is_sent(world: World) -> None:
    with endpoint([GOOD]) as server:
        world.reading(world.reader(server), TEXT)
    assert server.keys == [None]


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_tried_again(world: World, name: str) -> None:
    with endpoint([PASSING[name], PASSING[name], GOOD]) as server:
        found = world.reading(world.reader(server), TEXT)
    assert len(found.claims) == 1
    assert len(server.asked) == 3
    assert world.waited == [1.0, 2.0]


def test_waiting_grows_to_a_ceiling(world: World) -> None:
    with endpoint([Reply(status=500)]) as server:
        found = world.rejection(world.reader(server, retries=8), TEXT)
    assert found.code == "llm_unreachable"
    assert len(server.asked) == 9
    assert world.waited == [1, 2, 4, 8, 16, 32, 60, 60]


@pytest.mark.parametrize(
    ("value", "waited"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("-5", 0.0),
        ("Wed, 14 May 2031 12:00:20 GMT", 20.0),
        ("Wed, 14 May 2031 11:00:00 GMT", 0.0),
        ("soon", 1.0),
        ("nan", 1.0),
        ("", 1.0),
    ],
)
def test_retry_after_is_honoured(world: World, value: str, waited: float) -> None:
    with endpoint([Reply(status=429, headers={"Retry-After": value}), GOOD]) as server:
        world.reading(world.reader(server), TEXT)
    assert world.waited == [waited]


@pytest.mark.parametrize("value", ["3600", "inf"])
def test_a_server_that_asks_for_too_much_patience_is_given_up(world: World, value: str) -> None:
    with endpoint([Reply(status=429, headers={"Retry-After": value}), GOOD]) as server:
        found = world.rejection(world.reader(server), TEXT)
    assert found.code == "llm_unreachable"
    assert world.waited == []


def test_a_slow_server_is_a_time_out_and_the_run_goes_on(world: World) -> None:
    def script(body: dict[str, object], number: int) -> Reply:
        return Reply(chat("{}"), delay_s=0.6) if number == 0 else GOOD

    with endpoint(script) as server:
        reader = world.reader(server, timeout_s=0.2, retries=0)
        first, second = world.read(reader, TEXT, TEXT)
    assert isinstance(first, Rejection)
    assert first.code == "llm_unreachable"
    assert "0.2 s" in first.message
    assert isinstance(second, Reading)


def test_nobody_at_the_address(world: World) -> None:
    found = world.rejection(world.reader("http://127.0.0.1:9/v1", retries=1), TEXT)
    assert found.code == "llm_unreachable"
    assert world.waited == [1.0]


def test_a_silent_endpoint_is_soon_asked_once_only(world: World) -> None:
    with endpoint([Reply(status=500)]) as server:
        found = world.read(world.reader(server, retries=2), *[TEXT] * 6)
    assert [f.code for f in found if isinstance(f, Rejection)] == ["llm_unreachable"] * 6
    assert len(server.asked) == 3 * 3 + 3


@pytest.mark.parametrize(
    ("complaints", "kinds"),
    [
        (["json_schema is not supported"], ["json_schema", "json_object"]),
        (["no", "no"], ["json_schema", "json_object", None]),
        (["Use 'max_completion_tokens' instead."], ["json_schema", "json_schema"]),
        (["temperature must be 1", "no"], ["json_schema", "json_schema", "json_object"]),
    ],
)
def test_what_a_server_does_not_understand_is_left_out(
    world: World, complaints: list[str], kinds: list[str | None]
) -> None:
    replies = [Reply({"error": {"message": words}}, status=400) for words in complaints]
    with endpoint([*replies, GOOD]) as server:
        found = world.read(world.reader(server), TEXT, TEXT)
    assert all(isinstance(f, Reading) for f in found)
    asked = [body.get("response_format", {}).get("type") for body in server.asked]
    # The second report profits from what the first one learned.
    assert asked == [*kinds, kinds[-1]]
    last = server.asked[-1]
    assert ("max_completion_tokens" in last) is any("max_completion" in w for w in complaints)
    assert ("temperature" in last) is not any("temperature" in w for w in complaints)
    # Where the server does not hold the model to the schema, the prompt tells it.
    assert ('"additionalProperties":false' in last["messages"][0]["content"]) is (kinds[-1] != "json_schema")


def test_a_server_that_understands_nothing_is_a_rejection(world: World) -> None:
    with endpoint([Reply({"error": "context too long"}, status=400)]) as server:
        found = world.rejection(world.reader(server), TEXT)
    assert found.code == "llm_bad_answer"
    assert "context too long" in found.message
    assert len(server.asked) == 3


@pytest.mark.parametrize(("status", "names"), [(401, "WHOHOLDS_LLM_KEY"), (404, "WHOHOLDS_LLM_MODEL")])
def test_a_wrong_configuration_stops_the_run(world: World, status: int, names: str) -> None:
    with endpoint([Reply({"error": {"message": "nope"}}, status=status)]) as server:
        reader = world.reader(server, key="s3cret")
        with pytest.raises(ConfigurationError, match=names) as caught:
            world.read(reader, TEXT, TEXT)
    assert len(server.asked) == 1
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("status", [301, 307, 403, 413])
def test_other_statuses_are_rejections_without_another_try(world: World, status: int) -> None:
    with endpoint([Reply(status=status, headers={"Location": "http://127.0.0.1:9/elsewhere"})]) as server:
        found = world.rejection(world.reader(server), TEXT)
    assert found.code == "llm_bad_answer"
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not json",
        "[" * 100_000,
        {},
        {"choices": []},
        {"choices": [{}]},
        {"choices": [{"message": None}]},
        {"choices": [{"message": {"content": None}}]},
        {"choices": [{"message": {"content": None, "refusal": "I will not"}}]},
        {"choices": [{"message": {"content": "   "}}]},
        {"error": {"message": "inside a 200"}},
        "x" * 8_000_001,
    ],
    ids=range(12),
)
def test_answers_outside_the_protocol_are_rejections(world: World, body: dict[str, object] | str) -> None:
    with endpoint([Reply(body)]) as server:
        found = world.rejection(world.reader(server), TEXT)
    assert found.code == "llm_bad_answer"
    assert len(found.message) < 400


def test_content_in_parts_is_joined(world: World) -> None:
    words = json.dumps({"claims": [claim("Rebels took Arbin")]})
    parts = [{"type": "text", "text": words[:20]}, {"type": "text", "text": words[20:]}]
    with endpoint([Reply({"choices": [{"message": {"content": parts}}]})]) as server:
        assert len(world.reading(world.reader(server), TEXT).claims) == 1


# --- cost -------------------------------------------------------------------------------------------------


def test_tokens_are_counted_by_usage(world: World) -> None:
    with endpoint([GOOD]) as server:
        reader = world.reader(server)
        world.read(reader, TEXT, TEXT)
    assert world.transports[0].budget.spent == 200
    assert world.transports[0].budget.reports == 2


@pytest.mark.parametrize(
    "usage", [None, {}, {"total_tokens": "many"}, {"total_tokens": 0}, "?", {"prompt_tokens": None}]
)
def test_a_server_that_counts_nothing_still_costs(world: World, usage: object) -> None:
    answer = chat(json.dumps({"claims": []}), tokens=None)
    if usage is not None:
        answer["usage"] = usage
    with endpoint([Reply(answer)]) as server:
        world.reading(world.reader(server), TEXT)
    prompt = sum(len(m["content"]) for m in server.asked[0]["messages"])
    assert prompt / 4 < world.transports[0].budget.spent < prompt


def test_the_cap_on_tokens_is_not_passed(world: World) -> None:
    dear = claims(claim("Rebels took Arbin"), tokens=3_000)
    with endpoint([dear]) as server:
        reader = world.reader(server, max_tokens=12_000, answer_tokens=500)
        found = world.read(reader, *[TEXT] * 5)
    codes = [f.code if isinstance(f, Rejection) else "read" for f in found]
    assert codes[0] == "read"
    assert codes[-1] == "llm_budget_spent"
    assert len(server.asked) == codes.count("read")
    assert world.transports[0].budget.spent <= 12_000


def test_the_cap_on_reports(world: World) -> None:
    with endpoint([GOOD]) as server:
        found = world.read(world.reader(server, max_reports=2), *[TEXT] * 4)
    assert [type(f) for f in found] == [Reading, Reading, Rejection, Rejection]
    assert isinstance(found[2], Rejection)
    assert found[2].code == "llm_budget_spent"
    assert "WHOHOLDS_LLM_MAX_REPORTS" in found[2].message
    assert len(server.asked) == 2


def test_failures_of_the_server_cost_nothing_but_time_outs_may(world: World) -> None:
    with endpoint([Reply(status=500)]) as server:
        world.rejection(world.reader(server, retries=1), TEXT)
    assert world.transports[0].budget.spent == 0
    with endpoint([Reply(delay_s=0.3)]) as server:
        world.rejection(world.reader(server, retries=0, timeout_s=0.1), TEXT)
    assert world.transports[1].budget.spent > 500


@pytest.mark.parametrize(
    ("reply", "least", "most"),
    [
        (Reply(chat("", tokens=700)), 700, 700),
        (Reply(chat("no JSON at all", tokens=700)), 700, 700),
        (Reply("<html>a page that a proxy made up</html>"), 500, 4_000),
        (Reply(drop=True), 4_096, 8_000),
        (Reply(delay_s=0.3), 4_096, 8_000),
        (Reply({"error": {"message": "no"}}, status=403), 0, 0),
        (Reply({"error": {"message": "busy"}}, status=503), 0, 0),
    ],
    ids=["no words", "no JSON", "no protocol", "dropped", "late", "refused", "busy"],
)
def test_what_is_of_no_use_counts_as_what_it_may_have_cost(
    world: World, reply: Reply, least: int, most: int
) -> None:
    with endpoint([reply]) as server:
        world.rejection(world.reader(server, retries=0, timeout_s=0.2 if reply.delay_s else 20), TEXT)
    assert least <= world.transports[0].budget.spent <= most


def test_nobody_there_costs_nothing(world: World) -> None:
    world.rejection(world.reader("http://127.0.0.1:9/v1", retries=0), TEXT)
    assert world.transports[0].budget.spent == 0


def test_useless_answers_do_not_pass_the_cap(world: World) -> None:
    with endpoint([Reply(chat("", tokens=3_000))]) as server:
        found = world.read(world.reader(server, max_tokens=10_000, answer_tokens=500), *[TEXT] * 6)
    assert [f.code for f in found if isinstance(f, Rejection)][-1] == "llm_budget_spent"
    assert len(server.asked) < 6
    assert world.transports[0].budget.spent <= 10_000


def test_readers_of_a_process_share_what_is_spent(monkeypatch: pytest.MonkeyPatch, world: World) -> None:
    from whoholds.pipeline import load_reader

    with endpoint([GOOD]) as server:
        monkeypatch.setenv("WHOHOLDS_LLM_URL", server.url)
        monkeypatch.setenv("WHOHOLDS_LLM_MODEL", "tiny")
        monkeypatch.setenv("WHOHOLDS_LLM_MAX_REPORTS", "1")
        first, second = load_reader("llm"), load_reader("llm")
        assert first is not second
        assert first.name == "llm/1:tiny"
        found = [*world.read(first, TEXT), *world.read(second, TEXT)]  # type: ignore[arg-type]
        first._transport.close()  # type: ignore[attr-defined]
    assert [type(f) for f in found] == [Reading, Rejection]


def test_no_text_and_no_key_in_the_log(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "whoholds")
    with endpoint([claims(claim("Rebels took Arbin"), claim("never said"))]) as server:
        reader = world.reader(server, key="s3cret")
        world.reading(reader, TEXT)
    assert "s3cret" not in caplog.text + repr(reader.settings)
    assert "Arbin" not in caplog.text
