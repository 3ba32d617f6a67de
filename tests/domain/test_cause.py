"""The catalogue of causes, its codes and its words."""

import tomllib

import pytest

from zeroline.assets import resource
from zeroline.domain.cause import CATALOGUE, AdjustmentRight, CauseGroup, cause, check_tag
from zeroline.domain.errors import DomainError

CODES_OF_THE_LAW = (
    "T1 T2 T3 T4 T5 T6 R1 R2 R3 R4 R5 K1 K2 K3 K4 K5 M1 M2 M3 M4 U1 U2 U3 U4 U5 P1 P2 P3 P4 N1 N2 "
    "L1 L2 L3 L4 L5 L6 C1 C2 C3 C4 S1 S2 S3 S4 Z0 Z9"
)
X12_OF_THE_LAW = {
    "T": {"04", "54", "AK", "AB"},
    "R": {"AY", "04", "54"},
    "K": {"AR", "03", "53"},
    "M": {"51", "AK", "AC", "AG"},
    "U": {"AN", "AE", "AF"},
    "P": {"BA"},
    "N": {"52"},
    "L": {"AU", "AV", "AX", "06", "AI", "AW", "CD", "AP"},
    "C": {"AA"},
    "S": {"AB"},
    "Z": {"AH"},
}


def words() -> dict[str, dict[str, str]]:
    with resource("text/causes.en.toml").open("rb") as file:
        return tomllib.load(file)


def test_the_catalogue_holds_every_code_of_the_law_in_its_order():
    assert " ".join(CATALOGUE) == CODES_OF_THE_LAW


def test_every_x12_code_belongs_to_the_group_of_its_cause():
    for found in CATALOGUE.values():
        sent = {found.x12_for(1), found.x12_for(-1)}
        assert sent <= X12_OF_THE_LAW[found.group.value], found.code


def test_two_directions_send_two_codes_where_x12_has_two():
    assert (CATALOGUE["R1"].x12_for(-5), CATALOGUE["R1"].x12_for(5)) == ("04", "54")
    assert CATALOGUE["C1"].x12_for(-5) == CATALOGUE["C1"].x12_for(5) == "AA"


def test_no_timing_cause_wants_an_adjustment_at_once():
    timing = [found for found in CATALOGUE.values() if found.group is CauseGroup.TIMING]
    assert all(found.adjustment_right is not AdjustmentRight.YES for found in timing)


def test_every_cause_and_group_has_all_its_words():
    texts = words()
    groups = texts.pop("groups")
    assert set(texts) == set(CATALOGUE)
    assert set(groups) == {group.value for group in CauseGroup}
    for code, text in texts.items():
        assert set(text) == {"title", "looks", "fix", "process", "tell"}, code
        assert all(text.values()), code


def test_no_two_causes_share_a_title():
    titles = [text["title"] for code, text in words().items() if code != "groups"]
    assert len(set(titles)) == len(titles)


def test_an_unknown_code_is_refused():
    with pytest.raises(DomainError) as refused:
        cause("fix negative")
    assert refused.value.code == "cause-unknown"


def test_other_needs_a_comment():
    with pytest.raises(DomainError) as refused:
        check_tag("Z9", "  ")
    assert refused.value.code == "cause-comment-required"
    assert check_tag("Z9", "Forklift fire").code == "Z9"


def test_other_causes_need_no_comment():
    assert check_tag("K2", "").code == "K2"


def test_not_yet_determined_is_not_final():
    assert not CATALOGUE["Z0"].final
    assert CATALOGUE["L5"].final
