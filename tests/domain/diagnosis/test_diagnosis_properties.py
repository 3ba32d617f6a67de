"""What holds of every diagnosis, on shortages that nobody would think of."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from support.shortage import read_shortage
from zeroline.domain.diagnosis import Beliefs, EvidenceKind, Neighbourhood, diagnose
from zeroline.domain.diagnosis.catalogue import FINGERPRINTS
from zeroline.domain.diagnosis.weighing import SHOWN
from zeroline.domain.movement import MovementKind

PLACES = [
    "here", "here", "here", "here#L1", "here#L2", "here:damaged", "A-02", "A-02", "A-02#L1",
    "A-02:quarantine", "B-03", "DOCK", "NUT@here", "NUT@A-02", "NUT@DOCK",
]  # fmt: skip
PAPERS = ["", "P-1", "P-1/1", "P-1/2", "P-2", "P-2/1", "P-3", "P-4"]
SIZES = [1, 2, 3, 5, 6, 10, 12, 24, 30, 36, 60, 100, 120, 0.5]

times = st.builds(
    "{}/{:02d}:{:02d}".format, st.integers(1, 70), st.sampled_from([6, 9, 17]), st.sampled_from([0, 1, 30])
)
sizes = st.sampled_from(SIZES)


@st.composite
def rows(draw, mark="", place=None, kind=None, sign="+−"):
    recorded = draw(times)
    occurred = draw(st.sampled_from([recorded, recorded, "–"]) | times)
    paper = draw(st.sampled_from(PAPERS))
    more = draw(st.sampled_from(["", "", " by anna", " from ERP", " by anna from MES", " as 1 CS", " !"]))
    again = draw(st.sampled_from(["", "", "", " ×2", " ×3 every 7 days"]))
    return (
        f"{mark}{place or draw(st.sampled_from(PLACES))} {occurred} {recorded} "
        f"{draw(st.sampled_from(sign))}{draw(sizes)} {kind or draw(st.sampled_from(list(MovementKind)))}"
        f" {paper}{more}{again}"
    )


@st.composite
def lines(draw):
    kind = draw(st.sampled_from(["receipt", "transfer", "production", "return", "order"]))
    number = draw(st.sampled_from([paper for paper in PAPERS if paper]))
    done = draw(st.sampled_from(["", f" done {draw(sizes)}", f" done {draw(sizes)} closed"]))
    due = draw(st.just("") | times.map(" due {}".format))
    where = draw(st.sampled_from(["", " at here", " at A-02", " of NUT", " at here partner P-1"]))
    return f"{kind} {number} {draw(sizes)}{done}{due}{where}"


@st.composite
def shortages(draw):
    """A text that has a shortage in it: a book below zero, a correction, or a count of Zeroline's own."""
    told = draw(st.lists(rows() | rows() | lines(), min_size=2, max_size=14))
    told += draw(st.sampled_from([[], ["CS = 12"], ["CS = 6", "PAL = 120", "DOCK is dock"], ["here had 12"]]))
    told += draw(st.sampled_from([[], ["here is staging"], ["ledger from 1/00:00 to 90/00:00"]]))
    asked = draw(st.sampled_from(["below", "variance", "count"]))
    if asked == "variance":
        told.append(draw(rows("> ", "here", "count correction")))
    elif asked == "count":
        told.append(f"> count here {draw(times)} expected {draw(sizes)} counted {draw(sizes) + 0.25} by Cora")
        told.append(draw(rows(place="here")))
    else:
        told.append("here 71/09:00 71/09:01 −99999 pick P-2/1 by anna")
    return "\n".join(told)


def known(n: Neighbourhood) -> set[tuple[EvidenceKind, int]]:
    """Everything that evidence may point to."""
    groups = [n.all_rows, n.mirrors, *(stock.rows for stock in n.beside), *n.papers.values()]
    groups += n.companions.values()
    stocks = (n.here, *n.others, *n.beside)
    return (
        {(EvidenceKind.MOVEMENT, row.seq) for group in groups for row in group}
        | {(EvidenceKind.STOCK, stock.key) for stock in stocks}
        | {(EvidenceKind.DOCUMENT, line.id) for line in n.lines}
        | {(EvidenceKind.COUNT, count.id) for count in n.counts}
    )


@given(shortages())
def test_probabilities_sum_to_one_and_not_enough_to_say_is_always_among_them(text):
    found = diagnose(read_shortage(text))
    chances = [h.probability for h in found.hypotheses]
    assert all(0 <= chance <= 1 for chance in chances)
    assert 1 - len(FINGERPRINTS) * SHOWN <= sum(chances) <= 1 + 1e-9
    assert chances == sorted(chances, reverse=True)
    assert [h.cause for h in found.hypotheses].count("Z0") == 1
    assert len({h.cause for h in found.hypotheses}) == len(found.hypotheses)


@given(shortages())
def test_the_same_shortage_is_always_told_the_same_way(text):
    assert diagnose(read_shortage(text)) == diagnose(read_shortage(text), Beliefs())


@given(shortages())
def test_evidence_points_to_what_is_in_the_neighbourhood(text):
    n = read_shortage(text)
    there = known(n)
    found = diagnose(n)
    told = [e for h in found.hypotheses for e in (*h.evidence, *h.against)]
    told += [found.fixed_wrongly] if found.fixed_wrongly else []
    assert [e for e in told if (e.kind, e.target) not in there] == []
    lifted = {seq for h in found.hypotheses for seq, _, _ in h.lift if seq}
    assert lifted <= {target for kind, target in there if kind is EvidenceKind.MOVEMENT}


@given(shortages())
def test_every_fingerprint_names_its_own_cause_and_explains_something(text):
    n = read_shortage(text)
    for code, look in FINGERPRINTS:
        for finding in look(n):
            assert finding.cause == code
            assert finding.explained or not n.missing


@given(shortages())
def test_what_is_left_over_and_what_is_explained_make_the_shortage(text):
    n = read_shortage(text)
    found = diagnose(n)
    assert found.missing == n.missing
    for h in found.hypotheses:
        whole = h.explained + h.left_over == found.missing
        covers = h.left_over == 0 and abs(h.explained) >= abs(found.missing)
        assert whole or covers
