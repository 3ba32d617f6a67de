"""T6: a source kept its messages back for hours and released them in a burst."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE

LATE_TOO = ["held-back-too PO-8", "held-back-too PO-9"]


def test_many_documents_of_one_source_came_late_in_one_burst(found):
    """
    here       1/08:00  1/08:02   +6  receipt  PO-1  from ERP
    here       2/08:10  2/15:00  +30  receipt  PO-7  from ERP
    here       2/09:12  2/09:13  −11  pick     SO-3
    NUT@B-01   2/08:40  2/15:01  +12  receipt  PO-8  from ERP
    PIN@B-02   2/09:20  2/15:01   +9  receipt  PO-9  from ERP
    CAP@B-03   2/10:05  2/15:02  +40  receipt  PO-10  from ERP
    NUT@B-01   2/11:30  2/15:02  +15  receipt  PO-11  from ERP
    CAP@B-03   2/13:05  2/15:03  +20  receipt  PO-12  from ERP
    """
    leading = found.leading
    assert leading.cause == "T6"
    assert leading.explained == 30 * SCALE
    assert told(leading.evidence) == ["recorded-late PO-7", "crossed SO-3", *LATE_TOO]
    assert asked(leading.settle).startswith("ask-interface ERP")


def test_one_late_receipt_while_its_source_went_on_as_usual_is_a_late_receipt(found):
    """
    here       1/08:00  1/08:02   +6  receipt  PO-1  from ERP
    here       2/08:10  2/15:00  +30  receipt  PO-7  from ERP
    here       2/09:12  2/09:13  −11  pick     SO-3
    NUT@B-01   2/09:40  2/09:43  +12  receipt  PO-8  from ERP
    PIN@B-02   2/10:20  2/10:23   +9  receipt  PO-9  from ERP
    CAP@B-03   2/12:05  2/12:07  +40  receipt  PO-10  from ERP
    NUT@B-01   2/14:58  2/15:01  +15  receipt  PO-11  from ERP
    """
    assert found.leading.cause == "T1"
    assert "T6" not in causes(found)


def test_two_lines_of_one_late_paper_are_one_late_paper(found):
    """
    here       1/08:00  1/08:02   +6  receipt  PO-1  from ERP
    here       2/08:10  2/15:00  +30  receipt  PO-7/1  from ERP
    here       2/09:12  2/09:13  −11  pick     SO-3
    NUT@B-01   2/08:10  2/15:00  +12  receipt  PO-7/2  from ERP
    PIN@B-02   2/08:10  2/15:00   +9  receipt  PO-7/3  from ERP
    """
    assert found.leading.cause == "T1"
    assert "T6" in causes(found)  # nothing else of its source came in between


def test_a_source_that_is_always_hours_late_was_not_held_back(found):
    """
    usually ERP receipt 400 to 600 minutes late
    here       1/08:00  1/08:02   +6  receipt  PO-1  from ERP
    here       2/08:10  2/15:00  +30  receipt  PO-7  from ERP
    here       2/09:12  2/09:13  −11  pick     SO-3
    NUT@B-01   2/08:40  2/15:01  +12  receipt  PO-8  from ERP
    PIN@B-02   2/09:20  2/15:01   +9  receipt  PO-9  from ERP
    """
    assert "T6" not in causes(found)


def test_where_no_source_tells_the_time_a_pick_came_with_many_others_after_it_had_left(found):
    """
    here is staging
    here      –  2/09:40   −3  shipment  SO-3/1  from ERP
    A-01      –  2/14:02   −3  pick      SO-3/1
    here      –  2/14:02   +3  pick      SO-3/1
    NUT@B-01  –  2/14:01   −2  pick      SO-4/1
    PIN@B-02  –  2/14:01   −9  pick      SO-5/1
    CAP@B-03  –  2/14:02   −4  pick      SO-6/1
    NUT@B-01  –  2/14:03   −5  pick      SO-7/1
    CAP@B-03  –  2/14:03   −2  pick      SO-8/1
    """
    leading = found.leading
    assert leading.cause == "T6"
    assert leading.explained == 3 * SCALE
    assert told(leading.evidence) == ["came-after SO-3", "came-in-a-burst SO-3"]
    assert leading.evidence[1].facts["documents"] == 5
    assert asked(leading.settle).startswith("ask-interface WMS")


def test_where_its_source_went_on_as_usual_one_pick_was_posted_after_its_shipment(found):
    """
    here is staging
    here      –  2/13:50   −3  shipment  SO-3/1  from ERP
    A-01      –  2/14:02   −3  pick      SO-3/1
    here      –  2/14:02   +3  pick      SO-3/1
    NUT@B-01  –  2/13:10   −2  pick      SO-4/1
    PIN@B-02  –  2/13:20   −9  pick      SO-5/1
    CAP@B-03  –  2/13:30   −4  pick      SO-6/1
    NUT@B-01  –  2/14:03   −5  pick      SO-7/1
    """
    assert found.leading.cause == "T2"
    assert told(found.leading.evidence) == ["came-after SO-3"]
    assert "T6" not in causes(found)
