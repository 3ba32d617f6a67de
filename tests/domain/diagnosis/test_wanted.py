"""What more has to be read before fingerprints can tell."""

from __future__ import annotations

from zeroline.domain.diagnosis.wanted import companions_wanted, counts_in_doubt, papers_wanted


def documents(rows) -> list[str]:
    return [row.document for row in rows]


def test_papers_are_wanted_that_can_tell_something_of_the_shortage(shortage):
    """
    here had 9
    here  90/08:00   90/08:05   +1  receipt             PO-1
    A-02  91/08:00   91/08:05   −2  transfer out        TR-1
    A-02  91/08:00   91/08:05   −1  pick                SO-9
    A-02  92/08:00   92/08:05   +1  production receipt  WO-1
    here  95/10:00   95/10:01  −12  pick                SO-1
    here  95/11:00   95/11:01   −1  pick
    receipt PO-2/1 5 due 97/12:00
    receipt PO-3/1 5 due 1/12:00
    order SO-7/1 5
    """
    assert papers_wanted(shortage) == ("PO-1", "PO-2", "SO-1", "SO-7", "TR-1", "WO-1")


def test_what_came_along_is_wanted_of_late_rows_second_bookings_and_receipts_that_take(shortage):
    """
    here had 9
    1/08:00  1/08:05   −1  receipt   PO-0
    1/10:00  1/10:01   −2  pick      SO-0/1
    1/10:00  1/10:31   −2  pick      SO-0/1
    2/08:00  2/15:00   +5  receipt   PO-1
    2/10:00  2/18:00  −12  shipment  SO-1
    2/09:00  2/19:00   +9  receipt   PO-2
    """
    assert documents(companions_wanted(shortage)) == ["PO-2", "SO-0", "SO-1", "PO-0"]


def test_in_doubt_is_the_count_before_a_shortage_that_took_as_much(shortage):
    """
    here had 90
    80/07:00 80/07:00  −30  count correction  INV-1
    95/10:00 95/10:01  −70  pick              SO-1
    """
    assert counts_in_doubt(shortage).document == "INV-1"


def test_of_a_variance_the_count_itself_is_in_doubt(shortage):
    """
    here had 90
    > 1/07:00   1/07:00  −20  count correction  INV-0
    """
    assert counts_in_doubt(shortage).document == "INV-0"


def test_without_a_count_none_is_in_doubt(shortage):
    """
    here had 9
    95/10:00 95/10:01  −70  pick              SO-1
    """
    assert counts_in_doubt(shortage) is None
