"""S1: an interface sent a wrong sign, or a quantity with its decimal point shifted."""

from __future__ import annotations

from support.answers import asked, causes, told
from zeroline.domain.quantity import SCALE


def test_a_receipt_took_stock_away(found):
    """
    here had 10
    here  1/08:00  1/08:05  +30  receipt  PO-1  from ERP
    here  5/08:00  5/08:05  −50  receipt  PO-2  from ERP
    here  6/10:00  6/10:01   −8  pick     SO-4
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert (leading.explained, leading.left_over) == (100 * SCALE, 0)
    assert told(leading.evidence) == ["wrong-sign PO-2"]
    assert asked(leading.settle).startswith("ask-interface ERP")
    assert leading.lift[0][2] == 50 * SCALE


def test_other_receipts_of_the_hour_have_the_wrong_sign_as_well(found):
    """
    here had 10
    NUT@B-01 had 90
    here      1/08:00  1/08:05  +30  receipt  PO-1  from ERP
    here      5/08:00  5/08:05  −50  receipt  PO-2  from ERP
    NUT@B-01  5/08:02  5/08:06  −12  receipt  PO-3  from ERP
    """
    assert found.leading.cause == "S1"
    assert told(found.leading.evidence) == ["wrong-sign PO-2", "wrong-sign-too PO-3"]


def test_the_point_of_a_receipt_is_shifted_against_its_order(found):
    """
    here  1/08:00  1/08:05   +40  receipt  PO-1/1  from ERP
    here  5/08:00  5/08:05  +0.6  receipt  PO-2/1  from ERP
    here  6/10:00  6/10:01   −55  pick     SO-4
    receipt PO-1/1 40 done 40 closed
    receipt PO-2/1 60 done 0.6 closed
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == 59_400_000
    assert told(leading.evidence) == ["point-shifted PO-2"]
    assert leading.evidence[0].facts["right_quantity"] == 60 * SCALE


def test_every_component_of_an_order_is_ten_times_its_plan(found):
    """
    here had 200
    GLUE@LINE had 90
    here       1/09:00  1/09:01   −30  component issue  WO-1/1  from MES
    here       3/09:00  3/09:01  −300  component issue  WO-2/1  from MES
    GLUE@LINE  3/09:00  3/09:01   −20  component issue  WO-2/2  from MES
    production WO-2/1 30 done 300 closed
    production WO-2/2 2 done 20 closed of GLUE
    """
    assert found.leading.cause == "S1"
    assert told(found.leading.evidence) == ["point-shifted WO-2"]


def test_a_receipt_taken_back_by_a_person_is_a_changed_document(found):
    """
    here had 10
    here  1/08:00  1/08:05  +30  receipt  PO-1
    here  2/10:00  2/10:01  −35  pick     SO-4
    here  5/08:00  5/08:05  −30  receipt  PO-1  by anna
    """
    assert found.leading.cause == "T5"
    assert "S1" not in causes(found)


def test_a_putaway_from_the_dock_takes_by_its_nature(found):
    """
    here is a dock
    here  1/08:00  1/08:05  +30  receipt  PO-1
    here  1/09:00  1/09:05  −30  putaway  PO-1
    A-01  1/09:00  1/09:05  +30  putaway  PO-1
    here  5/07:00  5/07:30  +20  receipt  PO-2
    here  5/07:10  5/07:20  −20  putaway  PO-2
    A-01  5/07:10  5/07:20  +20  putaway  PO-2
    """
    assert "S1" not in causes(found)


def test_a_pick_of_a_hundred_times_what_left_was_typed_by_no_hand(found):
    """
    here had 60
    STAGE is staging
    here   3/10:00  3/10:01   −40  pick      SO-3/1
    here   3/10:10  3/10:11  −300  pick      SO-4/1
    STAGE  3/15:10  3/15:11    −3  shipment  SO-4/1
    """
    assert found.leading.cause == "S1"
    assert told(found.leading.evidence) == ["point-shifted SO-4", "shipped-less SO-4"]


def test_an_issue_a_hundred_times_what_a_piece_usually_takes(found):
    """
    here had 900
    here       1/09:00  1/09:01    −20  component issue     WO-1
    DESK@FG    1/09:00  1/09:01    +10  production receipt  WO-1
    here       3/09:00  3/09:01    −20  component issue     WO-2
    DESK@FG    3/09:00  3/09:01    +10  production receipt  WO-2
    here       5/09:00  5/09:01  −2000  component issue     WO-3
    DESK@FG    5/09:00  5/09:01    +10  production receipt  WO-3
    """
    assert found.leading.cause == "S1"
    assert found.leading.explained == 1980 * SCALE
    assert told(found.leading.evidence) == ["point-shifted WO-3"]


def test_a_putaway_whose_receipt_stands_on_the_dock_took_instead_of_bringing(found):
    """
    DOCK is a dock
    here had 10
    DOCK  1/08:00  1/08:05  +30  receipt  PO-1
    DOCK  1/09:00  1/09:05  −30  putaway  PO-1
    here  1/09:00  1/09:05  +30  putaway  PO-1
    DOCK  5/08:00  5/08:05  +50  receipt  PO-2
    here  5/09:00  5/09:05  −50  putaway  PO-2
    """
    assert found.leading.cause == "S1"
    assert told(found.leading.evidence) == ["wrong-sign PO-2"]


def test_several_transfers_of_the_same_days_never_arrived(found):
    """
    A-01 had 60
    NUT@A-02 had 60
    NUT@A-03 had 60
    ROD@A-04 had 60
    here had 4
    A-01      2/08:00  2/08:02  −12  transfer out  TR-1/1
    NUT@A-02  2/09:00  2/09:02   −5  transfer out  TR-2/1
    NUT@A-03  2/11:00  2/11:02   −6  transfer out  TR-3/1
    ROD@A-04  3/08:00  3/08:02   −7  transfer out  TR-4/1
    ROD@B-04  3/09:00  3/09:02   +2  transfer in   TR-5/1
    here      4/10:00  4/10:01  −14  pick          SO-3
    ledger from 1/00:00 to 30/00:00
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == 12 * SCALE
    assert told(leading.evidence) == ["never-arrived TR-1", "lost-too TR-2", "lost-too TR-3"]


def test_a_transfer_that_left_on_the_last_day_may_still_arrive(found):
    """
    A-01 had 60
    NUT@A-02 had 60
    NUT@A-03 had 60
    here had 4
    A-01      2/08:00  2/08:02  −12  transfer out  TR-1/1
    NUT@A-02  2/09:00  2/09:02   −5  transfer out  TR-2/1
    NUT@A-03  2/11:00  2/11:02   −6  transfer out  TR-3/1
    here      4/10:00  4/10:01  −14  pick          SO-3
    ledger from 1/00:00 to 5/00:00
    """
    assert found.leading.cause == "T3"


def test_picks_of_the_same_day_are_ten_times_what_was_shipped(found):
    """
    STAGE is staging
    here had 50
    NUT@B-01 had 90
    here       5/10:00  5/10:01  −60  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +60  pick      SO-4/1
    NUT@B-01   5/10:30  5/10:31  −40  pick      SO-5/1
    NUT@STAGE  5/10:30  5/10:31  +40  pick      SO-5/1
    NUT@B-01   5/10:40  5/10:41   −3  pick      SO-6/1
    STAGE      5/14:00  5/14:01   −6  shipment  SO-4/1  from ERP
    NUT@STAGE  5/14:00  5/14:01   −4  shipment  SO-5/1  from ERP
    NUT@STAGE  5/14:00  5/14:01   −3  shipment  SO-6/1  from ERP
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == 54 * SCALE
    assert told(leading.evidence)[-1] == "point-shifted-too SO-5"


def test_one_pick_of_ten_times_what_was_shipped_was_keyed_so(found):
    """
    STAGE is staging
    here had 50
    here       5/10:00  5/10:01  −60  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +60  pick      SO-4/1
    STAGE      5/14:00  5/14:01   −6  shipment  SO-4/1  from ERP
    """
    assert found.leading.cause == "K3"
    assert "S1" in causes(found)  # or the first of several


def test_a_line_picked_in_two_goes_of_together_ten_times_what_was_shipped(found):
    """
    STAGE is staging
    here had 50
    here       5/10:00  5/10:01  −43  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +43  pick      SO-4/1
    here       5/10:09  5/10:10  −17  pick      SO-4/1
    STAGE      5/10:09  5/10:10  +17  pick      SO-4/1
    STAGE      5/14:00  5/14:01   −6  shipment  SO-4/1  from ERP
    """
    leading = found.leading
    assert leading.cause == "S1"  # a hand that slips does not slip twice
    assert leading.explained == 54 * SCALE
    assert [kept for _, _, kept in leading.lift] == [-4_300_000, -1_700_000]


def test_one_of_two_picks_of_a_line_is_ten_times_what_left_of_it(found):
    """
    STAGE is staging
    A-01 had 400
    here   1/08:00  1/08:05  +110  receipt   PO-1
    here   3/10:00  3/10:01   −60  pick      SO-4/1
    here   3/10:10  3/10:11   −90  pick      SO-4/1
    A-01   3/10:20  3/10:21    −5  pick      SO-4/1
    STAGE  3/15:00  3/15:01   −65  shipment  SO-4/1
    STAGE  3/15:10  3/15:11    −9  shipment  SO-4/1
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == 81 * SCALE
    assert told(leading.evidence) == ["point-shifted SO-4", "shipped-less SO-4"]
    assert leading.evidence[0].facts["right_quantity"] == 9 * SCALE
    assert leading.lift == ((3, leading.evidence[0].facts["recorded_at"], -9 * SCALE),)


def test_the_stage_got_ten_times_what_left_it_like_others_that_day(found):
    """
    STAGE is staging
    here had 90
    NUT@B-01 had 90
    here       5/10:00  5/10:01  −60  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +60  pick      SO-4/1
    NUT@B-01   5/10:30  5/10:31  −40  pick      SO-5/1
    NUT@STAGE  5/10:30  5/10:31  +40  pick      SO-5/1
    STAGE      5/14:00  5/14:01   −6  shipment  SO-4/1  from ERP
    NUT@STAGE  5/14:00  5/14:01   −4  shipment  SO-5/1  from ERP
    > STAGE    6/07:00  6/07:00  −54  count correction  INV-1
    """
    assert found.leading.cause == "S1"
    assert found.leading.explained == found.missing
    assert told(found.leading.evidence) == ["point-shifted SO-4", "point-shifted-too SO-5"]


def test_the_stage_got_a_hundred_times_what_left_it(found):
    """
    STAGE is staging
    here had 900
    here       5/10:00  5/10:01  −600  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +600  pick      SO-4/1
    STAGE      5/14:00  5/14:01    −6  shipment  SO-4/1  from ERP
    > STAGE    6/07:00  6/07:00  −594  count correction  INV-1
    """
    assert found.leading.cause == "S1"


def test_the_dock_got_again_what_was_put_away_from_it(found):
    """
    DOCK is a dock
    here had 50
    DOCK    5/08:00  5/08:05  +36  receipt  PO-2/1  from ERP
    DOCK    5/09:00  5/09:05  +36  putaway  PO-2/1
    here    5/09:00  5/09:05  −36  putaway  PO-2/1
    > DOCK  6/07:00  6/07:00  −72  count correction  INV-1
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == found.missing
    assert told(leading.evidence) == ["wrong-sign PO-2", "wrong-sign-here PO-2"]


def test_one_stage_that_got_ten_times_what_left_it_was_keyed_so(found):
    """
    STAGE is staging
    here had 90
    here       5/10:00  5/10:01  −60  pick      SO-4/1
    STAGE      5/10:00  5/10:01  +60  pick      SO-4/1
    STAGE      5/14:00  5/14:01   −6  shipment  SO-4/1  from ERP
    > STAGE    6/07:00  6/07:00  −54  count correction  INV-1
    """
    assert found.leading.cause == "K3"


def test_what_was_put_away_here_came_here(found):
    """
    DOCK is a dock
    DOCK    5/08:00  5/08:05  +36  receipt  PO-2/1  from ERP
    DOCK    5/09:00  5/09:05  −36  putaway  PO-2/1
    here    5/09:00  5/09:05  +36  putaway  PO-2/1
    > here  6/07:00  6/07:00   −5  count correction  INV-1
    """
    assert "S1" not in causes(found)


def test_a_hundred_times_what_was_ordered_left_the_cabinet(found):
    """
    here had 4.75
    here  5/10:00  5/10:01  −25  shipment  RX-4/1
    order RX-4/1 0.25 done 25 closed due 5/12:00
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert leading.explained == 24_750_000
    assert told(leading.evidence) == ["point-shifted RX-4", "ordered-less RX-4"]


def test_ten_times_a_part_of_a_piece_lost_its_point(found):
    """
    here had 6
    here  3/10:00  3/10:01  −2.5  pick  SO-1/1
    here  4/10:00  4/10:01    −5  pick  SO-2/1
    order SO-1/1 2.5 done 2.5 closed
    order SO-2/1 0.5 done 5 closed
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert told(leading.evidence) == ["point-shifted SO-2", "ordered-less SO-2"]


def test_a_putaway_took_from_the_shelf_what_had_come_in_at_the_dock(found):
    """
    DOCK is dock
    here had 30
    DOCK  5/08:00  5/08:05  +80  receipt  PO-2
    DOCK  5/09:00  5/09:05  +80  putaway  PO-2
    here  5/09:00  5/09:05  −80  putaway  PO-2
    """
    leading = found.leading
    assert leading.cause == "S1"
    assert told(leading.evidence) == ["wrong-sign PO-2"]
    assert leading.lift[0][2] == 80 * SCALE


def test_a_putaway_of_what_came_in_under_another_lot_is_not_reversed(found):
    """
    here is dock
    here#L1  5/08:00  5/08:05  +80  receipt  PO-2
    here     5/09:00  5/09:05  −80  putaway  PO-2
    A-01     5/09:00  5/09:05  +80  putaway  PO-2
    """
    assert "S1" not in causes(found)
