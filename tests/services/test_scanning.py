"""What a GS1 code says."""

from __future__ import annotations

import pytest

from zeroline.domain.quantity import SCALE
from zeroline.services.scanning import gs1


def test_a_plain_gtin_is_looked_up_in_every_way_it_may_be_written():
    assert gs1("5901234123457").barcodes == ("05901234123457", "5901234123457")
    assert gs1("96385074").barcodes == ("00000096385074", "0000096385074", "000096385074", "96385074")


def test_a_weight_brings_its_unit():
    found = gs1("0105901234123457310300125010LX")
    assert (found.quantity, found.unit, found.lot) == (1_250_000, "KG", "LX")


def test_the_contents_of_a_case_are_its_article():
    found = gs1("02059012341234573712")
    assert (found.gtin, found.quantity) == ("05901234123457", 12 * SCALE)


def test_best_before_stands_in_for_expiry():
    assert gs1("010590123412345715260131").expires == "2026-01-31"


@pytest.mark.parametrize("text", ["ABC-1", "(99)", "10LOT-7", "", "12345678"])
def test_what_names_no_article_is_not_understood(text):
    assert gs1(text) is None
